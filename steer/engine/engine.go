package engine

import (
	"context"
)

// Shape gives the sizes of a model. The letters are the same in every comment of this module.
type Shape struct {
	Layers    int `json:"layers"`    // L
	Width     int `json:"width"`     // D, the residual stream
	Neurons   int `json:"neurons"`   // F, MLP neurons of a layer
	Heads     int `json:"heads"`     // H, query heads
	KVHeads   int `json:"kvHeads"`   // key and value heads
	HeadDim   int `json:"headDim"`   // width of a head
	Vocab     int `json:"vocab"`     // V
	Positions int `json:"positions"` // longest context, in tokens
}

// An Engine computes with ids and numbers on one loaded model. It knows no text and no circuits. It is safe for
// concurrent use. Every method ends soon after ctx is done, at the next graph call (a group of layers or one token), with
// ctx.Err(). progress may be nil.
//
// Every implementation passes steertest.TestEngine.
type Engine interface {
	// Shape returns the sizes of the model.
	Shape() Shape
	// Name says what does the work, e.g. "native (avx512)".
	Name() string
	// Forward runs a batch of prompts.
	Forward(ctx context.Context, in Forward, progress func(done, total int)) (ForwardResult, error)
	// Attribute runs a batch of prompts forward and one linearized pass backward.
	Attribute(ctx context.Context, in Attribution, progress func(done, total int)) (AttributionResult, error)
	// Edges runs a prompt forward once, and one linearized pass backward for all targets together.
	Edges(ctx context.Context, in Edges, progress func(done, total int)) (EdgesResult, error)
	// Variants runs every edit on every prompt and gives the logits at the last position to each, which may keep them: [V], or where
	// there are tokens, any of which may come more than once, of these alone, [len(tokens)], and others are not computed.
	// It is called from one goroutine, once for each pair, in no particular order; its error ends the call and is
	// returned. What an edit leaves as it is, the layers below it and the positions before it, is run once for each prompt, and passes are batched,
	// so that memory does not grow with the number of edits. A nil edit is the model as it is; an edit's B is 1, or the
	// number of prompts. each must neither call nor close the engine.
	Variants(ctx context.Context, ids [][]int32, edits []*Edit, tokens []int32, each func(edit, prompt int, logits []float32) error, progress func(done, total int)) error
	// Decode reads a prompt and returns a session that continues it a token at a time, with cached keys and values.
	Decode(ctx context.Context, in Decoding) (Decoder, error)
	// Outputs returns W_down of a layer as [F,D]: row n is what neuron n adds to the MLP's output, which a model may norm or
	// scale before it adds that to the residual stream. Do not change it.
	Outputs(layer int) ([]float32, error)
	// Unembed returns W_U·x for each x [D], times the model's scale of logits: [V] each. With norm x first passes the final
	// norm, and the logits their cap, as the residual stream after the last layer does: that is a logit lens.
	Unembed(ctx context.Context, xs [][]float32, norm bool) ([][]float32, error)
	// Close frees the model.
	Close() error
}

// Edit is every intervention at once: h' = clamp(h·Scale + Add, Lo, Hi) at the input of down_proj, and vectors added to
// the MLP's output and to the residual stream after a layer. A nil slice is the neutral value (1, 0, −∞, +∞; no vector).
// Each slice has B·L·T·F (or B·L·T·D) numbers, B and T being 1 where the edit is the same for every prompt or position.
type Edit struct {
	B, T               int       // 1, or the number of prompts; 1, or at least the longest prompt's number of positions
	Scale, Add, Lo, Hi []float32 // [B,L,T,F]
	MLP, Residual      []float32 // [B,L,T,D]
	Heads              []float32 // factors of the heads' outputs z, the input of o_proj [B,L,T,H]; nil: 1
	HeadAdd            []float32 // what is added to z after that [B,L,T,H·C], C channels a head; in no backward pass. nil: nothing

	// Directions u of length 1 that are taken out of the MLP's output and of the residual stream y before the vectors are
	// added, y − Times·u⟨y,u⟩ [B,L,T,D]. Zeros take nothing; nil: none. Times is finite; 0 stands for 1.
	OutMLP, OutResidual []float32
	Times               float32

	Puts []Put // what single neurons and heads are made of all that, for every prompt alike; of two of one place the last holds

	Gate *Gate // where it acts; nil: everywhere
	Next *Edit // what is done after it at each place of a layer, of the same B and T; nil: nothing
}

// A Put is what one neuron is set to, or the factor of one head's output, at one position: in an edit whose T is 1, where the
// position is 0, at every one.
type Put struct {
	Neuron
	Position int
	Value    float32
}

// A Gate is a condition: an edit acts on the positions that pass. A position passes where ⟨x, direction⟩ > Above, x being what
// is at Site, in the last layer so far that has a direction, before the edit acts there. No position passes before the
// first of these layers.
type Gate struct {
	Site       Site      // Neurons, MLP or Residual
	Directions []float32 // [L,F] of Neurons, else [L,D]; a layer of zeros has none
	Above      float32
	Prompt     bool // the last position of a prompt decides for all of it, and for what follows it
}

// Bytes returns the memory of an edit.
func (e *Edit) Bytes() int {
	if e == nil {
		return 0
	}
	n := 0
	if e.Gate != nil {
		n = len(e.Gate.Directions)
	}
	return e.Next.Bytes() + 40*len(e.Puts) + 4*(n+len(e.Scale)+len(e.Add)+len(e.Lo)+len(e.Hi)+len(e.MLP)+len(e.Residual)+len(e.Heads)+len(e.HeadAdd)+
		len(e.OutMLP)+len(e.OutResidual))
}

// Forward is a batch of prompts to run. Their lengths may differ; results are as if each had run alone.
type Forward struct {
	IDs       [][]int32 // B prompts of at least one token
	Edit      *Edit     // nil: none
	AllLogits bool      // logits at every position, not only the last
	Capture   Site      // what else to return, at every position: Neurons | Residual; 0 is nothing, Logits is AllLogits's
}

// ForwardResult holds a slice for each prompt of the batch, in the same order.
type ForwardResult struct {
	Logits    [][]float32 // [V] at the last position, or [T,V]
	Neurons   [][]float32 // h' [L,T,F]; this and the following are nil unless asked for
	Residual  [][]float32 // [L,T,D]
	MLP       [][]float32 // [L,T,D]
	Attention [][]float32 // [L,H,T,T]
	Embedding [][]float32 // [T,D]
	Heads     [][]float32 // z' [L,T,H·C]
}

// Prompt returns the results of one prompt of the batch.
func (r ForwardResult) Prompt(k int) ForwardResult {
	one := func(all [][]float32) [][]float32 {
		if all == nil {
			return nil
		}
		return all[k : k+1]
	}
	return ForwardResult{one(r.Logits), one(r.Neurons), one(r.Residual), one(r.MLP), one(r.Attention), one(r.Embedding), one(r.Heads)}
}

// At returns what was captured at a site, of the only prompt.
func (r ForwardResult) At(s Site) []float32 {
	all := map[Site][][]float32{Residual: r.Residual, MLP: r.MLP, Neurons: r.Neurons, Attention: r.Attention, Embedding: r.Embedding,
		Logits: r.Logits, Heads: r.Heads}[s]
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// A Term is one summand of the metric of an attribution: Weight·(logit[Target] − logit[Versus]) at a position.
type Term struct {
	Position int     `json:"position"` // 0 is the first token of the prompt
	Target   int32   `json:"target"`
	Versus   int32   `json:"versus"`           // −1: none, the target's logit alone
	Weight   float32 `json:"weight,omitempty"` // 0 stands for 1
}

// Factor returns what the term is multiplied by: its weight, or 1 where it has none.
func (t Term) Factor() float32 {
	if t.Weight == 0 {
		return 1
	}
	return t.Weight
}

// Attribution is a batch of prompts, each with its metric: the sum of its terms.
type Attribution struct {
	// LogProb makes each term Weight·log p(Target) at its position, in nats, in place of a difference of logits; Versus is −1.
	LogProb bool
	IDs     [][]int32
	Terms   [][]Term // at least one for each prompt
	Rule    Rule
	Edit    *Edit // the scores are those of the edited activations: h'·∂m/∂h'

	HeadSlopes bool // the slopes in the heads' outputs are wanted, channel by channel
}

// AttributionResult holds a slice (or number) for each prompt of the batch, in the same order.
type AttributionResult struct {
	Scores    [][]float32 // h'·∂m/∂h' [L,T,F]
	Tokens    [][]float32 // ⟨∂m/∂e_t, e_t⟩ [T], the relevance of the input embeddings
	Metric    []float32   // m
	Heads     [][]float32 // z'·∂m/∂z' of the heads' outputs z', summed over a head's channels [L,T,H]
	Sources   [][]float32 // the same by where it comes from [L,T,H]: Σ_t A_ts ⟨v_s, ∂m/∂z_t⟩ at s, A the pattern, v the values
	Linear    []float32   // ⟨∂m/∂z, z⟩ over the logits z before any cap: equal to m unless LogProb, or a cap that is not constant
	Attention [][]float32 // half of what queries and keys take [L]: ⟨∂m/∂S_l, S_l⟩, S the scores before cap, mask and softmax,
	//                       or, where norms of queries and keys are differentiable, nearly 0; 0 under Frozen
	Biases   []float32   // relevance of the biases b, Σ ⟨∂m/∂b, b⟩
	Injected []float32   // relevance of what the edit put in as a constant: Σ ∂m/∂h'·(h' − its part that is linear in h)
	Logits   [][]float32 // [V] at the last position

	HeadSlopes [][]float32 // ∂m/∂z' of the heads' outputs z' [L,T,H·C]; nil unless asked for
}

// Decoding is a prompt to continue.
type Decoding struct {
	IDs       []int32
	Edit      *Edit // at the positions of the prompt; B is 1
	Generated *Edit // at the positions after it; B and T are 1. A Gate by prompt of it is one of Edit too
	Reserve   int   // new tokens that will be asked for at most
}

// A Stepper is an Engine that steps several sessions together faster than one by one, with the same answers bit for bit.
type Stepper interface {
	// Together returns how many sessions it steps together best; below 2 there is no gain.
	Together() int
	// StepTogether appends a token to each session, as Step does. All are sessions of this engine, and each is there once.
	// After an error, also one of ctx, all are as before the call.
	StepTogether(ctx context.Context, sessions []Decoder, ids []int32) error
}

// A Decoder continues one prompt. It is used by one goroutine.
type Decoder interface {
	// Logits returns [V] at the last position so far. The slice is valid until the next Step.
	Logits() []float32
	// Step appends a token.
	Step(ctx context.Context, id int32) error
	// Close frees the cache.
	Close()
}

package checkpoint

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Llama is the architecture that the others are described by.
const Llama = "LlamaForCausalLM"

// Config holds the sizes and constants of a model, from config.json or from the metadata of a GGUF.
type Config struct {
	Architecture string  // of config.json, or what a GGUF was made of
	Layers       int     // L
	Width        int     // D, the residual stream
	Neurons      int     // F, MLP neurons of a layer
	Heads        int     // query heads
	KVHeads      int     // key and value heads; divides Heads
	HeadDim      int     // width of a head; even
	Vocab        int     // V
	Positions    int     // longest context, in tokens, for which Ropes are right
	Eps          float64 // of the RMSNorms
	Tied         bool    // the output matrix is the embedding matrix
	BOS          int32   // token that begins a text; −1: none
	Ends         []int32 // tokens that end a generation

	QKVBias       bool        // q_proj, k_proj and v_proj have a bias
	OutBias       bool        // o_proj has one
	MLPBias       bool        // gate_proj, up_proj and down_proj have one
	QKNorm        string      // RMSNorm of queries and keys before they are turned: NoQKNorm, HeadQKNorm or WholeQKNorm
	Norms         string      // where a layer's RMSNorms are: PreNorms, BothNorms or PostNorms
	Activation    string      // of the gate: SiLU or GELUTanh
	QueryScale    float64     // q·k is multiplied by it; 1/√HeadDim in most models
	AttentionCap  float64     // c: scores s become c·tanh(s/c) before the mask; 0: they stay
	LogitCap      float64     // c: logits z become c·tanh(z/c), after LogitScale; 0: they stay
	EmbedScale    float64     // embeddings are multiplied by it; 1: they stay
	ResidualScale float64     // so is what attention and MLP add to the residual stream
	LogitScale    float64     // and the logits
	Attentions    []Attention // [Layers]
	Ropes         []Rope      // what Attentions[l].Rope counts
}

// Attention is what differs between the attentions of layers.
type Attention struct {
	Window int // a position sees itself and the Window−1 before it; 0: all before it
	Rope   int // index into Ropes; −1: queries and keys are not turned
}

// A Rope turns queries and keys by their positions.
type Rope struct {
	InvFreq []float64 // [HeadDim/2] radians per position of the pairs of channels (i, i+HeadDim/2), scaling applied
	Scale   float64   // of cosine and sine, so of queries and keys each (YaRN's attention factor); 1 for most
}

// Values of Config.QKNorm. The weights are self_attn.{q,k}_norm.weight.
const (
	NoQKNorm    = ""
	HeadQKNorm  = "head" // of each head on its own: weights [HeadDim]
	WholeQKNorm = "all"  // of all heads together: weights [Heads·HeadDim] and [KVHeads·HeadDim]
)

// Values of Config.Norms.
const (
	PreNorms  = "pre"  // before attention: input_layernorm, before the MLP: post_attention_layernorm
	BothNorms = "both" // those are input_layernorm and pre_feedforward_layernorm; after: post_attention_layernorm, post_feedforward_layernorm
	PostNorms = "post" // after attention: post_attention_layernorm, after the MLP: post_feedforward_layernorm, before the sums
)

// Values of Config.Activation: act(g) of the MLP's act(g)·u.
const (
	SiLU     = "silu"      // g·σ(g)
	GELUTanh = "gelu_tanh" // g·½(1 + tanh(√(2/π)(g + 0.044715 g³)))
)

// Shape returns the sizes as the vocabulary package has them.
func (c Config) Shape() engine.Shape {
	return engine.Shape{Layers: c.Layers, Width: c.Width, Neurons: c.Neurons, Heads: c.Heads, KVHeads: c.KVHeads,
		HeadDim: c.HeadDim, Vocab: c.Vocab, Positions: c.Positions}
}

// Bounds of what a config may claim, far above any model, so that no product of two sizes overflows and no list of
// tensor names exhausts memory.
const (
	maxLayers = 1 << 12
	maxHeads  = 1 << 14 // and the width of one
	maxSize   = 1 << 28
)

// checkSizes returns every size that is impossible or contradicts another.
func (c Config) checkSizes() error {
	var bad wrongs
	bad.size("the number of layers", c.Layers, maxLayers)
	bad.size("the width", c.Width, maxSize)
	bad.size("the number of neurons of a layer", c.Neurons, maxSize)
	bad.size("the number of attention heads", c.Heads, maxHeads)
	bad.size("the number of key and value heads", c.KVHeads, maxHeads)
	bad.size("the width of a head", c.HeadDim, maxHeads)
	bad.size("the vocabulary", c.Vocab, maxSize)
	bad.size("the longest context", c.Positions, maxSize)
	if c.KVHeads > 0 && c.Heads%c.KVHeads != 0 {
		bad.add("%d attention heads cannot share %d key and value heads evenly", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		bad.add("a head of width %d has no rotary pairs; it must be even", c.HeadDim)
	}
	if !(c.Eps > 0) || c.Eps > 1 {
		bad.add("the norms' epsilon is %g, not in (0, 1]", c.Eps)
	}
	if c.BOS < -1 || int(c.BOS) >= c.Vocab {
		bad.add("the token that begins a text is %d, outside the vocabulary of %d", c.BOS, c.Vocab)
	}
	if i := slices.IndexFunc(c.Ends, func(id int32) bool { return id < 0 || int(id) >= c.Vocab }); i >= 0 {
		bad.add("the token that ends a text is %d, outside the vocabulary of %d", c.Ends[i], c.Vocab)
	}
	return bad.err()
}

// check returns every value that is impossible or contradicts another.
func (c Config) check() error {
	if err := c.checkSizes(); err != nil {
		return err
	}
	var bad wrongs
	for _, r := range c.Ropes {
		if len(r.InvFreq) != c.HeadDim/2 {
			bad.add("there are %d rotary frequencies, want %d", len(r.InvFreq), c.HeadDim/2)
		}
		if i := slices.IndexFunc(r.InvFreq, func(f float64) bool { return !positive(f) }); i >= 0 {
			bad.add("rotary frequency %d is %g, not a positive number", i, r.InvFreq[i])
		}
		if !positive(r.Scale) {
			bad.add("the factor of cosine and sine is %g, not a positive number", r.Scale)
		}
	}
	if len(c.Attentions) != c.Layers {
		bad.add("%d layers are described, want %d", len(c.Attentions), c.Layers)
	}
	for l, a := range c.Attentions {
		if a.Window < 0 || a.Rope < -1 || a.Rope >= len(c.Ropes) {
			bad.add("layer %d has a window of %d and rotary settings %d", l, a.Window, a.Rope)
		}
	}
	for _, v := range []struct {
		name  string
		value float64
		none  bool // whether it may be 0
	}{{"the scale of attention", c.QueryScale, false}, {"the soft cap of attention", c.AttentionCap, true},
		{"the soft cap of logits", c.LogitCap, true}, {"the scale of embeddings", c.EmbedScale, false},
		{"the scale of what layers add", c.ResidualScale, false}, {"the scale of logits", c.LogitScale, false}} {
		if !positive(v.value) && !(v.none && v.value == 0) {
			bad.add("%s is %g, not a positive number", v.name, v.value)
		}
	}
	return bad.err()
}

func positive(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

// windowed says whether a layer sees less than everything before it.
func (c Config) windowed() bool {
	return slices.ContainsFunc(c.Attentions, func(a Attention) bool { return a.Window > 0 })
}

// wrongs collects what is impossible.
type wrongs []string

func (w *wrongs) add(format string, args ...any) { *w = append(*w, fmt.Sprintf(format, args...)) }

func (w *wrongs) size(name string, n, most int) {
	if n < 1 || n > most {
		w.add("%s is %d, not in 1…%d", name, n, most)
	}
}

func (w *wrongs) err() error {
	if len(*w) == 0 {
		return nil
	}
	return fmt.Errorf("impossible settings: %s", strings.Join(*w, "; "))
}

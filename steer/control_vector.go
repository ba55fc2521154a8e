package steer

import (
	"context"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Method says how a control vector is made of pairs.
type Method string

// The methods.
const (
	// MeanDiff is the difference of the means: mean(positive) − mean(negative), in the units of the space. For the
	// residual stream it is contrastive activation addition (Rimsky et al., arXiv 2312.06681).
	MeanDiff Method = "mean-diff"
	// PCA is the first principal component of the pairs' differences, not centered: a direction of norm 1, its sign such
	// that their mean projects to the positive side (Zou et al., arXiv 2310.01405). It is the direction of the largest
	// differences, which is that of the mean where all pairs point one way; where they do not, a Warning names the layers.
	//
	// repeng centers the differences first and takes the sign that most pairs have. That is another direction: the one
	// along which the pairs differ most from one another. On 24 pairs of sentiment and the teaching model, where every
	// pair points one way, this PCA has the cosine 1.00 with the mean difference in every layer, and .15 to .60 with
	// repeng's; on 12 of them and SmolLM2-135M the layers 2 to 11 have as many pairs on either side, and the cosines with
	// repeng's run from −1.00 to .90.
	PCA Method = "pca"
)

// asGiven is the operation of directions that NewVector was given.
const asGiven Method = "given"

// ControlVector finds the direction from the negatives of pairs to their positives, in each layer, at the last token.
//
//	v, err := m.ControlVector(steer.Pairs("sentiment-pairs.jsonl").Train()).Run(ctx)
func (m *Model) ControlVector(pairs PairSet) ControlVectorTask {
	return ControlVectorTask{m: m, pairs: pairs, space: engine.Residual, lo: 0, hi: -1, method: MeanDiff}
}

// ControlVectorTask describes a control vector. Its methods return changed copies.
type ControlVectorTask struct {
	m      *Model
	pairs  PairSet
	space  Site
	lo, hi int
	method Method
	shared message.Prompt // chat settings for every pair
	edits  []Intervention
	tested ExampleSet
}

// From sets which numbers of the model the vector is made of: Residual (default), MLP or MLPNeurons. It acts on the same
// ones when it is added.
func (t ControlVectorTask) From(s Site) ControlVectorTask { t.space = s; return t }

// Layers sets the layers of the vector, both included; the default is all. Negative ones
// count from the end, −1 being the last.
func (t ControlVectorTask) Layers(lo, hi int) ControlVectorTask { t.lo, t.hi = lo, hi; return t }

// Method sets how the vector is made: MeanDiff (default) or PCA.
func (t ControlVectorTask) Method(m Method) ControlVectorTask { t.method = m; return t }

// OnExamples also steers examples by the vector of each of its layers alone, with seven multipliers from −1.5 to 1.5, and keeps how the
// logit difference of each example responds: Vector.Reliability says how many of them the vector moves the other way. The target of an
// example is to be what the positives of the pairs show; one whose target is the other side's counts as moved the other way. It
// takes six passes for each layer and example, so narrow the Layers of a deep model.
func (t ControlVectorTask) OnExamples(set ExampleSet) ControlVectorTask { t.tested = set; return t }

// Chat renders every prompt as a user's turn of the model's chat template. A pair may also ask for that itself.
func (t ControlVectorTask) Chat() ControlVectorTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the pairs that have none of their own, and Chat.
func (t ControlVectorTask) System(s string) ControlVectorTask {
	t.shared = t.shared.WithSystem(s)
	return t
}

// Prefill begins the answer of the pairs that have none of their own, and sets Chat.
func (t ControlVectorTask) Prefill(s string) ControlVectorTask {
	t.shared = t.shared.WithPrefill(s)
	return t
}

// With adds interventions, which hold while the model reads the pairs.
func (t ControlVectorTask) With(is ...Intervention) ControlVectorTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t ControlVectorTask) Ablate(c Circuit) ControlVectorTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t ControlVectorTask) Scale(c Circuit, x float64) ControlVectorTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t ControlVectorTask) Model() *Model { return t.m }

// Run computes the vector.
func (t ControlVectorTask) Run(ctx context.Context) (Vector, error) { return run(ctx, t) }

// Result builds the vector around fetch.
func (t ControlVectorTask) Result(fetch func() Record) Vector {
	return Vector{"control vector", sync.OnceValue(func() vectorData {
		d := vectorOf(fetch())
		d.held = t.edits
		return d
	})}
}

// pairSpecs returns the prompts of pairs.
func pairSpecs(pairs []Pair) []message.Pair {
	out := make([]message.Pair, len(pairs))
	for i, p := range pairs {
		side := func(s string) message.Prompt {
			return message.Prompt{Text: s, Chat: p.Chat || p.System != "" || p.Prefill != "", System: p.System, Prefill: p.Prefill}
		}
		out[i] = message.Pair{Positive: side(p.Positive), Negative: side(p.Negative)}
	}
	return out
}

// Request implements Task.
func (t ControlVectorTask) Request() (Request, error) {
	pairs, rerr := t.pairs.Read()
	edits, err := interventions("control vector", t.m, t.edits)
	s := message.ControlVectorSettings{Pairs: pairSpecs(pairs), Space: t.space, Lo: t.lo, Hi: t.hi, Method: string(t.method), Edits: edits}
	for i, p := range s.Pairs {
		s.Pairs[i] = message.Pair{Positive: p.Positive.Sharing(t.shared), Negative: p.Negative.Sharing(t.shared)}
	}
	examples, terr := t.tested.Read()
	like := BehaviorTask{positions: []int{-1}, shared: t.shared}
	for _, e := range examples {
		s.Tested = append(s.Tested, like.example(e))
	}
	return newRequest(s, rerr, terr, err)
}

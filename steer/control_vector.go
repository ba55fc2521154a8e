package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"

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
	// that positives project higher (Zou et al., arXiv 2310.01405).
	PCA Method = "pca"
)

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
	space  engine.Site
	lo, hi int
	method Method
	shared promptSpec // chat settings for every pair
	edits  []Intervention
}

// From sets which numbers of the model the vector is made of: Residual (default), MLP or Neurons. It acts on the same
// ones when it is added.
func (t ControlVectorTask) From(s engine.Site) ControlVectorTask { t.space = s; return t }

// Layers sets the layers of the vector, both included; the default is all. A hi of −1 is the last layer.
func (t ControlVectorTask) Layers(lo, hi int) ControlVectorTask { t.lo, t.hi = lo, hi; return t }

// Method sets how the vector is made: MeanDiff (default) or PCA.
func (t ControlVectorTask) Method(m Method) ControlVectorTask { t.method = m; return t }

// Chat renders every prompt as a user's turn of the model's chat template. A pair may also ask for that itself.
func (t ControlVectorTask) Chat() ControlVectorTask { t.shared = t.shared.chat(); return t }

// System sets the system prompt of the pairs that have none of their own, and Chat.
func (t ControlVectorTask) System(s string) ControlVectorTask {
	t.shared = t.shared.system(s)
	return t
}

// Prefill begins the answer of the pairs that have none of their own, and sets Chat.
func (t ControlVectorTask) Prefill(s string) ControlVectorTask {
	t.shared = t.shared.prefilled(s)
	return t
}

// With adds interventions, which hold while the model reads the pairs.
func (t ControlVectorTask) With(is ...Intervention) ControlVectorTask {
	t.edits = with(t.edits, is...)
	return t
}

// Model returns the model that the task is about.
func (t ControlVectorTask) Model() *Model { return t.m }

// Run computes the vector.
func (t ControlVectorTask) Run(ctx context.Context) (Vector, error) { return run(ctx, t) }

// Result builds the vector around fetch.
func (t ControlVectorTask) Result(fetch func() Record) Vector {
	return Vector{"control vector", func() vectorData { return vectorOf(fetch()) }}
}

const controlVectorVersion = 1

type controlVectorSettings struct {
	Pairs  []pairSpec     `json:"pairs"`
	Space  engine.Site    `json:"space"`
	Lo     int            `json:"lo"`
	Hi     int            `json:"hi"` // −1: the last layer
	Method Method         `json:"method"`
	Edits  []intervention `json:"edits"`
}

// pairSpec is a pair as it stands in a request.
type pairSpec struct {
	Positive promptSpec `json:"positive"`
	Negative promptSpec `json:"negative"`
}

// pairSpecs returns the prompts of pairs.
func pairSpecs(pairs []Pair) []pairSpec {
	out := make([]pairSpec, len(pairs))
	for i, p := range pairs {
		side := func(s string) promptSpec {
			return promptSpec{Text: s, Chat: p.Chat || p.System != "" || p.Prefill != "", System: p.System, Prefill: p.Prefill}
		}
		out[i] = pairSpec{side(p.Positive), side(p.Negative)}
	}
	return out
}

// check reports all mistakes that can be seen without a tokenizer.
func (s controlVectorSettings) check() error {
	const task = "control vector"
	var errs []error
	if !slices.Contains(ofVectors, s.Space) {
		errs = append(errs, engine.Errorf(engine.BadSetting, task, "a vector cannot be taken from %q", s.Space).Try("From(steer.Residual), From(steer.MLP) or From(steer.Neurons)"))
	}
	if !slices.Contains([]Method{MeanDiff, PCA}, s.Method) {
		errs = append(errs, engine.Errorf(engine.BadSetting, task, "unknown method %q", s.Method).Try("Method(steer.MeanDiff) or Method(steer.PCA)"))
	}
	errs = append(errs, checkLayers(task, s.Lo, s.Hi), checkPairs(task, s.Pairs))
	return errors.Join(errs...)
}

// checkPairs reports what is wrong with pairs that can be seen without a tokenizer.
func checkPairs(task string, pairs []pairSpec) error {
	if len(pairs) == 0 {
		return engine.Errorf(engine.BadSetting, task, "there are no pairs").Try(`give some: steer.NewPairs(steer.Pair{Positive: "…", Negative: "…"}), or steer.Pairs("pairs.jsonl")`)
	}
	var list mistakes
	for i, p := range pairs {
		list.add(fmt.Sprintf("pair %d, positive", i+1), p.Positive.check(task))
		list.add(fmt.Sprintf("pair %d, negative", i+1), p.Negative.check(task))
		if p.Positive == p.Negative && p.Positive.Text != "" {
			list.add(fmt.Sprintf("pair %d", i+1), engine.Errorf(engine.BadSetting, task, "both prompts are the same, so they have no difference").Try("leave the pair out"))
		}
	}
	return list.join()
}

// checkLayers reports a range of layers that no model has; a hi of −1 is the last layer.
func checkLayers(task string, lo, hi int) error {
	if lo < 0 || hi < -1 || (hi >= 0 && hi < lo) {
		return engine.Errorf(engine.BadSetting, task, "Layers(%d, %d) is no range of layers", lo, hi).Try("Layers(0, -1) is all of them")
	}
	return nil
}

// layerRange returns the range in a model.
func layerRange(task string, lo, hi int, shape engine.Shape) (int, int, error) {
	if hi < 0 {
		hi = shape.Layers - 1
	}
	if hi >= shape.Layers || lo > hi {
		return lo, hi, engine.Errorf(engine.BadSetting, task, "Layers(%d, %d) is outside this model", lo, hi).Try("it has layers 0 to %d", shape.Layers-1)
	}
	return lo, hi, nil
}

// Request implements Task.
func (t ControlVectorTask) Request() (Request, error) {
	pairs, rerr := t.pairs.Read()
	edits, err := interventions("control vector", t.edits)
	s := controlVectorSettings{pairSpecs(pairs), t.space, t.lo, t.hi, t.method, edits}
	for i, p := range s.Pairs {
		s.Pairs[i] = pairSpec{p.Positive.shares(t.shared), p.Negative.shares(t.shared)}
	}
	if rerr == nil {
		rerr = s.check()
	}
	if err := errors.Join(rerr, err); err != nil {
		return Request{}, err
	}
	return newRequest("control-vector", controlVectorVersion, s)
}

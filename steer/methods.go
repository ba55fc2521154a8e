package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Methods finds neurons for one behavior in seven ways and holds these side by side: the rules RelP, Frozen, Gradient and
// IntegratedGradients, a contrast, a decomposed control vector, and Random, the null. Of each it says how many neurons it shares with
// the others beside chance, in which layers its scores lie, what as many of its neurons do to the behavior when they are set to zero,
// beside random ones of the same layers, and how its scores go with what ablating single neurons does.
//
//	c, err := m.Methods(m.Behavior(set.Train())).OnExamples(set.Test()).Run(ctx)
//
// The neurons of a method are its TopK of the positive: those that support the metric, or are more active on the positives of the pairs,
// or write along the vector. The pairs of contrast and vector are the examples' own prompts and their Patch prompts where all have
// one; else the prompts going on with target and with counterfactual (as in arXiv 2312.06681); where some have neither, both methods are
// left out. Differences of pairs that go either way, as where the target of one example is the counterfactual of another, cancel. The task's rule is not looked at; all that it needs is taken from the store where it is there.
func (m *Model) Methods(behavior BehaviorTask) MethodsTask {
	return MethodsTask{m: m, behavior: behavior, size: 20, steps: 5, controls: 19, exact: 200}
}

// MethodsTask describes a comparison of methods. Its methods return changed copies.
type MethodsTask struct {
	m        *Model
	behavior BehaviorTask
	tested   *ExampleSet
	pairs    *PairSet
	size     int
	steps    int
	controls int
	exact    int
	seed     uint64
}

// OnExamples sets the examples that neurons are ablated on; without it they are those that they were found on, which a warning says.
func (t MethodsTask) OnExamples(set ExampleSet) MethodsTask { t.tested = &set; return t }

// WithPairs sets the pairs of the contrast and the control vector.
func (t MethodsTask) WithPairs(pairs PairSet) MethodsTask { t.pairs = &pairs; return t }

// TopK sets how many neurons of each method are ablated; the default is 20.
func (t MethodsTask) TopK(k int) MethodsTask { t.size = k; return t }

// Steps sets the steps of integrated gradients, each a pass for every layer and example; the default is 5, and 0 leaves them out.
func (t MethodsTask) Steps(n int) MethodsTask { t.steps = n; return t }

// Controls sets how many random circuits, with as many neurons of every layer, stand beside each method's; the default is 19.
func (t MethodsTask) Controls(n int) MethodsTask { t.controls = n; return t }

// Exact sets how many neurons, drawn from every layer alike, are set to zero one by one at all positions, on the
// examples that neurons are found on, for the correlation of each method's scores with what that does; the default is 200, or all
// where there are fewer, and 0 leaves it out.
func (t MethodsTask) Exact(n int) MethodsTask { t.exact = n; return t }

// Seed sets the seed of everything that is drawn; the default is 0.
func (t MethodsTask) Seed(seed uint64) MethodsTask { t.seed = seed; return t }

// Model returns the model that the task is about.
func (t MethodsTask) Model() *Model { return t.m }

// Run computes the comparison.
func (t MethodsTask) Run(ctx context.Context) (MethodComparison, error) { return run(ctx, t) }

// Result builds the comparison around fetch.
func (t MethodsTask) Result(fetch func() Record) MethodComparison {
	return newMethodComparison(fetch, t.tested == nil, t.behavior.edits...)
}

// Request implements Task.
func (t MethodsTask) Request() (Request, error) {
	b, view, err := t.behavior.Rule(RelP).settings(t.m)
	s := message.MethodsSettings{Behavior: b, View: view, Size: t.size, Steps: t.steps, Controls: t.controls, Exact: t.exact, Seed: t.seed}
	set := t.behavior.examples
	if t.tested != nil {
		set = *t.tested
	}
	tested, terr := set.Read()
	for _, e := range tested {
		c := e.sweepCase()
		c.Prompt = c.Prompt.Sharing(t.behavior.shared)
		s.Tested = append(s.Tested, c)
	}
	var perr error
	s.Pairs, perr = t.pairing()
	return newRequest(s, errors.Join(err, terr, perr))
}

// pairing returns the pairs that were given, or those that the examples make; none where they make none.
func (t MethodsTask) pairing() ([]message.Pair, error) {
	var out []message.Pair
	if t.pairs != nil {
		pairs, err := t.pairs.Read()
		for _, p := range pairSpecs(pairs) {
			out = append(out, message.Pair{Positive: p.Positive.Sharing(t.behavior.shared), Negative: p.Negative.Sharing(t.behavior.shared)})
		}
		return out, err
	}
	examples := t.behavior.examples.All()
	patched := !slices.ContainsFunc(examples, func(e Example) bool { return e.Patch == "" })
	for _, e := range examples {
		p := e.sweepCase().Prompt.Sharing(t.behavior.shared)
		pair := message.Pair{Positive: p, Negative: p}
		switch {
		case patched:
			pair.Negative.Text = e.Patch
		case e.Target == "" || e.Versus == "":
			return nil, nil
		case p.Chat:
			pair.Positive.Prefill, pair.Negative.Prefill = p.Prefill+e.Target, p.Prefill+e.Versus
		default:
			pair.Positive.Text, pair.Negative.Text = p.Text+e.Target, p.Text+e.Versus
		}
		out = append(out, pair)
	}
	return out, nil
}

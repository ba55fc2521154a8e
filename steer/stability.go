package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Stability asks what of a circuit is of the behavior and what of the choices that were made to find it: it selects a circuit
// under every rule, by every selection, at every size and from every resample of the examples, and says of each neuron in how
// many of these views it is (a multiverse analysis, Steegen et al. 2016; of circuits, arXiv 2603.00523), beside a null.
//
//	v, err := m.Stability(m.Behavior(set.Train())).Run(ctx)
//	fmt.Println(v)
//	core := v.Circuit(steer.Core)
//
// The examples, their metrics and interventions are those of the task, whose rule is not looked at; its SkipFirst, KeepBOS and
// LastPositions narrow every selection. Each rule is one Behavior of its own, which is taken from the store where it is there.
func (m *Model) Stability(behavior BehaviorTask) StabilityTask {
	return StabilityTask{
		m: m, behavior: behavior, rules: []Rule{RelP, Frozen, Gradient}, selections: message.Selections(),
		sizes: []int{10, 20, 40}, resamples: 50, controls: 19,
	}
}

// How a circuit is selected from the scores of some examples, each neuron by its Σ_t score.
const (
	SelectMean      = message.SelectMean      // the largest in size of the mean over examples: Mean().TopK(k)
	SelectPositive  = message.SelectPositive  // the largest of the mean: Mean().Positive().TopK(k)
	SelectLargest   = message.SelectLargest   // the largest in size in any example
	SelectSkipFirst = message.SelectSkipFirst // as the first, without the first position: Mean().SkipFirst().TopK(k)
)

// StabilityTask describes a stability analysis. Its methods return changed copies.
type StabilityTask struct {
	m          *Model
	behavior   BehaviorTask
	rules      []Rule
	selections []string
	sizes      []int
	resamples  int
	controls   int
	seed       uint64
}

// Rules sets the rules of the scores; the default is RelP, Frozen and Gradient. Each costs what its Behavior costs.
func (t StabilityTask) Rules(rules ...Rule) StabilityTask { t.rules = slices.Clone(rules); return t }

// Selections sets the ways to select: SelectMean, SelectPositive, SelectLargest and SelectSkipFirst, which is the default.
func (t StabilityTask) Selections(selections ...string) StabilityTask {
	t.selections = slices.Clone(selections)
	return t
}

// Sizes sets the numbers of neurons; the default is 10, 20 and 40.
func (t StabilityTask) Sizes(neurons ...int) StabilityTask {
	t.sizes = slices.Compact(slices.Sorted(slices.Values(neurons)))
	return t
}

// Resamples sets how many resamples of the examples are drawn, with replacement; the default is 50.
func (t StabilityTask) Resamples(n int) StabilityTask { t.resamples = n; return t }

// Controls sets how many draws the null has; the default is 19, with which a neuron can have p = .05. In a draw the neurons of
// each layer change places, anew for every example: their scores stay as large, and no neuron is of two examples but by chance.
func (t StabilityTask) Controls(n int) StabilityTask { t.controls = n; return t }

// Seed sets the seed of resamples and null; the default is 0.
func (t StabilityTask) Seed(seed uint64) StabilityTask { t.seed = seed; return t }

// Model returns the model that the task is about.
func (t StabilityTask) Model() *Model { return t.m }

// Run computes the analysis.
func (t StabilityTask) Run(ctx context.Context) (Multiverse, error) { return run(ctx, t) }

// Result builds the analysis around fetch.
func (t StabilityTask) Result(fetch func() Record) Multiverse {
	return newMultiverse(fetch, t.behavior.edits...)
}

// Request implements Task.
func (t StabilityTask) Request() (Request, error) {
	s, view, err := t.behavior.Rule(RelP).settings(t.m)
	return newRequest(message.StabilitySettings{
		Behavior: s, View: view, Rules: t.rules, Selections: t.selections, Sizes: t.sizes, Resamples: t.resamples, Controls: t.controls, Seed: t.seed,
	}, err) // without a behavior there is nothing to check
}

// settings returns the task as a part of one of the model m, with the positions that it narrows every selection to.
func (t BehaviorTask) settings(m *Model) (s message.BehaviorSettings, v message.StabilityView, err error) {
	if t.m != m {
		err = engine.Mistake(engine.BadSetting, "the behavior is described on another model").Try("describe it on the same: m.Stability(m.Behavior(set))")
	}
	r, rerr := t.Request()
	if err := errors.Join(err, rerr); err != nil {
		return s, v, err
	}
	return s, message.StabilityView{SkipFirst: t.view.first, KeepBOS: t.view.keepBOS, Last: t.view.lastN}, r.Decode(&s)
}

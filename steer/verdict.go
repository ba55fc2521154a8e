package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Verdict says which criteria of a circuit are met, not met, or not tested by what has been computed: it looks for results about
// just these neurons among those that are kept, and computes nothing itself.
//
//	v, err := m.Verdict(found).OnExamples(set.Test()).Run(ctx)
//	fmt.Println(v)
//
// Where several results answer one criterion, that of the most prompts counts, then that of the most random circuits. Results
// under interventions (With) are about another model and do not count. A model that keeps nothing, as in a test, has tested nothing.
func (m *Model) Verdict(c Circuit) VerdictTask { return VerdictTask{m: m, circuit: c} }

// VerdictTask describes a verdict. Its methods return changed copies.
type VerdictTask struct {
	m       *Model
	circuit Circuit
	sets    []ExampleSet
}

// OnExamples says which examples the behavior is tested on: results on any of them are about the behavior, and results on none of
// their prompts are about others, which a specific circuit leaves alone. Without any every result is about the behavior, and
// specificity is not tested.
func (t VerdictTask) OnExamples(set ExampleSet) VerdictTask {
	t.sets = append(slices.Clone(t.sets), set)
	return t
}

// Model returns the model that the task is about.
func (t VerdictTask) Model() *Model { return t.m }

// Run looks for what is kept and judges it.
func (t VerdictTask) Run(ctx context.Context) (CircuitVerdict, error) { return run(ctx, t) }

// Result builds the verdict around fetch.
func (t VerdictTask) Result(fetch func() Record) CircuitVerdict {
	return newCircuitVerdict(fetch).Named(t.circuit.Name())
}

// Request implements Task. The files of examples are read here.
func (t VerdictTask) Request() (Request, error) {
	neurons, circuitErr := t.circuit.neuronsOn(t.m)
	s := message.EvidenceSettings{Neurons: neurons, Scores: make([]float64, len(neurons)), Found: t.circuit.from().prompts()}
	for _, e := range t.circuit.all() {
		if i := slices.Index(neurons, e.Neuron); i >= 0 {
			s.Scores[i] += e.Score
		}
	}
	errs := []error{circuitErr}
	for _, set := range t.sets {
		examples, err := set.Read()
		errs = append(errs, err)
		for _, e := range examples {
			s.Cases = append(s.Cases, e.sweepCase())
		}
	}
	return newRequest(s, errors.Join(errs...))
}

// prompts returns the texts that a circuit was found on; nil where nobody knows.
func (o origin) prompts() []string {
	r := o.header.Request
	switch r.Kind {
	case "attribute":
		var x message.AttributeSettings
		if r.Decode(&x) == nil {
			return []string{x.Prompt.Text}
		}
	case "behavior":
		var x message.BehaviorSettings
		if r.Decode(&x) == nil {
			return each(x.Examples, func(e message.BehaviorExample) string { return e.Prompt.Text })
		}
	case "contrast":
		var x message.ContrastSettings
		if r.Decode(&x) == nil {
			return slices.Concat(each(x.Pairs, func(p message.Pair) string { return p.Positive.Text }), each(x.Pairs, func(p message.Pair) string { return p.Negative.Text }))
		}
	}
	if o.reference != nil {
		if s, ok := o.reference.source(); ok {
			return []string{s.Prompt}
		}
	}
	return nil
}

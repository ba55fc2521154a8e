package steer

import "context"

// CircuitTask describes the circuit that a task's scores choose, so that it can be shown or run in one breath:
//
//	c, err := m.Behavior(set).TopK(20).Run(ctx)
//
// It has the request of the scores, and so their Ref: the scores are computed once, however often one chooses from them. To
// narrow before choosing, run the task and choose from its scores. Its methods return changed copies.
type CircuitTask struct {
	m       *Model
	request func() (Request, error)
	choose  func(fetch func() Record) Circuit
	name    string // empty: what was selected
}

// chosen describes the circuit that pick chooses from the result of a task.
func chosen[T any](t Task[T], pick func(T) Circuit) CircuitTask {
	return CircuitTask{m: t.Model(), request: t.Request, choose: func(fetch func() Record) Circuit { return pick(t.Result(fetch)) }}
}

// TopK describes the circuit of the k neurons that lead the scores: Scores.TopK of what the task gives.
func (t AttributeTask) TopK(k int) CircuitTask {
	return chosen(t, func(s Scores) Circuit { return s.TopK(k) })
}

// TopK describes the circuit of the k neurons that lead the mean of the examples: Scores.TopK of BehaviorScores.Mean.
func (t BehaviorTask) TopK(k int) CircuitTask {
	return chosen(t, func(b BehaviorScores) Circuit { return b.TopK(k) })
}

// TopK describes the circuit of the k neurons that lead the contrast: Scores.TopK of what the task gives.
func (t ContrastTask) TopK(k int) CircuitTask {
	return chosen(t, func(s Scores) Circuit { return s.TopK(k) })
}

// Named gives the circuit a name.
func (t CircuitTask) Named(name string) CircuitTask { t.name = name; return t }

// Model returns the model that the task is about.
func (t CircuitTask) Model() *Model { return t.m }

// Run computes the scores, where they are not known, and chooses.
func (t CircuitTask) Run(ctx context.Context) (Circuit, error) { return run(ctx, t) }

// Plan asks what the scores cost before they are computed.
func (t CircuitTask) Plan() PlanTask { return planOf(t) }

// Request implements Task: it is that of the scores.
func (t CircuitTask) Request() (Request, error) {
	if t.request == nil {
		return Request{}, nil
	}
	return t.request()
}

// Result builds the circuit around fetch.
func (t CircuitTask) Result(fetch func() Record) Circuit {
	if t.choose == nil {
		return Circuit{name: t.name}
	}
	c := t.choose(fetch)
	if t.name != "" {
		c = c.Named(t.name)
	}
	return c
}

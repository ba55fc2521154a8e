package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Gate asks whether the model shows a behavior at all, before anything is concluded about how it does: on how many
// examples the target is its first choice, on how many it prefers the target to the counterfactual, and by how much.
//
//	g, err := m.Gate(steer.Examples("capitals.jsonl").Test()).Run(ctx)
//	fmt.Println(g.Verdict(), g)
//
// A behavior that a model does not show has no circuit: what is found for it explains something else. BehaviorScores.Gate
// and Curve.Gate answer the same from what they know already.
func (m *Model) Gate(examples ExampleSet) GateTask { return GateTask{m: m, examples: examples} }

// GateTask describes a gate. Its methods return changed copies.
type GateTask struct {
	m        *Model
	examples ExampleSet
	shared   promptSpec // chat settings for every example
	edits    []Intervention
}

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t GateTask) Chat() GateTask { t.shared = t.shared.chat(); return t }

// System sets the system prompt of the examples that have none of their own, and Chat.
func (t GateTask) System(s string) GateTask { t.shared = t.shared.system(s); return t }

// Prefill begins the answer of the examples that have none of their own, and sets Chat.
func (t GateTask) Prefill(s string) GateTask { t.shared = t.shared.prefilled(s); return t }

// With adds interventions: whether the changed model shows the behavior.
func (t GateTask) With(is ...Intervention) GateTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t GateTask) Ablate(c Circuit) GateTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t GateTask) Scale(c Circuit, x float64) GateTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t GateTask) Model() *Model { return t.m }

// Run predicts the examples.
func (t GateTask) Run(ctx context.Context) (Gate, error) { return run(ctx, t) }

// Result builds the gate around fetch.
func (t GateTask) Result(fetch func() Record) Gate {
	return newGate(func() gated {
		r := fetch()
		return gated{body[gateBody](r).Outcomes, slices.Clone(r.Header.Warnings)}
	})
}

const gateVersion = 1

type gateSettings struct {
	Examples []behaviorExample `json:"examples"`
	Edits    []intervention    `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s gateSettings) check() error {
	const task = "gate"
	if len(s.Examples) == 0 {
		return engine.Errorf(engine.BadSetting, task, "there are no examples").
			Try(`give some: steer.NewExamples(steer.Example{Prompt: "The sky is", Target: " blue", Versus: " red"})`)
	}
	var list mistakes
	for i, e := range s.Examples {
		list.add(exampleName(i), errors.Join(e.Prompt.check(task), e.Metric.check(task), e.checkPlain(task)))
	}
	return list.join()
}

// checkPlain reports a metric other than one of two given tokens at the last position.
func (e behaviorExample) checkPlain(task string) error {
	known := func(r tokenRef) bool { return r.How == "" || r.How == byText || r.How == byID }
	if known(e.Metric.Target) && known(e.Metric.Versus) && slices.Equal(e.Metric.Positions, []int{-1}) {
		return nil
	}
	return engine.Errorf(engine.BadRequest, task, "it looks at given tokens at the last position only").Try("use the same version of neuronsteer on both sides")
}

// Request implements Task.
func (t GateTask) Request() (Request, error) {
	examples, rerr := t.examples.Read()
	edits, err := interventions("gate", t.edits)
	s := gateSettings{Edits: edits}
	like := BehaviorTask{positions: []int{-1}, shared: t.shared}
	for _, e := range examples {
		s.Examples = append(s.Examples, like.example(e))
	}
	if rerr == nil {
		rerr = s.check()
	}
	if err := errors.Join(rerr, err); err != nil {
		return Request{}, err
	}
	return newRequest("gate", gateVersion, s)
}

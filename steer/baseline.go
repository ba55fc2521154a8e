package steer

import (
	"context"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Baseline asks whether the model shows a behavior at all, before anything is concluded about how it does: on how many
// examples the target is its first choice, on how many it prefers the target to the counterfactual, and by how much.
//
//	g, err := m.Baseline(steer.Examples("capitals.jsonl").Test()).Run(ctx)
//	fmt.Println(g.Verdict(), g)
//
// A behavior that a model does not show has no circuit: what is found for it explains something else. BehaviorScores.Baseline
// and Curve.Baseline answer the same from what they know already.
func (m *Model) Baseline(examples ExampleSet) BaselineTask {
	return BaselineTask{m: m, examples: examples}
}

// BaselineTask describes a baseline. Its methods return changed copies.
type BaselineTask struct {
	m        *Model
	examples ExampleSet
	shared   message.Prompt // chat settings for every example
	edits    []Intervention
}

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t BaselineTask) Chat() BaselineTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the examples that have none of their own, and Chat.
func (t BaselineTask) System(s string) BaselineTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the examples that have none of their own, and sets Chat.
func (t BaselineTask) Prefill(s string) BaselineTask { t.shared = t.shared.WithPrefill(s); return t }

// With adds interventions: whether the changed model shows the behavior.
func (t BaselineTask) With(is ...Intervention) BaselineTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t BaselineTask) Ablate(c Circuit) BaselineTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t BaselineTask) Scale(c Circuit, x float64) BaselineTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t BaselineTask) Model() *Model { return t.m }

// Run predicts the examples.
func (t BaselineTask) Run(ctx context.Context) (Baseline, error) { return run(ctx, t) }

// Result builds the baseline around fetch.
func (t BaselineTask) Result(fetch func() Record) Baseline {
	fetched := sync.OnceValue(fetch)
	return newBaseline(func() evidence {
		r := fetched()
		return evidence{each(decodeBody[message.BaselineBody](r).Outcomes, newOutcome), slices.Clone(r.Header.Warnings)}
	}, under(t.edits, func() Header { return fetched().Header }))
}

// Request implements Task.
func (t BaselineTask) Request() (Request, error) {
	examples, rerr := t.examples.Read()
	edits, err := interventions("baseline", t.m, t.edits)
	s := message.BaselineSettings{Edits: edits}
	like := BehaviorTask{positions: []int{-1}, shared: t.shared}
	for _, e := range examples {
		s.Examples = append(s.Examples, like.example(e))
	}
	return newRequest(s, rerr, err)
}

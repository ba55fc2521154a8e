package steer

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Behavior scores neurons by relevance attribution over many prompts, each with its own target and counterfactual: what
// Attribute does for one. The scores of every example are kept, so that the mean over them, the union of them and any
// selection cost nothing more.
//
//	b, err := m.Behavior(steer.Examples("sentiment.jsonl").Train()).Run(ctx)
//	praise := b.Mean().Positive().TopK(20)
func (m *Model) Behavior(examples ExampleSet) BehaviorTask {
	return BehaviorTask{m: m, examples: examples, positions: []int{-1}, rule: engine.RelP}
}

// BehaviorTask describes attributions for many prompts. Its methods return changed copies.
type BehaviorTask struct {
	m         *Model
	examples  ExampleSet
	shared    message.Prompt // chat settings for every example
	top       bool
	runnerUp  bool
	whole     bool
	positions []int
	sum       []message.TermRef // of every example; nil: its own target and counterfactual
	rule      Rule
	edits     []Intervention
	view      view
}

// TargetTop takes the model's own first choice as the target of the examples that name none.
func (t BehaviorTask) TargetTop() BehaviorTask { t.top = true; return t }

// VersusRunnerUp takes the model's best token other than the target as the counterfactual of the examples that name none;
// without it such an example explains its target's logit alone.
func (t BehaviorTask) VersusRunnerUp() BehaviorTask { t.runnerUp = true; return t }

// WholeAnswers explains the log-probability of each target as a whole answer of one or more tokens
// (AttributeTask.TargetText), in nats; counterfactuals are not used.
func (t BehaviorTask) WholeAnswers() BehaviorTask { t.whole = true; return t }

// At sets the positions whose metrics are summed, in every example; the default is −1, the last token.
func (t BehaviorTask) At(positions ...int) BehaviorTask {
	t.positions = slices.Clone(positions)
	return t
}

// Metric explains a weighted sum of logits in every example (AttributeTask.Metric), in place of its own target and
// counterfactual, which are not looked at.
func (t BehaviorTask) Metric(terms ...Term) BehaviorTask {
	t.sum = sumOf(message.Metric{}, terms).Terms
	return t
}

// Rule sets what the backward pass holds constant: RelP (default), Frozen, ConstantQKNorm or Gradient; or IntegratedGradients.
func (t BehaviorTask) Rule(r Rule) BehaviorTask { t.rule = r; return t }

// Chat renders every prompt as a user's turn of the model's chat template. An example may also ask for that itself.
func (t BehaviorTask) Chat() BehaviorTask { t.shared = t.shared.InChat(); return t }

// System sets the system prompt of the examples that have none of their own, and Chat.
func (t BehaviorTask) System(s string) BehaviorTask { t.shared = t.shared.WithSystem(s); return t }

// Prefill begins the answer of the examples that have none of their own, and sets Chat.
func (t BehaviorTask) Prefill(s string) BehaviorTask { t.shared = t.shared.WithPrefill(s); return t }

// With adds interventions, which hold while the scores are computed: the scores are those of the changed activations.
func (t BehaviorTask) With(is ...Intervention) BehaviorTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t BehaviorTask) Ablate(c Circuit) BehaviorTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t BehaviorTask) Scale(c Circuit, x float64) BehaviorTask { return t.With(Scale(c, x)) }

// SkipFirst presets Scores.SkipFirst on every result.
func (t BehaviorTask) SkipFirst() BehaviorTask { t.view = t.view.skipFirst(); return t }

// KeepBOS presets Scores.KeepBOS on every result.
func (t BehaviorTask) KeepBOS() BehaviorTask { t.view.keepBOS = true; return t }

// LastPositions presets Scores.LastPositions on every result.
func (t BehaviorTask) LastPositions(n int) BehaviorTask { t.view = t.view.last(n); return t }

// Model returns the model that the task is about.
func (t BehaviorTask) Model() *Model { return t.m }

// Run computes the scores of all examples.
func (t BehaviorTask) Run(ctx context.Context) (BehaviorScores, error) { return run(ctx, t) }

// Result builds the scores around fetch.
func (t BehaviorTask) Result(fetch func() Record) BehaviorScores {
	return newBehaviorScores(fetch, t.view, t.edits)
}

// example turns one line into its prompt and metric by the task's settings.
func (t BehaviorTask) example(e Example) message.BehaviorExample {
	x := message.BehaviorExample{Prompt: message.Prompt{Text: e.Prompt, Chat: e.Chat || e.System != "" || e.Prefill != "", System: e.System, Prefill: e.Prefill}.Sharing(t.shared)}
	x.Metric.Positions = t.positions
	if t.sum != nil {
		x.Metric.Terms = t.sum
		return x
	}
	switch {
	case t.whole:
		x.Metric.Target = message.TokenRef{How: message.ByAnswer, Text: e.Target}
		return x
	case e.Target != "":
		x.Metric.Target = message.TokenRef{How: message.ByText, Text: e.Target}
	case t.top:
		x.Metric.Target = message.TokenRef{How: message.ByTop}
	}
	switch {
	case e.Versus != "":
		x.Metric.Versus = message.TokenRef{How: message.ByText, Text: e.Versus}
	case t.runnerUp:
		x.Metric.Versus = message.TokenRef{How: message.RunnerUp}
	}
	return x
}

// Request implements Task.
func (t BehaviorTask) Request() (Request, error) {
	examples, rerr := t.examples.Read()
	edits, err := interventions("behavior", t.m, t.edits)
	if t.sum != nil && (t.top || t.runnerUp || t.whole) {
		err = errors.Join(err, engine.Mistake(engine.BadSetting, "Metric sums terms of its own, beside TargetTop, VersusRunnerUp or WholeAnswers").
			Try("leave those out, or Metric"))
	}
	s := message.BehaviorSettings{Rule: t.rule, Edits: edits}
	for _, e := range examples {
		s.Examples = append(s.Examples, t.example(e))
	}
	return newRequest(s, rerr, err)
}

package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Attribute scores every MLP neuron by relevance attribution for one prompt: h'·∂m/∂h' in one forward and one linearized
// backward pass, where m is logit[target] − logit[versus] at the last token (RelP, arXiv 2508.21258; at the inputs of
// down_proj, arXiv 2601.22594). A target is required; nothing is guessed.
//
//	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
func (m *Model) Attribute(prompt string) AttributeTask {
	return AttributeTask{m: m, prompt: message.Prompt{Text: prompt}, metric: message.Metric{Positions: []int{-1}}, rule: engine.RelP}
}

// AttributeTask describes a relevance attribution. Its methods return changed copies.
type AttributeTask struct {
	m      *Model
	prompt message.Prompt
	metric message.Metric
	rule   Rule
	edits  []Intervention
	view   view
}

// Target sets the token that the metric counts for. It must be one token of the vocabulary; mind the leading space.
func (t AttributeTask) Target(token string) AttributeTask {
	t.metric.Target = message.TokenRef{How: message.ByText, Text: token}
	return t
}

// TargetID sets the target by its id, for tokens that no text names.
func (t AttributeTask) TargetID(id int32) AttributeTask {
	t.metric.Target = message.TokenRef{How: message.ByID, ID: id}
	return t
}

// TargetTop takes the model's own first choice at the metric's position as the target. It costs one more forward pass; the
// result records which token it was.
func (t AttributeTask) TargetTop() AttributeTask {
	t.metric.Target = message.TokenRef{How: message.ByTop}
	return t
}

// TargetText explains a whole answer of one or more tokens: the metric is its log-probability after the prompt,
// Σ_i log p(answer_i | prompt, answer_<i), in nats. The answer's tokens but the last stand at the end of the positions.
func (t AttributeTask) TargetText(answer string) AttributeTask {
	t.metric.Target = message.TokenRef{How: message.ByAnswer, Text: answer}
	return t
}

// Versus sets the counterfactual, the token that the metric counts against. Without one the target's logit stands alone.
func (t AttributeTask) Versus(token string) AttributeTask {
	t.metric.Versus = message.TokenRef{How: message.ByText, Text: token}
	return t
}

// VersusID sets the counterfactual by its id.
func (t AttributeTask) VersusID(id int32) AttributeTask {
	t.metric.Versus = message.TokenRef{How: message.ByID, ID: id}
	return t
}

// VersusRunnerUp takes the model's best token other than the target, at the metric's position, as the counterfactual. It
// costs one more forward pass; the result records which token it was.
func (t AttributeTask) VersusRunnerUp() AttributeTask {
	t.metric.Versus = message.TokenRef{How: message.RunnerUp}
	return t
}

// At sets the positions whose metrics are summed; the default is −1, the last token. Negative counts from the end.
func (t AttributeTask) At(positions ...int) AttributeTask {
	t.metric.Positions = slices.Clone(positions)
	return t
}

// Metric explains a weighted sum of logits, of any tokens at any positions, in place of a target and a counterfactual:
//
//	m.Attribute(text).Metric(steer.Logit(" he"), steer.Logit(" him"), steer.Logit(" she").Times(-2), steer.Logit(" was").At(-2))
func (t AttributeTask) Metric(terms ...Term) AttributeTask {
	t.metric = sumOf(t.metric, terms)
	return t
}

// Rule sets what the backward pass holds constant: RelP (default), Frozen, ConstantQKNorm or Gradient; or IntegratedGradients.
func (t AttributeTask) Rule(r Rule) AttributeTask { t.rule = r; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t AttributeTask) Chat() AttributeTask { t.prompt = t.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t AttributeTask) System(s string) AttributeTask { t.prompt = t.prompt.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t AttributeTask) Prefill(s string) AttributeTask { t.prompt = t.prompt.WithPrefill(s); return t }

// With adds interventions, which hold while the scores are computed: the scores are those of the changed activations.
func (t AttributeTask) With(is ...Intervention) AttributeTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t AttributeTask) Ablate(c Circuit) AttributeTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t AttributeTask) Scale(c Circuit, x float64) AttributeTask { return t.With(Scale(c, x)) }

// SkipFirst presets Scores.SkipFirst on the result.
func (t AttributeTask) SkipFirst() AttributeTask { t.view = t.view.skipFirst(); return t }

// KeepBOS presets Scores.KeepBOS on the result.
func (t AttributeTask) KeepBOS() AttributeTask { t.view.keepBOS = true; return t }

// LastPositions presets Scores.LastPositions on the result.
func (t AttributeTask) LastPositions(n int) AttributeTask { t.view = t.view.last(n); return t }

// Model returns the model that the task is about.
func (t AttributeTask) Model() *Model { return t.m }

// Run computes the scores.
func (t AttributeTask) Run(ctx context.Context) (Scores, error) { return run(ctx, t) }

// Result builds the scores around fetch.
func (t AttributeTask) Result(fetch func() Record) Scores {
	return newScores(func() dense { return attributed(fetch()) }, t.view).under(t.edits)
}

// Request implements Task.
func (t AttributeTask) Request() (Request, error) {
	edits, err := interventions("attribute", t.m, t.edits)
	s := message.AttributeSettings{Prompt: t.prompt, Metric: t.metric, Rule: t.rule, Edits: edits}
	return newRequest(s, nil, err)
}

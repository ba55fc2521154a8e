package steer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// LogitLens asks what the model would say next if it ended after each layer: the residual stream there, at every position, through the
// final norm and the unembedding (nostalgebraist, interpreting GPT: the logit lens, 2020). After the last layer it is the model's own
// prediction; early layers need not speak its language.
//
//	lens, err := m.LogitLens("The capital of France is").Run(ctx)
//	fig := plotting.LogitLens(lens)
func (m *Model) LogitLens(prompt string) LogitLensTask {
	return LogitLensTask{m: m, prompt: message.Prompt{Text: prompt}, top: 3}
}

// LogitLensTask describes a logit lens. Its methods return changed copies.
type LogitLensTask struct {
	m      *Model
	prompt message.Prompt
	top    int
	edits  []Intervention
}

// Top sets how many of the most likely tokens are listed for each layer and position; the default is 3.
func (t LogitLensTask) Top(n int) LogitLensTask { t.top = n; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t LogitLensTask) Chat() LogitLensTask { t.prompt = t.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t LogitLensTask) System(s string) LogitLensTask { t.prompt = t.prompt.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t LogitLensTask) Prefill(s string) LogitLensTask { t.prompt = t.prompt.WithPrefill(s); return t }

// With adds interventions, which hold while the model runs.
func (t LogitLensTask) With(is ...Intervention) LogitLensTask {
	t.edits = with(t.edits, is...)
	return t
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t LogitLensTask) Ablate(c Circuit) LogitLensTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t LogitLensTask) Scale(c Circuit, x float64) LogitLensTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t LogitLensTask) Model() *Model { return t.m }

// Run computes the lens.
func (t LogitLensTask) Run(ctx context.Context) (LogitLens, error) { return run(ctx, t) }

// Result builds the lens around fetch.
func (t LogitLensTask) Result(fetch func() Record) LogitLens {
	rec := newResult[message.LogitLensBody](fetch)
	return LogitLens{rec, under(t.edits, rec.header)}
}

// Request implements Task.
func (t LogitLensTask) Request() (Request, error) {
	edits, err := interventions("logit lens", t.m, t.edits)
	return newRequest(message.LogitLensSettings{Prompt: t.prompt, Top: t.top, Edits: edits}, nil, err)
}

// A LogitLens is what a model would say next after each layer at each position.
type LogitLens struct {
	rec result[message.LogitLensBody]
	conditions
}

// Tokens returns the tokens of the prompt [T].
func (l LogitLens) Tokens() []Token { return l.rec.body().Tokens }

// Top returns the most likely tokens after a layer at a position, negative ones counting from the end; nil outside of them.
func (l LogitLens) Top(layer, position int) []Ranked {
	top := l.rec.body().Top
	layer = fromEnd(layer, len(top))
	if layer < 0 || layer >= len(top) {
		return nil
	}
	position = fromEnd(position, len(top[layer]))
	if position < 0 || position >= len(top[layer]) {
		return nil
	}
	return each(top[layer][position], newRanked)
}

// Lens returns the most likely token after each layer at each position, and its probability from 0 to 1, each [L][T].
func (l LogitLens) Lens() (tokens [][]string, probabilities [][]float64) {
	for _, row := range l.rec.body().Top {
		var ts []string
		var ps []float64
		for _, at := range row {
			if len(at) == 0 {
				return nil, nil // a damaged record
			}
			ts, ps = append(ts, at[0].Bytes()), append(ps, at[0].Probability)
		}
		tokens, probabilities = append(tokens, ts), append(probabilities, ps)
	}
	return tokens, probabilities
}

// Labels returns the token at each position of the prompt [T].
func (l LogitLens) Labels() []string { return engine.Labels(l.rec.body().Tokens) }

// Edited returns how many neurons were changed.
func (l LogitLens) Edited() int { return l.rec.body().Edited }

// EditedHeads returns how many attention heads were changed.
func (l LogitLens) EditedHeads() int { return l.rec.body().EditedHeads }

// Warnings returns what a reader must know before concluding anything.
func (l LogitLens) Warnings() []Warning { return slices.Clone(l.rec.record().Header.Warnings) }

// String lists what the model would say at the last position after each layer.
func (l LogitLens) String() string {
	lines := make([]string, len(l.rec.body().Top))
	for i := range lines {
		var b strings.Builder
		fmt.Fprintf(&b, "%3d ", i)
		for _, t := range l.Top(i, -1) {
			fmt.Fprintf(&b, " %q %.3f", t.Bytes(), t.Probability)
		}
		lines[i] = b.String()
	}
	return strings.Join(lines, "\n")
}

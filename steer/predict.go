package steer

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Predict asks for the distribution of the next token.
//
//	p, err := m.Predict("The capital of France is").Of(" Paris", " Rome").Run(ctx)
func (m *Model) Predict(prompt string) PredictTask {
	return PredictTask{m: m, prompt: message.Prompt{Text: prompt}, top: 10}
}

// PredictTask describes a prediction. Its methods return changed copies.
type PredictTask struct {
	m      *Model
	prompt message.Prompt
	of     []message.TokenRef
	top    int
	edits  []Intervention
}

// Of asks for these tokens in particular, whatever their rank. Each must be one token; mind the leading space.
func (t PredictTask) Of(tokens ...string) PredictTask {
	t.of = slices.Clone(t.of)
	for _, s := range tokens {
		t.of = append(t.of, message.TokenRef{How: message.ByText, Text: s})
	}
	return t
}

// Top sets how many of the most likely tokens are listed; the default is 10.
func (t PredictTask) Top(n int) PredictTask { t.top = n; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t PredictTask) Chat() PredictTask { t.prompt = t.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t PredictTask) System(s string) PredictTask { t.prompt = t.prompt.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t PredictTask) Prefill(s string) PredictTask { t.prompt = t.prompt.WithPrefill(s); return t }

// With adds interventions, which hold while the model runs.
func (t PredictTask) With(is ...Intervention) PredictTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t PredictTask) Ablate(c Circuit) PredictTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t PredictTask) Scale(c Circuit, x float64) PredictTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t PredictTask) Model() *Model { return t.m }

// Run computes the prediction.
func (t PredictTask) Run(ctx context.Context) (Prediction, error) { return run(ctx, t) }

// Result builds the prediction around fetch.
func (t PredictTask) Result(fetch func() Record) Prediction {
	rec := newResult[message.PredictBody](fetch)
	return Prediction{rec, under(t.edits, rec.header)}
}

// Request implements Task.
func (t PredictTask) Request() (Request, error) {
	edits, err := interventions("predict", t.m, t.edits)
	s := message.PredictSettings{Prompt: t.prompt, Of: t.of, Top: t.top, Edits: edits}
	return newRequest(s, nil, err)
}

// Prediction is the distribution of the next token.
type Prediction struct {
	rec result[message.PredictBody]
	conditions
}

// Tokens returns the tokens of the prompt.
func (p Prediction) Tokens() []Token { return p.rec.body().Tokens }

// Top returns the most likely tokens: as many as the task asked for, or the first k of them.
func (p Prediction) Top(k ...int) []Ranked {
	if len(k) > 0 {
		return p.TopK(k[0])
	}
	return each(p.rec.body().Top, newRanked)
}

// Of returns the tokens that the task asked for in particular, in that order.
func (p Prediction) Of() []Ranked { return each(p.rec.body().Of, newRanked) }

// Edited returns how many neurons were changed.
func (p Prediction) Edited() int { return p.rec.body().Edited }

// EditedHeads returns how many attention heads were changed.
func (p Prediction) EditedHeads() int { return p.rec.body().EditedHeads }

// Logits returns the logits [V]. It is a view; do not change it.
func (p Prediction) Logits() []float32 { return p.rec.record().Tensors["logits"].Data }

// Token returns the place of any token of the vocabulary.
func (p Prediction) Token(id int32) Ranked {
	return Ranked(message.Rank(p.Logits(), Token{ID: id}))
}

// Warnings returns what a reader must know before concluding anything.
func (p Prediction) Warnings() []Warning { return slices.Clone(p.rec.record().Header.Warnings) }

// String lists the most likely tokens and those asked for.
func (p Prediction) String() string {
	b := p.rec.body()
	var s strings.Builder
	for _, t := range b.Top {
		fmt.Fprintf(&s, "%4d  %-16q %7.3f  %6.2f %%\n", t.Rank, t.Bytes(), t.Logit, 100*t.Probability)
	}
	for _, t := range b.Of {
		if t.Rank > len(b.Top) {
			fmt.Fprintf(&s, "%4d  %-16q %7.3f  %6.2f %%\n", t.Rank, t.Bytes(), t.Logit, 100*t.Probability)
		}
	}
	return strings.TrimSuffix(s.String(), "\n")
}

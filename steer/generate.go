package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Generate continues a prompt with cached keys and values: by the likeliest token each time, or, with a Temperature, by
// tokens that are drawn.
//
//	g, err := m.Generate("The capital of France is").MaxTokens(8).Ablate(circuit).Run(ctx)
//	g, err := m.Generate("Once upon a time").Temperature(.8).TopP(.95).Seed(1).Stop("\n\n").Run(ctx)
//
// The order is that of transformers: the penalty for repetition, temperature, top-k, top-p, min-p, each on what the one
// before has left; of what remains one token is drawn. The same seed gives the same text.
func (m *Model) Generate(prompt string) GenerateTask {
	return GenerateTask{continuing{m: m, prompt: message.Prompt{Text: prompt}, max: 50, penalty: 1, sampling: message.Sampling{TopP: 1}}}
}

// GenerateTask describes a continuation. Its methods return changed copies.
type GenerateTask struct{ c continuing }

// MaxTokens sets how many new tokens are made at most; the default is 50.
func (t GenerateTask) MaxTokens(n int) GenerateTask { t.c.max = n; return t }

// IgnoreEnd goes on past the token that ends a text.
func (t GenerateTask) IgnoreEnd() GenerateTask { t.c.ignoreEnd = true; return t }

// Stop ends the new text before the first of these texts that it contains, wherever the borders of tokens are. Several
// calls add up.
func (t GenerateTask) Stop(texts ...string) GenerateTask {
	t.c.stop = append(slices.Clone(t.c.stop), texts...)
	return t
}

// Temperature draws the tokens, from probabilities that are those of the model at 1, sharper below and flatter above.
func (t GenerateTask) Temperature(x float64) GenerateTask { t.c = t.c.temperature(x); return t }

// TopK draws from the k likeliest tokens, and those that are as likely as the last one; 0, the default, is all.
func (t GenerateTask) TopK(k int) GenerateTask { t.c.sampling.TopK = k; return t }

// TopP draws from the fewest likely tokens that have at least the share p of the probability; 1, the default, is all.
func (t GenerateTask) TopP(p float64) GenerateTask { t.c.sampling.TopP = p; return t }

// MinP draws from the tokens that have at least p times the probability of the likeliest one; 0, the default, is all.
func (t GenerateTask) MinP(p float64) GenerateTask { t.c.sampling.MinP = p; return t }

// Seed sets the seed of what is drawn; the default is 0.
func (t GenerateTask) Seed(seed uint64) GenerateTask { t.c.sampling.Seed = seed; return t }

// RepetitionPenalty divides the logits of tokens that are in the prompt or in the text already by x where they are
// positive, and multiplies them where they are not; 1, the default, is none. It counts without a Temperature too.
func (t GenerateTask) RepetitionPenalty(x float64) GenerateTask { t.c.penalty = x; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t GenerateTask) Chat() GenerateTask { t.c.prompt = t.c.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t GenerateTask) System(s string) GenerateTask {
	t.c.prompt = t.c.prompt.WithSystem(s)
	return t
}

// Prefill begins the answer of the chat template, and sets Chat.
func (t GenerateTask) Prefill(s string) GenerateTask {
	t.c.prompt = t.c.prompt.WithPrefill(s)
	return t
}

// With adds interventions, which hold in the prompt and in the new text; a scope limits them.
func (t GenerateTask) With(is ...Intervention) GenerateTask {
	t.c.edits = with(t.c.edits, is...)
	return t
}

// AddVector adds x times the vector where it was taken, in the prompt and in the new text: With(AddVector(v, x)).
func (t GenerateTask) AddVector(v Vector, x float64) GenerateTask { return t.With(AddVector(v, x)) }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t GenerateTask) Ablate(c Circuit) GenerateTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t GenerateTask) Scale(c Circuit, x float64) GenerateTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t GenerateTask) Model() *Model { return t.c.m }

// Run computes the continuation.
func (t GenerateTask) Run(ctx context.Context) (Generation, error) { return run(ctx, t) }

// Result builds the continuation around fetch.
func (t GenerateTask) Result(fetch func() Record) Generation {
	rec := newResult[message.GenerateBody](fetch)
	return Generation{func() (message.GenerateBody, []Warning) { return rec.body(), rec.header().Warnings }, under(t.c.edits, rec.header)}
}

// Request implements Task.
func (t GenerateTask) Request() (Request, error) {
	c, err := t.c.settings("generate")
	return newRequest(message.GenerateSettings{Prompt: t.c.prompt, Continuation: c}, nil, err)
}

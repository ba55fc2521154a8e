package steer

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Generate continues a prompt greedily, with cached keys and values.
//
//	g, err := m.Generate("The capital of France is").MaxTokens(8).Ablate(circuit).Run(ctx)
func (m *Model) Generate(prompt string) GenerateTask {
	return GenerateTask{m: m, prompt: message.Prompt{Text: prompt}, max: 50}
}

// GenerateTask describes a continuation. Its methods return changed copies.
type GenerateTask struct {
	m         *Model
	prompt    message.Prompt
	max       int
	ignoreEnd bool
	edits     []Intervention
}

// MaxTokens sets how many new tokens are made at most; the default is 50.
func (t GenerateTask) MaxTokens(n int) GenerateTask { t.max = n; return t }

// IgnoreEnd goes on past the token that ends a text.
func (t GenerateTask) IgnoreEnd() GenerateTask { t.ignoreEnd = true; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t GenerateTask) Chat() GenerateTask { t.prompt = t.prompt.InChat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t GenerateTask) System(s string) GenerateTask { t.prompt = t.prompt.WithSystem(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t GenerateTask) Prefill(s string) GenerateTask { t.prompt = t.prompt.WithPrefill(s); return t }

// With adds interventions, which hold in the prompt and in the new text; a scope limits them.
func (t GenerateTask) With(is ...Intervention) GenerateTask { t.edits = with(t.edits, is...); return t }

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t GenerateTask) Ablate(c Circuit) GenerateTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t GenerateTask) Scale(c Circuit, x float64) GenerateTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t GenerateTask) Model() *Model { return t.m }

// Run computes the continuation.
func (t GenerateTask) Run(ctx context.Context) (Generation, error) { return run(ctx, t) }

// Result builds the continuation around fetch.
func (t GenerateTask) Result(fetch func() Record) Generation {
	return Generation{newResult[message.GenerateBody](fetch)}
}

// Request implements Task.
func (t GenerateTask) Request() (Request, error) {
	edits, err := interventions("generate", t.m, t.edits)
	s := message.GenerateSettings{Prompt: t.prompt, MaxTokens: t.max, IgnoreEnd: t.ignoreEnd, Edits: edits}
	return newRequest(s, nil, err)
}

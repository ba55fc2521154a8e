package steer

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Generate continues a prompt greedily, with cached keys and values.
//
//	g, err := m.Generate("The capital of France is").MaxTokens(8).Ablate(circuit).Run(ctx)
func (m *Model) Generate(prompt string) GenerateTask {
	return GenerateTask{m: m, prompt: promptSpec{Text: prompt}, max: 50}
}

// GenerateTask describes a continuation. Its methods return changed copies.
type GenerateTask struct {
	m         *Model
	prompt    promptSpec
	max       int
	ignoreEnd bool
	edits     []Intervention
}

// MaxTokens sets how many new tokens are made at most; the default is 50.
func (t GenerateTask) MaxTokens(n int) GenerateTask { t.max = n; return t }

// IgnoreEnd goes on past the token that ends a text.
func (t GenerateTask) IgnoreEnd() GenerateTask { t.ignoreEnd = true; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t GenerateTask) Chat() GenerateTask { t.prompt = t.prompt.chat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t GenerateTask) System(s string) GenerateTask { t.prompt = t.prompt.system(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t GenerateTask) Prefill(s string) GenerateTask { t.prompt = t.prompt.prefilled(s); return t }

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
func (t GenerateTask) Result(fetch func() Record) Generation { return Generation{fetch} }

const generateVersion = 2

type generateSettings struct {
	Prompt    promptSpec     `json:"prompt"`
	MaxTokens int            `json:"maxTokens"`
	IgnoreEnd bool           `json:"ignoreEnd"`
	Edits     []intervention `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s generateSettings) check() error {
	errs := []error{s.Prompt.check("generate")}
	if s.MaxTokens < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "generate", "MaxTokens(%d) makes no token", s.MaxTokens).Try("use MaxTokens(50)"))
	}
	return errors.Join(errs...)
}

// Request implements Task.
func (t GenerateTask) Request() (Request, error) {
	edits, err := interventions("generate", t.edits)
	s := generateSettings{t.prompt, t.max, t.ignoreEnd, edits}
	if err := errors.Join(s.check(), err); err != nil {
		return Request{}, err
	}
	return newRequest("generate", generateVersion, s)
}

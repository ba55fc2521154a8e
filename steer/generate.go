package steer

import (
	"context"
	"errors"
)

// Generate continues a prompt greedily, with cached keys and values.
//
//	g, err := m.Generate("The capital of France is").MaxTokens(8).Ablate(circuit).Run(ctx)
func (m *Model) Generate(prompt string) GenerateTask {
	return GenerateTask{m: m, prompt: prompt, max: 50}
}

// GenerateTask describes a continuation. Its methods return changed copies.
type GenerateTask struct {
	m         *Model
	prompt    string
	max       int
	ignoreEnd bool
	edits     []pending
}

// MaxTokens sets how many new tokens are made at most; the default is 50.
func (t GenerateTask) MaxTokens(n int) GenerateTask { t.max = n; return t }

// IgnoreEnd goes on past the token that ends a text.
func (t GenerateTask) IgnoreEnd() GenerateTask { t.ignoreEnd = true; return t }

// Ablate sets the circuit's neurons to zero at every position, of the prompt and of the new text.
func (t GenerateTask) Ablate(c Circuit) GenerateTask { return t.Scale(c, 0) }

// Scale multiplies the circuit's neurons by x at every position, of the prompt and of the new text.
func (t GenerateTask) Scale(c Circuit, x float64) GenerateTask {
	t.edits = withScale(t.edits, c, x)
	return t
}

// Model returns the model that the task is about.
func (t GenerateTask) Model() *Model { return t.m }

// Run computes the continuation.
func (t GenerateTask) Run(ctx context.Context) (Generation, error) { return run(ctx, t) }

// Result builds the continuation around fetch.
func (t GenerateTask) Result(fetch func() Record) Generation { return Generation{fetch} }

const generateVersion = 1

type generateSettings struct {
	Prompt    string         `json:"prompt"`
	MaxTokens int            `json:"maxTokens"`
	IgnoreEnd bool           `json:"ignoreEnd"`
	Edits     []intervention `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s generateSettings) check() error {
	errs := []error{checkPrompt("generate", s.Prompt)}
	if s.MaxTokens < 1 {
		errs = append(errs, Errorf(BadSetting, "generate", "MaxTokens(%d) makes no token", s.MaxTokens).Try("use MaxTokens(50)"))
	}
	return errors.Join(append(errs, checkInterventions("generate", s.Edits))...)
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

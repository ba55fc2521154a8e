package steer

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// GenerateEach continues many prompts at once, each as if it were alone: prompt i as Generate(prompts[i]) does, with the
// seed raised by i.
//
//	all, err := m.GenerateEach(prompts...).MaxTokens(20).Ablate(circuit).Run(ctx)
//	for _, g := range all.List() { fmt.Println(g.Text()) }
func (m *Model) GenerateEach(prompts ...string) GenerateEachTask {
	return GenerateEachTask{one: m.Generate(""), prompts: slices.Clone(prompts)}
}

// GenerateEachTask describes continuations of many prompts. Its methods return changed copies, and are those of
// GenerateTask.
type GenerateEachTask struct {
	one     GenerateTask // what all share
	prompts []string
}

// MaxTokens sets how many new tokens each prompt gets at most; the default is 50.
func (t GenerateEachTask) MaxTokens(n int) GenerateEachTask { t.one = t.one.MaxTokens(n); return t }

// IgnoreEnd goes on past the token that ends a text.
func (t GenerateEachTask) IgnoreEnd() GenerateEachTask { t.one = t.one.IgnoreEnd(); return t }

// Stop ends each new text before the first of these texts that it contains; see GenerateTask.Stop.
func (t GenerateEachTask) Stop(texts ...string) GenerateEachTask {
	t.one = t.one.Stop(texts...)
	return t
}

// Temperature draws the tokens; see GenerateTask.Temperature.
func (t GenerateEachTask) Temperature(x float64) GenerateEachTask {
	t.one = t.one.Temperature(x)
	return t
}

// TopK draws from the k likeliest tokens; see GenerateTask.TopK.
func (t GenerateEachTask) TopK(k int) GenerateEachTask { t.one = t.one.TopK(k); return t }

// TopP draws from the fewest likely tokens that have at least the share p of the probability; see GenerateTask.TopP.
func (t GenerateEachTask) TopP(p float64) GenerateEachTask { t.one = t.one.TopP(p); return t }

// MinP draws from the tokens that have at least p times the probability of the likeliest one; see GenerateTask.MinP.
func (t GenerateEachTask) MinP(p float64) GenerateEachTask { t.one = t.one.MinP(p); return t }

// Seed sets the seed of what is drawn for the first prompt; each of the following has the next. The default is 0.
func (t GenerateEachTask) Seed(seed uint64) GenerateEachTask { t.one = t.one.Seed(seed); return t }

// RepetitionPenalty makes tokens that are in the prompt or in its text already less likely; see GenerateTask.
func (t GenerateEachTask) RepetitionPenalty(x float64) GenerateEachTask {
	t.one = t.one.RepetitionPenalty(x)
	return t
}

// Chat renders each prompt as a user's turn of the model's chat template.
func (t GenerateEachTask) Chat() GenerateEachTask { t.one = t.one.Chat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t GenerateEachTask) System(s string) GenerateEachTask { t.one = t.one.System(s); return t }

// Prefill begins each answer of the chat template, and sets Chat.
func (t GenerateEachTask) Prefill(s string) GenerateEachTask { t.one = t.one.Prefill(s); return t }

// With adds interventions, which hold in the prompts and in the new texts; a scope limits them.
func (t GenerateEachTask) With(is ...Intervention) GenerateEachTask {
	t.one = t.one.With(is...)
	return t
}

// AddVector adds x times the vector where it was taken, in the prompts and in the new texts: With(AddVector(v, x)).
func (t GenerateEachTask) AddVector(v Vector, x float64) GenerateEachTask {
	return t.With(AddVector(v, x))
}

// Ablate sets the circuit's neurons to zero at every position: With(Ablate(c)).
func (t GenerateEachTask) Ablate(c Circuit) GenerateEachTask { return t.With(Ablate(c)) }

// Scale multiplies the circuit's neurons by x at every position: With(Scale(c, x)).
func (t GenerateEachTask) Scale(c Circuit, x float64) GenerateEachTask { return t.With(Scale(c, x)) }

// Model returns the model that the task is about.
func (t GenerateEachTask) Model() *Model { return t.one.c.m }

// Run computes the continuations.
func (t GenerateEachTask) Run(ctx context.Context) (Generations, error) { return run(ctx, t) }

// Result builds the continuations around fetch.
func (t GenerateEachTask) Result(fetch func() Record) Generations {
	rec := newResult[message.GenerateEachBody](fetch)
	return Generations{rec, under(t.one.c.edits, rec.header)}
}

// Request implements Task.
func (t GenerateEachTask) Request() (Request, error) {
	c, err := t.one.c.settings("generate each")
	return newRequest(message.GenerateEachSettings{Prompts: t.one.c.prompt.Texts(t.prompts), Continuation: c}, nil, err)
}

package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Predict asks for the distribution of the next token.
//
//	p, err := m.Predict("The capital of France is").Of(" Paris", " Rome").Run(ctx)
func (m *Model) Predict(prompt string) PredictTask {
	return PredictTask{m: m, prompt: promptSpec{Text: prompt}, top: 10}
}

// PredictTask describes a prediction. Its methods return changed copies.
type PredictTask struct {
	m      *Model
	prompt promptSpec
	of     []tokenRef
	top    int
	edits  []Intervention
}

// Of asks for these tokens in particular, whatever their rank. Each must be one token; mind the leading space.
func (t PredictTask) Of(tokens ...string) PredictTask {
	t.of = slices.Clone(t.of)
	for _, s := range tokens {
		t.of = append(t.of, tokenRef{How: byText, Text: s})
	}
	return t
}

// Top sets how many of the most likely tokens are listed; the default is 10.
func (t PredictTask) Top(n int) PredictTask { t.top = n; return t }

// Chat renders the prompt as a user's turn of the model's chat template.
func (t PredictTask) Chat() PredictTask { t.prompt = t.prompt.chat(); return t }

// System sets the system prompt of the chat template, and Chat.
func (t PredictTask) System(s string) PredictTask { t.prompt = t.prompt.system(s); return t }

// Prefill begins the answer of the chat template, and sets Chat.
func (t PredictTask) Prefill(s string) PredictTask { t.prompt = t.prompt.prefilled(s); return t }

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
func (t PredictTask) Result(fetch func() Record) Prediction { return Prediction{fetch} }

const predictVersion = 2

type predictSettings struct {
	Prompt promptSpec     `json:"prompt"`
	Of     []tokenRef     `json:"of"`
	Top    int            `json:"top"`
	Edits  []intervention `json:"edits"`
}

// check reports all mistakes that can be seen without a tokenizer.
func (s predictSettings) check() error {
	errs := []error{s.Prompt.check("predict")}
	if s.Top < 1 {
		errs = append(errs, engine.Errorf(engine.BadSetting, "predict", "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	for _, r := range s.Of {
		if r.How != byText || r.Text == "" {
			errs = append(errs, engine.Errorf(engine.BadSetting, "predict", "Of names an empty token").Try(`use Of(" word")`))
		}
		errs = append(errs, checkText("predict", "token", r.Text))
	}
	return errors.Join(errs...)
}

// Request implements Task.
func (t PredictTask) Request() (Request, error) {
	edits, err := interventions("predict", t.edits)
	s := predictSettings{t.prompt, t.of, t.top, edits}
	if err := errors.Join(s.check(), err); err != nil {
		return Request{}, err
	}
	return newRequest("predict", predictVersion, s)
}

type predictBody struct {
	Tokens []engine.Token `json:"tokens"`
	Top    []Ranked       `json:"top"`
	Of     []Ranked       `json:"of"`
	Edited int            `json:"edited"` // number of neurons changed
}

// executePredict computes the tensor "logits" [V] at the last position.
func executePredict(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s predictSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	tokens, warnings, err := s.Prompt.read(text, e.Shape(), "predict", 0)
	errs := []error{err, checkInterventions("predict", e.Shape(), s.Edits)}
	of := make([]engine.Token, len(s.Of))
	l := s.Prompt.lead(text)
	for i, ref := range s.Of {
		var doubts []Warning
		of[i], doubts, err = ref.resolve(l, "predict", "token")
		errs, warnings = append(errs, err), append(warnings, doubts...)
	}
	if err := errors.Join(errs...); err != nil {
		return Record{}, err
	}
	edit, _ := compose(e.Shape(), s.Edits, len(tokens), startsWithBOS(text, tokens))
	f, err := e.Forward(ctx, engine.Forward{IDs: [][]int32{ids(tokens)}, Edit: edit}, progress(emit, "forward"))
	if err != nil {
		return Record{}, fmt.Errorf("predict: %w", err)
	}
	if err := finiteLogits("predict", f.Logits[0]); err != nil {
		return Record{}, err
	}
	b := predictBody{Tokens: tokens, Top: topTokens(f.Logits[0], s.Top, text), Edited: edited(s.Edits)}
	for _, t := range of {
		b.Of = append(b.Of, rank(f.Logits[0], t))
	}
	return record(b, warnings, map[string]Tensor{"logits": {Shape: []int{len(f.Logits[0])}, Data: f.Logits[0]}})
}

// topTokens ranks the k most likely tokens by logits [V], ties by id.
func topTokens(logits []float32, k int, text engine.Tokenizer) []Ranked {
	ids := largestSigned(logits, k)
	out := make([]Ranked, len(ids))
	for i, id := range ids {
		t, _ := text.Token(int32(id))
		out[i] = rank(logits, t)
	}
	return out
}

func edited(is []intervention) int {
	seen := map[Neuron]bool{}
	for _, i := range is {
		for _, n := range i.Neurons {
			seen[n] = true
		}
	}
	return len(seen)
}

// Prediction is the distribution of the next token.
type Prediction struct{ rec fetched }

// Tokens returns the tokens of the prompt.
func (p Prediction) Tokens() []engine.Token { return body[predictBody](p.rec.record()).Tokens }

// Top returns the most likely tokens, as many as the task asked for.
func (p Prediction) Top() []Ranked { return body[predictBody](p.rec.record()).Top }

// Of returns the tokens that the task asked for in particular, in that order.
func (p Prediction) Of() []Ranked { return body[predictBody](p.rec.record()).Of }

// Edited returns how many neurons were changed.
func (p Prediction) Edited() int { return body[predictBody](p.rec.record()).Edited }

// Logits returns the logits [V]. It is a view; do not change it.
func (p Prediction) Logits() []float32 { return p.rec.record().Tensors["logits"].Data }

// Token returns the place of any token of the vocabulary.
func (p Prediction) Token(id int32) Ranked { return rank(p.Logits(), engine.Token{ID: id}) }

// Warnings returns what a reader must know before concluding anything.
func (p Prediction) Warnings() []Warning { return slices.Clone(p.rec.record().Header.Warnings) }

// String lists the most likely tokens and those asked for.
func (p Prediction) String() string {
	b := body[predictBody](p.rec.record())
	var s strings.Builder
	for _, t := range b.Top {
		fmt.Fprintf(&s, "%4d  %-16q %7.3f  %6.2f %%\n", t.Rank, t.Text, t.Logit, 100*t.Probability)
	}
	for _, t := range b.Of {
		if t.Rank > len(b.Top) {
			fmt.Fprintf(&s, "%4d  %-16q %7.3f  %6.2f %%\n", t.Rank, t.Text, t.Logit, 100*t.Probability)
		}
	}
	return strings.TrimSuffix(s.String(), "\n")
}

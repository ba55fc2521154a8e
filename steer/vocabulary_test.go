package steer_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// fewer is a tokenizer without some of the ids of its model, as padded embeddings have them.
type fewer struct {
	engine.Tokenizer
	missing []int32
}

func (x fewer) Token(id int32) (engine.Token, bool) {
	if slices.Contains(x.missing, id) {
		return engine.Token{}, false // as careless as a tokenizer can be
	}
	return x.Tokenizer.Token(id)
}

// more is a tokenizer with a word that the model has no logit for.
type more struct {
	engine.Tokenizer
	V int
}

func (x more) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	at := strings.Index(s, "<tool>")
	if at < 0 {
		return x.Tokenizer.Encode(s, how)
	}
	ts, err := x.Tokenizer.Encode(s[:at], how)
	return append(ts, engine.Token{ID: int32(x.V), Piece: "<tool>", Text: "<tool>", Start: at, End: len(s)}), err
}

// TestIDsWithoutAToken runs every task whose answer is a token of the model's own choice where the tokenizer has no token
// for any id: each shows the id, and none shows id 0.
func TestIDsWithoutAToken(t *testing.T) {
	e := steertest.NewEngine()
	whole := steertest.NewModel()
	ref, err := whole.Predict("The capital of France is").Top(e.Shape().Vocab).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	first, second := ref.Top()[0].ID, ref.Top()[1].ID
	x := fewer{Tokenizer: steertest.NewText()}
	for id := range int32(e.Shape().Vocab) {
		x.missing = append(x.missing, id)
	}
	m := steertest.ModelOf(e, x)
	unnamed := func(what string, got engine.Token, id int32) {
		t.Helper()
		if want := fmt.Sprintf("<id %d>", id); got.ID != id || got.Text != want || got.Piece != want {
			t.Errorf("%s: %+v, want %s", what, got, want)
		}
	}
	p, err := m.Predict("The capital of France is").Top(2).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unnamed("first choice", p.Top()[0].Token, first)
	unnamed("second choice", p.Top()[1].Token, second)
	s, err := m.Attribute("The capital of France is").TargetTop().VersusRunnerUp().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unnamed("target", s.Target().Token, first)
	versus, _ := s.Versus()
	unnamed("runner-up", versus, second)
	if s, err = m.Attribute("The capital of France is").TargetID(second).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	unnamed("target by id", s.Target().Token, second)
	want, err := whole.Generate("The capital of France is").MaxTokens(4).IgnoreEnd().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	g, err := m.Generate("The capital of France is").MaxTokens(4).IgnoreEnd().Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range g.Tokens() {
		unnamed(fmt.Sprintf("new token %d", i), k, want.Tokens()[i].ID)
	}
	w, err := m.Writes(steer.NewCircuit("x", steer.Neuron{})).Top(1).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ref1, err := whole.Writes(steer.NewCircuit("x", steer.Neuron{})).Top(1).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	unnamed("written", w.All()[0].Promoted[0].Token, ref1.All()[0].Promoted[0].ID)
}

// TestIDsOutsideTheModel names, by text and by id, a token that the model has no logit for: an error in every task that
// looks up a token or reads a text.
func TestIDsOutsideTheModel(t *testing.T) {
	e := steertest.NewEngine()
	V := e.Shape().Vocab
	m := steertest.ModelOf(e, more{steertest.NewText(), V})
	const prompt = "The capital of France is"
	examples := steer.NewExamples(steer.Example{Prompt: prompt, Target: "<tool>"})
	c := steer.NewCircuit("x", steer.Neuron{})
	ask := map[string]func() error{
		"attribute": func() error { _, err := m.Attribute(prompt).Target("<tool>").Run(t.Context()); return err },
		"attribute, versus": func() error {
			_, err := m.Attribute(prompt).Target(" Paris").Versus("<tool>").Run(t.Context())
			return err
		},
		"attribute, answer": func() error { _, err := m.Attribute(prompt).TargetText(" Paris<tool>").Run(t.Context()); return err },
		"attribute, id":     func() error { _, err := m.Attribute(prompt).TargetID(int32(V)).Run(t.Context()); return err },
		"behavior":          func() error { _, err := m.Behavior(examples).Run(t.Context()); return err },
		"baseline":          func() error { _, err := m.Baseline(examples).Run(t.Context()); return err },
		"predict":           func() error { _, err := m.Predict(prompt).Of("<tool>").Run(t.Context()); return err },
		"predict, prompt":   func() error { _, err := m.Predict("<tool>").Run(t.Context()); return err },
		"generate":          func() error { _, err := m.Generate("<tool>").Run(t.Context()); return err },
		"sweep": func() error {
			_, err := m.Sweep(c, 0).On(prompt).Measure("<tool>", "").Run(t.Context())
			return err
		},
		"sweep, id": func() error {
			_, err := m.Sweep(c, 0).On(prompt).MeasureIDs(int32(V), -1).Run(t.Context())
			return err
		},
		"capture": func() error { _, err := m.Capture("<tool>").From(steer.Residual).Run(t.Context()); return err },
		"tokens":  func() error { _, err := m.Tokens("<tool>").Run(t.Context()); return err },
	}
	for name, f := range ask {
		if err := f(); !errors.Is(err, steer.NotOneToken) || !strings.Contains(err.Error(), fmt.Sprint(V)) {
			t.Errorf("%s: %v, want an error that names %d", name, err, V)
		}
	}
}

// TestRankOutsideTheVocabulary: an id that has no logit has no rank.
func TestRankOutsideTheVocabulary(t *testing.T) {
	p, err := steertest.NewModel().Predict("The capital of France is").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []int32{-1, int32(len(p.Logits())), 1 << 30} {
		if r := p.Token(id); r.Rank != 0 || r.Probability != 0 || r.ID != id {
			t.Errorf("id %d: %+v, want rank 0", id, r)
		}
	}
}

// TestHintsOfSplitWords: a missing space is proposed, and bytes of a character are shown as one.
func TestHintsOfSplitWords(t *testing.T) {
	m := steertest.NewModel()
	for word, want := range map[string]string{
		"Paris":       `with a space before it, it is one: " Paris"`,
		"🙂":           `is 4 tokens ("🙂"); use a one-token word`,
		" Sacramento": `is 3 tokens (" S|acr|amento"); use a one-token word, e.g. " S"`,
	} {
		_, err := m.Predict("The capital of France is").Of(word).Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", word, err, want)
		}
	}
}

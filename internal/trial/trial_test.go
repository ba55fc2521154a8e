package trial

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestAskIsWhatTasksSay: the numbers of an answer are those of the tasks; off is ablated, on is scaled, and a dose of 1 with
// all on changes nothing.
func TestAskIsWhatTasksSay(t *testing.T) {
	m := steertest.NewModel()
	q := Question{Prompt: "The capital of France is", Of: []string{" Paris", " Rome"}, On: []string{"L0/N1", "L1/N2"}, Dose: 1, MaxTokens: 3}
	a, err := Ask(t.Context(), m, q)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range a.Rows {
		if r.Before != r.After {
			t.Errorf("nothing was changed, and %q has %v and %v", r.Token, r.Before, r.After)
		}
	}
	if a.Units != 0 || a.Before.Text != a.After.Text || a.Before.Text == "" || *a.Before.Difference != *a.After.Difference {
		t.Errorf("%+v", a)
	}
	q.On, q.Off, q.Dose = []string{"L1/N2"}, []string{"L0/N1"}, 3
	if a, err = Ask(t.Context(), m, q); err != nil {
		t.Fatal(err)
	}
	want, err := m.Predict(q.Prompt).Of(q.Of...).Top(most).With(steer.Ablate(steer.Neurons("L0/N1")), steer.Scale(steer.Neurons("L1/N2"), 3)).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range want.Of() {
		if got := a.Rows[i]; !got.Asked || got.Token != r.Text || got.After != (Next{r.Probability, r.Logit}) || got.After == got.Before {
			t.Errorf("%+v, want %+v", got, r)
		}
	}
	for _, r := range want.Top() {
		if !slices.ContainsFunc(a.Rows, func(x Row) bool { return x.Token == r.Text && x.After.Logit == r.Logit }) {
			t.Errorf("%q is not told", r.Text)
		}
	}
	if a.Units != 2 || len(a.Tokens) != len(want.Tokens()) {
		t.Errorf("%d units, tokens %q", a.Units, a.Tokens)
	}
}

// TestMistakesAreWords: what a reader can get wrong is said, with what to do, and nothing panics.
func TestMistakesAreWords(t *testing.T) {
	m := steertest.NewModel()
	for name, c := range map[string]struct {
		q    Question
		says string
	}{
		"empty":   {Question{Prompt: " "}, "the prompt is empty; type"},
		"word":    {Question{Prompt: "The capital of France is", Of: []string{" Sacramento"}}, "is 3 tokens"},
		"unit":    {Question{Prompt: "The capital of France is", Off: []string{"what"}}, "what"},
		"no unit": {Question{Prompt: "The capital of France is", Off: []string{"L99/N0"}}, "L99/N0"},
	} {
		_, err := Ask(t.Context(), m, c.q)
		if err == nil || !strings.Contains(Words(err), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package steer_test

import (
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLawPositionsWhileGenerating: a circuit that is scaled at its own positions alone changes the prompt, whatever new
// text follows: each new token is what a prediction of all before it gives under the same intervention.
func TestLawPositionsWhileGenerating(t *testing.T) {
	const prompt = "The capital of France is"
	s, err := fake.Attribute(prompt).Target(" Paris").Versus(" Rome").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := s.TopEntries(2)
	if !slices.ContainsFunc(c.Entries(), func(e steer.Entry) bool { return e.Position == 5 }) {
		t.Fatalf("the circuit has nothing at the last position: %v", c.Entries())
	}
	plain, err := fake.Generate(prompt).MaxTokens(3).Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changed := false
	for _, x := range []float64{0, -2} {
		i := steer.Scale(c, x).AtPositions()
		g, err := fake.Generate(prompt).MaxTokens(3).IgnoreEnd().With(i).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text := prompt
		for k, token := range g.Tokens() {
			p, err := fake.Predict(text).Top(1).With(i).Run(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if p.Top()[0].ID != token.ID {
				t.Fatalf("×%v: new token %d is %q, predicted %q", x, k, token.Text, p.Top()[0].Text)
			}
			text += token.Text
		}
		changed = changed || !slices.Equal(g.IDs(), plain.IDs())
	}
	if !changed {
		t.Error("no intervention changes what is generated")
	}
}

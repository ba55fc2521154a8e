package steer_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestSweepUnderConditions: a sweep beside interventions that act under a condition, by position or by prompt, or that take a
// direction out, measures what predictions with these and the scaled circuit give, one by one.
func TestSweepUnderConditions(t *testing.T) {
	v := run(t, fake.ControlVector(steer.NewPairs(steer.Pair{Positive: france, Negative: italy}, steer.Pair{Positive: "The film", Negative: "The city"})))
	late, c := v.Layers(1, -1), steer.Neurons("L1/N2, L2/N3, L2/H1")
	acted := 0
	for name, i := range map[string]steer.Intervention{
		"when":           steer.AddVector(late, 2).When(v.Layers(0, 0), 0),
		"by prompt":      steer.AddVector(late, 2).When(v.Layers(0, 0), 0).ByPrompt(),
		"scaled, when":   steer.Scale(c, -1).When(v.Layers(0, 0), 0),
		"projection":     steer.ProjectOut(v, 1),
		"half, gated":    steer.ProjectOut(late, .5).When(v.Layers(0, 0), 0).ByPrompt(),
		"never":          steer.Ablate(c).When(v.Layers(0, 0), 1e9),
		"skipping a BOS": steer.AddVector(late, 2).When(v.Layers(0, 0), 0).SkipBOS(),
	} {
		curve := run(t, fake.Sweep(c, 0, .5, 1, 3).OnExamples(between()).With(i).Controls(2))
		change := 0.
		for k, x := range []float64{0, .5, 1, 3} {
			for n, e := range between().All() {
				of := func(is ...steer.Intervention) float64 {
					p := run(t, fake.Predict(e.Prompt).Of(e.Target, e.Versus).With(is...))
					return p.Of()[0].Logit - p.Of()[1].Logit
				}
				want := of(i, steer.Scale(c, x))
				change = max(change, math.Abs(want-of(steer.Scale(c, x))))
				if got := curve.Prompts()[n][k]; math.Abs(got-want) > 1e-4 {
					t.Errorf("%s, %q × %v: %v, want %v", name, e.Prompt, x, got, want)
				}
			}
		}
		if change > 1e-3 {
			acted++
		}
	}
	if acted != 6 {
		t.Errorf("%d of 7 interventions act", acted)
	}
}

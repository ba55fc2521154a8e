//go:build cgo

package local_test

import (
	"math"
	"testing"
)

// TestLawLensEndsInThePrediction: what a logit lens reads after the last layer is what the model says, its final norm included.
func TestLawLensEndsInThePrediction(t *testing.T) {
	for ref, c := range models {
		t.Run(ref, func(t *testing.T) {
			m, prompt := engineOf(t, ref), c.examples[0].Prompt
			lens, last := run(t, m.LogitLens(prompt).Top(5)), run(t, m.Predict(prompt).Top(5))
			for k, want := range last.Top() {
				if got := lens.Top(-1, -1)[k]; got.ID != want.ID || math.Abs(got.Probability-want.Probability) > 1e-5 {
					t.Errorf("place %d is %+v, the prediction %+v", k, got, want)
				}
			}
		})
	}
}

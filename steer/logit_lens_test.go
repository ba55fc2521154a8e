package steer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLogitLens: after every layer at every position it is the reading of the residual stream there, and after the last layer at the
// last position the prediction.
func TestLogitLens(t *testing.T) {
	c := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome")).TopK(1)
	for name, x := range map[string]struct {
		lens    steer.LogitLensTask
		capture steer.CaptureTask
		predict steer.PredictTask
		edited  int
	}{
		"as it is": {fake.LogitLens(france), fake.Capture(france), fake.Predict(france), 0},
		"ablated":  {fake.LogitLens(france).Ablate(c), fake.Capture(france).Ablate(c), fake.Predict(france).Ablate(c), 1},
	} {
		lens, inside, last := run(t, x.lens.Top(4)), run(t, x.capture.From(steer.Residual)), run(t, x.predict.Top(4))
		tokens, p := lens.Lens()
		L, T := inside.Shape().Layers, len(inside.Tokens())
		if len(tokens) != L || len(p) != L || len(lens.Labels()) != T || lens.Labels()[4] != " France" || lens.Edited() != x.edited || lens.EditedHeads() != 0 {
			t.Fatalf("%s: %d layers, %q, %d changed", name, len(tokens), lens.Labels(), lens.Edited())
		}
		for l := range L {
			for at := range T {
				want := run(t, fake.Unembed(inside.Row(steer.Residual, l, at)).Normed().Top(4)).Top(0)
				for k, got := range lens.Top(l, at) {
					if got.ID != want[k].ID || got.Rank != k+1 || math.Abs(got.Logit-want[k].Logit) > 1e-6 || math.Abs(got.Probability-want[k].Probability) > 1e-9 {
						t.Fatalf("%s: layer %d, position %d, place %d: %+v, want %+v", name, l, at, k, got, want[k])
					}
				}
				if first := lens.Top(l, at)[0]; tokens[l][at] != first.Bytes() || p[l][at] != first.Probability || len(lens.Top(l, at)) != 4 {
					t.Errorf("%s: layer %d, position %d: %q %g of %+v", name, l, at, tokens[l][at], p[l][at], first)
				}
			}
		}
		for k, want := range last.Top() {
			if got := lens.Top(-1, -1)[k]; got.ID != want.ID || math.Abs(got.Probability-want.Probability) > 1e-6 {
				t.Errorf("%s: place %d of the prediction is %+v, want %+v", name, k, got, want)
			}
		}
		if lens.Top(L, 0) != nil || lens.Top(0, T) != nil || lens.Top(-L-1, 0) != nil || strings.Count(lens.String(), "\n") != L-1 || len(lens.Tokens()) != T || len(lens.Warnings()) != 0 {
			t.Errorf("%s: readings from outside, or %q", name, lens)
		}
	}
	if _, err := fake.LogitLens(france).Top(0).Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "Top(3)") {
		t.Error(err)
	}
}

package steer

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

// TestVerdictNoise: a circuit of which every view has most is stable only where more than half of its neurons are beyond the null.
func TestVerdictNoise(t *testing.T) {
	for beyond := range 7 {
		j := passing()
		j.beyond = beyond
		got := j.verdict(t, map[string]Record{"stability": j.stability(t)})["stability"]
		if (got.State == Met) != (beyond > 3) || math.Abs(got.Figure.Value-float64(beyond)/6) > 1e-9 || got.Figure.N != 6 {
			t.Errorf("%d of 6 beyond the null: %+v", beyond, got)
		}
		if says := fmt.Sprintf("%d noise; the mean of 20 views as large as it or larger has %.0f %% of them", 6-beyond, 100*(.6+.4*float64(beyond)/6)); !strings.Contains(got.Found, says) {
			t.Errorf("%s: want %q", got.Found, says)
		}
	}
}

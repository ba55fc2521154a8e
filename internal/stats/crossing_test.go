package stats

import (
	"math"
	"testing"
)

// TestCrossing: a power law is met exactly between two of its points, a straight line from zero, and the first of several
// crossings counts; beyond the last point the last line goes on, if it rises.
func TestCrossing(t *testing.T) {
	for _, c := range []struct {
		xs, ys []float64
		goal   float64
		want   float64
		ok     bool
	}{
		{[]float64{0, 1, 4}, []float64{0, 1, 16}, 4, 2, true},
		{[]float64{0, 2}, []float64{0, 1}, .5, 1, true},
		{[]float64{0, 1, 2, 3}, []float64{0, 1, 0, 1}, 1, 1, true},
		{[]float64{0, 1}, []float64{0, 1}, 2, 2, false},
		{[]float64{0, 1, 2}, []float64{0, 1, 4}, 9, 3, false},
		{[]float64{0, 1, 2}, []float64{0, 1, 1}, 9, math.NaN(), false},
		{[]float64{1, 2}, []float64{3, 4}, 2, 1, true},
	} {
		got, ok := Crossing(c.xs, c.ys, c.goal)
		if ok != c.ok || math.Abs(got-c.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(c.want) {
			t.Errorf("%v %v reach %v at %v, %v; want %v", c.xs, c.ys, c.goal, got, ok, c.want)
		}
	}
}

// TestBootstrapOf: of a mean it is Bootstrap, and resamples that say nothing are counted and left out.
func TestBootstrapOf(t *testing.T) {
	v := []float64{1, 2, 4, 8, 16}
	mean := func(count []float64) float64 {
		sum, n := 0., 0.
		for i, c := range count {
			sum, n = sum+c*v[i], n+c
		}
		return sum / n
	}
	want := Bootstrap([][]float64{v}, Ones(len(v)), 3)[0]
	if got, said := BootstrapOf(len(v), 3, mean); got != want || said != 1 {
		t.Errorf("%v, want %v (said %v)", got, want, said)
	}
	_, said := BootstrapOf(len(v), 3, func(count []float64) float64 {
		if count[4] == 0 {
			return math.NaN()
		}
		return 1
	})
	if missing := math.Pow(.8, 5); math.Abs(1-said-missing) > .02 {
		t.Errorf("%v of the resamples lack the last item, want %v", 1-said, missing)
	}
}

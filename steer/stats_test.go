package steer

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %v, want %v ± %v", what, got, want, within)
	}
}

// TestBootstrap: the interval of a mean is the normal one where there are many values, and exact where there are two.
func TestBootstrap(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	v, w := make([]float64, 400), ones(400)
	for i := range v {
		v[i] = 3 + 2*rng.NormFloat64()
	}
	e := bootstrap([][]float64{v}, w, 7)[0]
	se := deviation(v) / math.Sqrt(400)
	near(t, "mean", e.Value, mean(v), 1e-12)
	near(t, "lower end", e.Lo, mean(v)-1.96*se, .1*se)
	near(t, "upper end", e.Hi, mean(v)+1.96*se, .1*se)
	if e.N != 400 {
		t.Errorf("N = %d", e.N)
	}
	if e != bootstrap([][]float64{v}, w, 7)[0] || e == bootstrap([][]float64{v}, w, 8)[0] {
		t.Error("an interval is to depend on its seed and on nothing else")
	}
	// Of two values the resampled mean is 0, ½ or 1, the ends with a quarter each.
	if e := bootstrap([][]float64{{0, 1}}, ones(2), 0)[0]; e != (Estimate{.5, 0, 1, 2}) {
		t.Errorf("two values: %+v", e)
	}
	if e := bootstrap([][]float64{{4}}, ones(1), 0)[0]; e != (Estimate{4, 4, 4, 1}) {
		t.Errorf("one value: %+v", e)
	}
	if e := bootstrap([][]float64{{}}, nil, 0)[0]; e != (Estimate{}) {
		t.Errorf("no value: %+v", e)
	}
}

// TestBootstrapPairs: all series share their resamples, and a weight counts as that many values.
func TestBootstrapPairs(t *testing.T) {
	a := []float64{1, 5, 2, 8, 3, 9, 4, 4, 7, 1}
	b := make([]float64, len(a))
	for i := range a {
		b[i] = 2*a[i] + 5
	}
	e := bootstrap([][]float64{a, b}, ones(len(a)), 3)
	near(t, "lower end of 2a + 5", e[1].Lo, 2*e[0].Lo+5, 1e-9)
	near(t, "upper end of 2a + 5", e[1].Hi, 2*e[0].Hi+5, 1e-9)
	// Drawn are the first twice, both, or the second twice: 20/18, 12/10 or 4/2.
	w := bootstrap([][]float64{{10, 2}}, []float64{9, 1}, 0)[0]
	near(t, "weighted mean", w.Value, 1.2, 1e-12)
	near(t, "its lower end", w.Lo, 10./9, 1e-12)
	near(t, "its upper end", w.Hi, 2, 1e-12)
}

func TestQuantile(t *testing.T) {
	v := []float64{1, 2, 4, 8}
	for q, want := range map[float64]float64{0: 1, 1: 8, .5: 3, 1. / 3: 2, .25: 1.75} {
		near(t, "quantile", quantile(v, q), want, 1e-12)
	}
	if quantile(nil, .5) != 0 {
		t.Error("the quantile of nothing is not 0")
	}
}

// TestNullP: two-sided, ties count, and R controls give no less than 1/(R+1).
func TestNullP(t *testing.T) {
	for _, c := range []struct {
		seen float64
		null []float64
		want float64
	}{
		{-3, []float64{1, -2, 2.5, 0}, 1. / 5},
		{-3, []float64{1, 3, -4, 0}, 3. / 5},
		{0, []float64{1, 2}, 1},
		{5, nil, 1},
	} {
		near(t, "p", nullP(c.seen, c.null), c.want, 1e-12)
	}
}

// TestSignFlip: exact where the patterns can be counted, and near the exact value where they are drawn.
func TestSignFlip(t *testing.T) {
	near(t, "three alike", signFlipP([]float64{1, 1, 1}, 0), 2./8, 1e-12)
	near(t, "four alike, another order of sums", signFlipP([]float64{.1, .2, .3, .4}, 0), 2./16, 1e-12)
	near(t, "sums that are equal but for rounding", signFlipP([]float64{.1, .1, .1, -.1}, 0), 10./16, 1e-12)
	near(t, "no change", signFlipP([]float64{0, 0, 0}, 0), 1, 1e-12)
	near(t, "nothing", signFlipP(nil, 0), 1, 0)
	d := make([]float64, 18)
	rng := rand.New(rand.NewPCG(2, 2))
	for i := range d {
		d[i] = .4 + rng.NormFloat64()
	}
	exact, seen := 0, math.Abs(flipped(d, 0))*(1-1e-12)
	for signs := range uint64(1) << len(d) {
		if math.Abs(flipped(d, signs)) >= seen {
			exact++
		}
	}
	p := signFlipP(d, 0)
	near(t, "18 differences", p, float64(exact)/float64(uint64(1)<<len(d)), .01)
	if p != signFlipP(d, 0) || p == signFlipP(d, 1) {
		t.Error("a drawn p is to depend on its seed and on nothing else")
	}
	// 128 differences whose sum is two standard deviations: the second 64 flip on their own, or p would be .16.
	wide := slices.Repeat([]float64{1.18, -.82}, 64)
	near(t, "128 differences", signFlipP(wide, 0), .045, .01)
	many := slices.Repeat([]float64{1}, 200)
	near(t, "200 alike", signFlipP(many, 0), 1./(resamples+1), 1e-12)
}

// TestHolm is the worked example of most textbooks.
func TestHolm(t *testing.T) {
	want := []float64{.03, .06, .06, .02}
	for i, p := range holm([]float64{.01, .04, .03, .005}) {
		near(t, "holm", p, want[i], 1e-12)
	}
	for _, p := range holm([]float64{.9, .8}) {
		near(t, "at most 1", p, 1, 0)
	}
}

func TestEffect(t *testing.T) {
	near(t, "d", cohenD([]float64{1, 2, 3}), 2, 1e-12)
	near(t, "no spread", cohenD([]float64{2, 2}), 0, 0)
	near(t, "one", cohenD([]float64{2}), 0, 0)
}

func TestTrend(t *testing.T) {
	x := []float64{-1, 0, 1, 3}
	near(t, "slope", slope(x, []float64{1, 3, 5, 9}), 2, 1e-12)
	near(t, "slope of a bend", slope([]float64{0, 1, 2}, []float64{0, 1, 0}), 0, 1e-12)
	near(t, "slope of one x", slope([]float64{1, 1}, []float64{0, 4}), 0, 0)
	near(t, "always rises", spearman(x, []float64{1, 2, 100, 101}), 1, 1e-12)
	near(t, "always falls", spearman(x, []float64{4, 3, 2, 1}), -1, 1e-12)
	near(t, "constant", spearman(x, []float64{4, 4, 4, 4}), 0, 0)
	near(t, "ties", spearman([]float64{1, 2, 3, 4}, []float64{1, 1, 2, 3}), 4.5/math.Sqrt(5*4.5), 1e-12)
	if r := ranks([]float64{3, 1, 3, 2}); !slices.Equal(r, []float64{3.5, 1, 3.5, 2}) {
		t.Errorf("ranks %v", r)
	}
}

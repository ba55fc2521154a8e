package stats

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
	v, w := make([]float64, 400), Ones(400)
	for i := range v {
		v[i] = 3 + 2*rng.NormFloat64()
	}
	e := Bootstrap([][]float64{v}, w, 7)[0]
	se := Deviation(v) / math.Sqrt(400)
	near(t, "mean", e.Value, Mean(v), 1e-12)
	near(t, "lower end", e.Lo, Mean(v)-1.96*se, .1*se)
	near(t, "upper end", e.Hi, Mean(v)+1.96*se, .1*se)
	if e.N != 400 {
		t.Errorf("N = %d", e.N)
	}
	if e != Bootstrap([][]float64{v}, w, 7)[0] || e == Bootstrap([][]float64{v}, w, 8)[0] {
		t.Error("an interval is to depend on its seed and on nothing else")
	}
	// Of two values the resampled mean is 0, ½ or 1, the ends with a quarter each.
	if e := Bootstrap([][]float64{{0, 1}}, Ones(2), 0)[0]; e != (Interval{.5, 0, 1, 2}) {
		t.Errorf("two values: %+v", e)
	}
	if e := Bootstrap([][]float64{{4}}, Ones(1), 0)[0]; e != (Interval{4, 4, 4, 1}) {
		t.Errorf("one value: %+v", e)
	}
	if e := Bootstrap([][]float64{{}}, nil, 0)[0]; e != (Interval{}) {
		t.Errorf("no value: %+v", e)
	}
}

// TestBootstrapPairs: all series share their Resamples, and a weight counts as that many values.
func TestBootstrapPairs(t *testing.T) {
	a := []float64{1, 5, 2, 8, 3, 9, 4, 4, 7, 1}
	b := make([]float64, len(a))
	for i := range a {
		b[i] = 2*a[i] + 5
	}
	e := Bootstrap([][]float64{a, b}, Ones(len(a)), 3)
	near(t, "lower end of 2a + 5", e[1].Lo, 2*e[0].Lo+5, 1e-9)
	near(t, "upper end of 2a + 5", e[1].Hi, 2*e[0].Hi+5, 1e-9)
	// Drawn are the first twice, both, or the second twice: 20/18, 12/10 or 4/2.
	w := Bootstrap([][]float64{{10, 2}}, []float64{9, 1}, 0)[0]
	near(t, "weighted mean", w.Value, 1.2, 1e-12)
	near(t, "its lower end", w.Lo, 10./9, 1e-12)
	near(t, "its upper end", w.Hi, 2, 1e-12)
}

func TestQuantile(t *testing.T) {
	v := []float64{1, 2, 4, 8}
	for q, want := range map[float64]float64{0: 1, 1: 8, .5: 3, 1. / 3: 2, .25: 1.75} {
		near(t, "quantile", Quantile(v, q), want, 1e-12)
	}
	if Quantile(nil, .5) != 0 {
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
		near(t, "p", NullP(c.seen, c.null), c.want, 1e-12)
	}
}

// TestSignFlip: exact where the patterns can be counted, and near the exact value where they are drawn.
func TestSignFlip(t *testing.T) {
	near(t, "three alike", SignFlipP([]float64{1, 1, 1}, 0), 2./8, 1e-12)
	near(t, "four alike, another order of sums", SignFlipP([]float64{.1, .2, .3, .4}, 0), 2./16, 1e-12)
	near(t, "sums that are equal but for rounding", SignFlipP([]float64{.1, .1, .1, -.1}, 0), 10./16, 1e-12)
	near(t, "no change", SignFlipP([]float64{0, 0, 0}, 0), 1, 1e-12)
	near(t, "nothing", SignFlipP(nil, 0), 1, 0)
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
	p := SignFlipP(d, 0)
	near(t, "18 differences", p, float64(exact)/float64(uint64(1)<<len(d)), .01)
	if p != SignFlipP(d, 0) || p == SignFlipP(d, 1) {
		t.Error("a drawn p is to depend on its seed and on nothing else")
	}
	// 128 differences whose sum is two standard deviations: the second 64 flip on their own, or p would be .16.
	wide := slices.Repeat([]float64{1.18, -.82}, 64)
	near(t, "128 differences", SignFlipP(wide, 0), .045, .01)
	many := slices.Repeat([]float64{1}, 200)
	near(t, "200 alike", SignFlipP(many, 0), 1./(Resamples+1), 1e-12)
}

// TestHolm is the worked example of most textbooks.
func TestHolm(t *testing.T) {
	want := []float64{.03, .06, .06, .02}
	for i, p := range Holm([]float64{.01, .04, .03, .005}) {
		near(t, "holm", p, want[i], 1e-12)
	}
	for _, p := range Holm([]float64{.9, .8}) {
		near(t, "at most 1", p, 1, 0)
	}
}

func TestEffect(t *testing.T) {
	near(t, "d", CohenD([]float64{1, 2, 3}), 2, 1e-12)
	near(t, "no spread", CohenD([]float64{2, 2}), 0, 0)
	near(t, "one", CohenD([]float64{2}), 0, 0)
}

func TestTrend(t *testing.T) {
	x := []float64{-1, 0, 1, 3}
	near(t, "slope", Slope(x, []float64{1, 3, 5, 9}), 2, 1e-12)
	near(t, "slope of a bend", Slope([]float64{0, 1, 2}, []float64{0, 1, 0}), 0, 1e-12)
	near(t, "slope of one x", Slope([]float64{1, 1}, []float64{0, 4}), 0, 0)
	near(t, "always rises", Spearman(x, []float64{1, 2, 100, 101}), 1, 1e-12)
	near(t, "always falls", Spearman(x, []float64{4, 3, 2, 1}), -1, 1e-12)
	near(t, "constant", Spearman(x, []float64{4, 4, 4, 4}), 0, 0)
	near(t, "ties", Spearman([]float64{1, 2, 3, 4}, []float64{1, 1, 2, 3}), 4.5/math.Sqrt(5*4.5), 1e-12)
	if r := ranks([]float64{3, 1, 3, 2}); !slices.Equal(r, []float64{3.5, 1, 3.5, 2}) {
		t.Errorf("ranks %v", r)
	}
}

// TestCoin: sums over the binomial distribution written out, in the middle and far out, where 1 − CDF has no digit left.
func TestCoin(t *testing.T) {
	near(t, "P(X ≥ 15 of 20)", CoinP(15, 20), .020694732666015625, 1e-12)
	near(t, "P(X ≥ 0 of 7)", CoinP(0, 7), 1, 0)
	near(t, "P(X ≥ 0 of 0)", CoinP(0, 0), 1, 0)
	near(t, "P(X ≥ 5 of 5)", CoinP(5, 5), 1./32, 1e-15)
	near(t, "P(X ≥ 8 of 7)", CoinP(8, 7), 0, 0)
	near(t, "2¹⁰⁰ P(X ≥ 100 of 100)", CoinP(100, 100)*math.Pow(2, 100), 1, 1e-9)
}

// TestControlsFor: with so many controls the adjusted p value of as many tests can reach the level, with one less it cannot.
func TestControlsFor(t *testing.T) {
	for tests, want := range map[int]int{0: 19, 1: 19, 2: 39, 3: 59, 8: 159} {
		n := ControlsFor(tests)
		if n != want || LeastHolm(n, tests) > Level || LeastHolm(n-1, tests) <= Level {
			t.Errorf("%d tests: %d controls, want %d; the least p is %v", tests, n, want, LeastHolm(n, tests))
		}
	}
	near(t, "the most", LeastHolm(0, 3), 1, 0)
}

// TestChance: the distribution of what two sets share, counted out.
func TestChance(t *testing.T) {
	p := Hypergeometric(2, 3, 5) // C(2,k)·C(3,3−k)/C(5,3)
	for k, want := range []float64{.1, .6, .3} {
		near(t, "P(k of 2 marked)", p[k], want, 1e-12)
	}
	near(t, "more cannot be missed than there are", Hypergeometric(4, 4, 5)[2], 0, 0)
	s := Sum(p, []float64{.5, .5})
	near(t, "P(sum = 1)", s[1], .35, 1e-12)
	near(t, "at least 2", AtLeast(s, 2), .45+.15, 1e-12)
	near(t, "at least −1", AtLeast(s, -1), 1, 1e-12)
	near(t, "at least 9", AtLeast(s, 9), 0, 0)
}

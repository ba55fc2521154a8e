package stats_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// TestCorrelations: the values are those of the means, the interval widens with fewer rows and with columns that disagree, and
// what has no spread is 0.
func TestCorrelations(t *testing.T) {
	rng := stats.Rand(1, stats.Samples)
	data := func(U, N int, noise float64) (x, y [][]float64) {
		for range U {
			a, b, base := make([]float64, N), make([]float64, N), rng.NormFloat64()
			for i := range N {
				a[i], b[i] = base, base+noise*rng.NormFloat64()
			}
			x, y = append(x, a), append(y, b)
		}
		return x, y
	}
	width := func(i stats.Interval) float64 { return i.Hi - i.Lo }
	x, y := data(200, 4, .5)
	p, s := stats.Correlations(x, y, 0)
	mx, my := make([]float64, 200), make([]float64, 200)
	for u := range x {
		mx[u], my[u] = stats.Mean(x[u]), stats.Mean(y[u])
	}
	if math.Abs(p.Value-stats.Pearson(mx, my)) > 1e-12 || math.Abs(s.Value-stats.Spearman(mx, my)) > 1e-12 || p.N != 200 || p.Lo > p.Value || p.Hi < p.Lo {
		t.Errorf("%+v and %+v", p, s)
	}
	if few, _ := stats.Correlations(x[:20], y[:20], 0); width(few) < 1.5*width(p) {
		t.Errorf("20 rows give %+v, 200 %+v", few, p)
	}
	if one, _ := stats.Correlations([][]float64{{1}, {2}, {3}, {4}}, [][]float64{{1}, {2}, {3}, {4}}, 0); math.Abs(one.Value-1) > 1e-12 {
		t.Errorf("%+v of a line", one)
	}
	if flat, _ := stats.Correlations([][]float64{{1}, {1}, {1}}, [][]float64{{1}, {2}, {3}}, 0); flat.Value != 0 {
		t.Errorf("%+v of a constant", flat)
	}
	if two, _ := stats.Correlations(x[:2], y[:2], 0); two != (stats.Interval{N: 2}) {
		t.Errorf("%+v of two", two)
	}
}

package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// TestAsGonum: what a cell must not link gonum's linear algebra for is what gonum gives, of numbers far from zero too.
func TestAsGonum(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{2, 3, 10, 101} {
		for _, far := range []float64{0, 1e6} {
			x, y := make([]float64, n), make([]float64, n)
			for i := range x {
				x[i] = far + rng.NormFloat64()
				y[i] = far - x[i]/2 + rng.NormFloat64()
			}
			_, slope := stat.LinearRegression(x, y, nil, false)
			for _, c := range []struct {
				name      string
				got, want float64
			}{
				{"mean", Mean(x), stat.Mean(x, nil)},
				{"standard deviation", Deviation(x), stat.StdDev(x, nil)},
				{"correlation", Pearson(x, y), stat.Correlation(x, y, nil)},
				{"rank correlation", Spearman(x, y), stat.Correlation(ranks(x), ranks(y), nil)},
				{"slope", Slope(x, y), slope},
			} {
				near(t, c.name, c.got, c.want, 1e-14*max(1, math.Abs(c.want)))
			}
		}
	}
	for _, n := range []int{1, 2, 7, 64, 1000, 5000} {
		for _, k := range []int{1, n / 3, n/2 - 1, n / 2, n/2 + 1, n * 5 / 9, n - 1, n} {
			if k > 0 {
				near(t, "coins", CoinP(k, n), distuv.Binomial{N: float64(n), P: .5}.CDF(float64(n-k)), 1e-11)
			}
		}
	}
}

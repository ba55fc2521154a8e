package stats

import (
	"math"
	"slices"
)

// Pearson is the linear correlation of x and y; 0 where either is constant.
func Pearson(x, y []float64) float64 {
	if len(x) == 0 || constant(x) || constant(y) {
		return 0
	}
	xx, xy, yy := moments(x, y)
	return min(1, max(-1, xy/math.Sqrt(xx*yy))) // rounding may go past the ends
}

// crossed is how often Correlations draws: each draw ranks all units anew.
const crossed = 2000

// Correlations returns Pearson and Spearman of the means over columns of x and y [U,N], with 95 % percentile intervals over
// both rows and columns: each of 2,000 draws takes U rows and N columns with replacement (Owen, The pigeonhole bootstrap, 2007),
// for neither the units nor the prompts that were measured are all that there are. One column is not drawn from. Of fewer than
// three rows they are 0.
func Correlations(x, y [][]float64, seed uint64) (pearson, spearman Interval) {
	U := len(x)
	if U < 3 || len(x[0]) == 0 {
		return Interval{N: U}, Interval{N: U}
	}
	N := len(x[0])
	mx, my := make([]float64, U), make([]float64, U)
	for u := range U {
		mx[u], my[u] = Mean(x[u]), Mean(y[u])
	}
	p, s := Pearson(mx, my), Spearman(mx, my)
	rng := Rand(seed, Resampling)
	ps, ss, count := make([]float64, crossed), make([]float64, crossed), make([]float64, N)
	for r := range crossed {
		clear(count)
		for range N {
			count[rng.IntN(N)]++
		}
		for i := range U {
			u := rng.IntN(U)
			mx[i], my[i] = 0, 0
			for k, c := range count {
				mx[i], my[i] = mx[i]+c*x[u][k], my[i]+c*y[u][k]
			}
		}
		ps[r], ss[r] = Pearson(mx, my), Spearman(mx, my)
	}
	slices.Sort(ps)
	slices.Sort(ss)
	return Interval{p, Quantile(ps, .025), Quantile(ps, .975), U}, Interval{s, Quantile(ss, .025), Quantile(ss, .975), U}
}

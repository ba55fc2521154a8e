package stats

import (
	"cmp"
	"slices"
)

// Slope is the least-squares slope of y over x; 0 where x has no spread.
func Slope(x, y []float64) float64 {
	if constant(x) {
		return 0
	}
	xx, xy, _ := moments(x, y)
	return xy / xx
}

// Spearman is the rank correlation of x and y, ties sharing their mean rank: 1 where y always rises with x, −1 where it
// always falls; 0 where either is constant.
func Spearman(x, y []float64) float64 {
	return Pearson(ranks(x), ranks(y))
}

func constant(v []float64) bool {
	return !slices.ContainsFunc(v, func(x float64) bool { return x != v[0] })
}

// ranks returns the rank of each value, from 1, ties sharing their mean rank.
func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(v[a], v[b]) })
	out := make([]float64, len(v))
	for lo := 0; lo < len(order); {
		hi := lo + 1
		for hi < len(order) && v[order[hi]] == v[order[lo]] {
			hi++
		}
		for _, i := range order[lo:hi] {
			out[i] = float64(lo+hi+1) / 2
		}
		lo = hi
	}
	return out
}

// Correlation is Pearson's correlation of x and y with its 95 % percentile interval from Resamples bootstrap resamples of the pairs; 0
// where either is constant, as it counts in a resample in which either is.
func Correlation(x, y []float64, seed uint64) Interval {
	n := len(x)
	if n == 0 || len(y) != n {
		return Interval{}
	}
	out := Interval{Value: Pearson(x, y), N: n}
	rng, draws := Rand(seed, Resampling), make([]float64, Resamples)
	a, b := make([]float64, n), make([]float64, n)
	for k := range draws {
		for i := range n {
			j := rng.IntN(n)
			a[i], b[i] = x[j], y[j]
		}
		draws[k] = Pearson(a, b)
	}
	slices.Sort(draws)
	out.Lo, out.Hi = Quantile(draws, .025), Quantile(draws, .975)
	return out
}

// RankCorrelation is Correlation of the ranks of x and y among all pairs, ties sharing their mean rank: Spearman's with its interval.
func RankCorrelation(x, y []float64, seed uint64) Interval {
	if len(x) != len(y) {
		return Interval{}
	}
	return Correlation(ranks(x), ranks(y), seed)
}

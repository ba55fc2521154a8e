package stats

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Slope is the least-squares slope of y over x; 0 where x has no spread.
func Slope(x, y []float64) float64 {
	if constant(x) {
		return 0
	}
	_, slope := stat.LinearRegression(x, y, nil, false)
	return slope
}

// Spearman is the rank correlation of x and y, ties sharing their mean rank: 1 where y always rises with x, −1 where it
// always falls; 0 where either is constant.
func Spearman(x, y []float64) float64 {
	if constant(x) || constant(y) {
		return 0
	}
	return min(1, max(-1, stat.Correlation(ranks(x), ranks(y), nil))) // rounding may go past the ends
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

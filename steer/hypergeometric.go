package steer

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// hypergeometric returns the distribution of the number of neurons that two sets of a and b share, of a layer of n, when
// one of them is drawn at random: P(k) = C(a,k)·C(n−a,b−k)/C(n,b), k = 0 … min(a,b).
func hypergeometric(n, a, b int) []float64 {
	out := make([]float64, max(min(a, b), 0)+1)
	if a > n || b > n || a < 0 || b < 0 { // sets of another model
		out[0] = 1
		return out
	}
	all := logChoose(n, b)
	for k := range out {
		if b-k <= n-a {
			out[k] = math.Exp(logChoose(a, k) + logChoose(n-a, b-k) - all)
		}
	}
	return out
}

// logChoose returns ln C(n,k).
func logChoose(n, k int) float64 {
	lg := func(x int) float64 { y, _ := math.Lgamma(float64(x) + 1); return y }
	return lg(n) - lg(k) - lg(n-k)
}

// convolve returns the distribution of the sum of two independent numbers.
func convolve(a, b []float64) []float64 {
	out := make([]float64, len(a)+len(b)-1)
	for i, x := range a {
		for j, y := range b {
			out[i+j] += x * y
		}
	}
	return out
}

// tail returns P(≥ k), the smallest summands first.
func tail(chance []float64, k int) float64 {
	var p float64
	for i := len(chance) - 1; i >= max(k, 0); i-- {
		p += chance[i]
	}
	return min(p, 1)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

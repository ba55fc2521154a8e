package steer

import (
	"cmp"
	"math"
	"slices"
)

// nullP is the p value of an effect among those of random controls: (1 + #{|null| ≥ |seen|}) / (R + 1), two-sided. With
// no control it is 1, and with R it is never below 1/(R + 1).
func nullP(seen float64, null []float64) float64 {
	n := 1
	for _, x := range null {
		if math.Abs(x) >= math.Abs(seen) {
			n++
		}
	}
	return float64(n) / float64(len(null)+1)
}

// signFlipP is the p value of a paired sign-flip permutation test (Fisher 1935): how often the mean of the differences
// is at least as far from zero when each keeps or changes its sign at random. All sign patterns are tried where they are
// no more than the resamples; otherwise that many are drawn and p is (1 + #)/(resamples + 1).
func signFlipP(d []float64, seed uint64) float64 {
	n := len(d)
	if n == 0 {
		return 1
	}
	seen := math.Abs(flipped(d, 0)) * (1 - 1e-12) // the same sum in another order is no smaller effect
	if n < 64 && 1<<n <= resamples {
		hits := 0
		for signs := range uint64(1) << n {
			if math.Abs(flipped(d, signs)) >= seen {
				hits++
			}
		}
		return float64(hits) / float64(uint64(1)<<n)
	}
	rng, hits := source(seed, streamFlips), 1
	for range resamples {
		var sum float64
		var bits uint64
		for i, x := range d {
			if i%64 == 0 {
				bits = rng.Uint64()
			}
			if bits>>(i%64)&1 == 1 {
				x = -x
			}
			sum += x
		}
		if math.Abs(sum) >= seen {
			hits++
		}
	}
	return float64(hits) / (resamples + 1)
}

// flipped returns the sum of d with the signs of the set bits changed.
func flipped(d []float64, signs uint64) float64 {
	var sum float64
	for i, x := range d {
		if i < 64 && signs>>i&1 == 1 {
			x = -x
		}
		sum += x
	}
	return sum
}

// holm adjusts p values for being several (Holm 1979): sorted, the k-th smallest of n times n−k, made rising, at most 1.
func holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out, last := make([]float64, len(p)), 0.
	for k, i := range order {
		last = min(1, max(last, p[i]*float64(len(p)-k)))
		out[i] = last
	}
	return out
}

// cohenD is the paired effect size: the mean difference in standard deviations of the differences. It is 0 where they
// have no spread.
func cohenD(d []float64) float64 {
	if sd := deviation(d); sd > 0 {
		return mean(d) / sd
	}
	return 0
}

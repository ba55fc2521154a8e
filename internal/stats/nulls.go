package stats

import (
	"cmp"
	"math"
	"slices"
)

// Level is the p value up to which something is said to be beyond chance.
const Level = .05

// NullP is the p value of an effect among those of random controls: (1 + #{|null| ≥ |seen|}) / (R + 1), two-sided. With
// no control it is 1, and with R it is never below 1/(R + 1).
func NullP(seen float64, null []float64) float64 {
	n := 1
	for _, x := range null {
		if math.Abs(x) >= math.Abs(seen) {
			n++
		}
	}
	return float64(n) / float64(len(null)+1)
}

// AboveP is the p value of a number among those of controls where only a large one counts: (1 + #{null ≥ seen}) / (R + 1).
func AboveP(seen float64, null []float64) float64 {
	n := 1
	for _, x := range null {
		if x >= seen {
			n++
		}
	}
	return float64(n) / float64(len(null)+1)
}

// LeastHolm is the smallest p value that NullP with so many controls can have after Holm's adjustment for so many tests.
func LeastHolm(controls, tests int) float64 {
	return min(1, float64(max(tests, 1))/float64(controls+1))
}

// ControlsFor returns how many controls so many tests need, for the smallest p value after Holm's adjustment to be no more
// than Level.
func ControlsFor(tests int) int { return int(math.Ceil(float64(max(tests, 1))/Level-1e-9)) - 1 }

// SignFlipP is the p value of a paired sign-flip permutation test (Fisher 1935): how often the mean of the differences
// is at least as far from zero when each keeps or changes its sign at random. All sign patterns are tried where they are
// no more than Resamples; otherwise that many are drawn and p is (1 + #)/(Resamples + 1). Of no differences it is 1.
func SignFlipP(d []float64, seed uint64) float64 {
	n := len(d)
	if n == 0 {
		return 1
	}
	seen := math.Abs(flipped(d, 0)) * (1 - 1e-12) // the same sum in another order is no smaller effect
	if n < 64 && 1<<n <= Resamples {
		hits := 0
		for signs := range uint64(1) << n {
			if math.Abs(flipped(d, signs)) >= seen {
				hits++
			}
		}
		return float64(hits) / float64(uint64(1)<<n)
	}
	rng, hits := Rand(seed, Flips), 1
	for range Resamples {
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
	return float64(hits) / (Resamples + 1)
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

// Holm adjusts p values for being several (Holm 1979): sorted, the k-th smallest of n times n−k, made rising, at most 1.
func Holm(p []float64) []float64 {
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

// CoinP returns P(X ≥ k) of n fair coins, which is P(X ≤ n−k): the p value of a one-sided binomial test against one half.
func CoinP(k, n int) float64 {
	if k <= 0 {
		return 1
	}
	if k > n {
		return 0
	}
	if 2*k <= n { // the smaller tail is added up, from its largest term
		return 1 - CoinP(n-k+1, n)
	}
	of := func(n int) float64 { v, _ := math.Lgamma(float64(n) + 1); return v } // log n!
	term := math.Exp(of(n) - of(k) - of(n-k) - float64(n)*math.Ln2)             // of exactly k; those above follow from it
	sum := 0.
	for i := k; i <= n && term > 0; i++ {
		sum += term
		term *= float64(n-i) / float64(i+1)
	}
	return min(1, sum)
}

// CohenD is the paired effect size: the mean difference in standard deviations of the differences. It is 0 where they
// have no spread.
func CohenD(d []float64) float64 {
	if sd := Deviation(d); sd > 0 {
		return Mean(d) / sd
	}
	return 0
}

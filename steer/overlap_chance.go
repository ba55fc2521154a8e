package steer

import (
	"maps"
	"math"
	"slices"
)

// persistence weighs the depths of a rank-biased overlap: depth d by (1 − p)·p^(d−1).
const persistence = .9

// sharedByChance returns the probability of each number of shared neurons, from 0 on, of two circuits with a[l] and b[l]
// neurons in layer l that are drawn at random from F: the convolution of a hypergeometric distribution for each layer.
func sharedByChance(a, b map[int]int, F int) []float64 {
	total := []float64{1}
	for _, l := range slices.Sorted(maps.Keys(a)) {
		if b[l] == 0 || a[l] > F || b[l] > F {
			continue
		}
		one := hypergeometric(a[l], b[l], F)
		sum := make([]float64, len(total)+len(one)-1)
		for i, p := range total {
			for j, q := range one {
				sum[i+j] += p * q
			}
		}
		total = sum
	}
	return total
}

// hypergeometric returns the probability that b draws without replacement from n, of which a are marked, hit k marked
// ones, for k from 0 to min(a, b).
func hypergeometric(a, b, n int) []float64 {
	p := make([]float64, min(a, b)+1)
	for k := max(0, a+b-n); k < len(p); k++ {
		p[k] = math.Exp(logChoose(a, k) + logChoose(n-a, b-k) - logChoose(n, b))
	}
	return p
}

// logChoose returns the natural logarithm of the number of ways to choose k of n.
func logChoose(n, k int) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}

// atLeast returns the probability of at least k, the smallest summands first.
func atLeast(chance []float64, k int) float64 {
	var p float64
	for i := len(chance) - 1; i >= max(k, 0); i-- {
		p += chance[i]
	}
	return min(p, 1)
}

// rankBiased returns the extrapolated rank-biased overlap of two rankings without repetitions, which may differ in length
// (Webber, Moffat and Zobel, A similarity measure for indefinite rankings, 2010, equation 32). The agreement at the depth
// of the shorter one goes on in the part that only the longer one has, and beyond both that of the longer one's end. Two
// equal rankings give 1, disjoint ones 0.
func rankBiased(a, b []Neuron, p float64) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	s, l := len(a), len(b)
	if s == 0 {
		return 0
	}
	inA, inB := map[Neuron]bool{}, map[Neuron]bool{}
	shared, atS, sum, power := 0., 0., 0., 1. // power is p^d
	for d := 1; d <= l; d++ {
		power *= p
		if d <= s && a[d-1] == b[d-1] {
			shared++
		} else {
			if d <= s && inB[a[d-1]] {
				shared++
			}
			if inA[b[d-1]] {
				shared++
			}
		}
		if d <= s {
			inA[a[d-1]] = true
		}
		inB[b[d-1]] = true
		sum += shared / float64(d) * power
		switch {
		case d == s:
			atS = shared
		case d > s:
			sum += atS * float64(d-s) / float64(s*d) * power
		}
	}
	tail := ((shared-atS)/float64(l) + atS/float64(s)) * power
	return (1-p)/p*sum + tail
}

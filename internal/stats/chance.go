package stats

import "math"

// Hypergeometric returns the probability that b draws without replacement from n, of which a are marked, hit k marked
// ones, for k from 0 to min(a, b).
func Hypergeometric(a, b, n int) []float64 {
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

// Sum returns the probabilities of the sum of two independent counts, from those of each count from 0 on.
func Sum(p, q []float64) []float64 {
	out := make([]float64, len(p)+len(q)-1)
	for i, x := range p {
		for j, y := range q {
			out[i+j] += x * y
		}
	}
	return out
}

// AtLeast returns the probability of at least k, the smallest summands first.
func AtLeast(chance []float64, k int) float64 {
	var p float64
	for i := len(chance) - 1; i >= max(k, 0); i-- {
		p += chance[i]
	}
	return min(p, 1)
}

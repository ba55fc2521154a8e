package steer

import (
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is how often a bootstrap draws, and how often a permutation test flips.
const resamples = 10_000

// The streams of random numbers that one seed gives, so that no two uses share their draws.
const (
	streamBootstrap uint64 = iota + 1
	streamFlips
	streamControls
	streamDirections
)

// source returns the random numbers of one use of a seed.
func source(seed, stream uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, stream)) }

// An Estimate is a mean with its 95 % percentile interval from 10,000 bootstrap resamples (Efron 1979) of what was
// averaged over, N prompts or texts. One of them has no spread: Lo and Hi are then the value itself.
type Estimate struct {
	Value float64 `json:"value"`
	Lo    float64 `json:"lo"`
	Hi    float64 `json:"hi"`
	N     int     `json:"n"`
}

// apply maps an estimate by a rising function, which a percentile interval survives.
func (e Estimate) apply(f func(float64) float64) Estimate {
	return Estimate{f(e.Value), f(e.Lo), f(e.Hi), e.N}
}

// bootstrap estimates Σ series / Σ weights for every series [N]: the mean where the weights [N] are 1, and the mean of a
// token where they are tokens. All series share their resamples, so what is paired stays paired.
func bootstrap(series [][]float64, weights []float64, seed uint64) []Estimate {
	n := len(weights)
	out := make([]Estimate, len(series))
	if n == 0 {
		return out
	}
	draws := make([][]float64, len(series)) // [series][resamples]
	for k := range series {
		v := ratio(series[k], weights)
		out[k] = Estimate{v, v, v, n}
		draws[k] = make([]float64, resamples)
	}
	if n == 1 {
		return out
	}
	rng, count := source(seed, streamBootstrap), make([]float64, n)
	for r := range resamples {
		clear(count)
		var w float64
		for range n {
			i := rng.IntN(n)
			count[i]++
			w += weights[i]
		}
		for k, s := range series {
			var sum float64
			for i, c := range count {
				sum += c * s[i]
			}
			draws[k][r] = sum / w
		}
	}
	for k, d := range draws {
		slices.Sort(d)
		out[k].Lo, out[k].Hi = quantile(d, .025), quantile(d, .975)
	}
	return out
}

// ratio returns Σ a / Σ b.
func ratio(a, b []float64) float64 {
	var x, y float64
	for i := range a {
		x, y = x+a[i], y+b[i]
	}
	return x / y
}

// ones returns n weights of 1.
func ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// quantile returns the q-quantile of sorted values, between neighbors by a straight line; 0 of none.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	lo := int(math.Floor(at))
	hi := min(lo+1, len(sorted)-1)
	return sorted[lo] + (at-float64(lo))*(sorted[hi]-sorted[lo])
}

// mean returns the mean; 0 of none.
func mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	var s float64
	for _, x := range v {
		s += x
	}
	return s / float64(len(v))
}

// deviation returns the standard deviation with n−1 degrees of freedom; 0 of fewer than two.
func deviation(v []float64) float64 {
	if len(v) < 2 {
		return 0
	}
	m, s := mean(v), 0.
	for _, x := range v {
		s += (x - m) * (x - m)
	}
	return math.Sqrt(s / float64(len(v)-1))
}

package stats

import (
	"math"
	"slices"
)

// Crossing returns the smallest x at which the line through points of rising x reaches goal, going up from below it. Between
// two points of positive numbers the line is straight in their logarithms, as a power law is; else in the numbers themselves.
// Where no point reaches goal, within is false and the last line goes on: x is where it does, NaN where it does not rise.
func Crossing(xs, ys []float64, goal float64) (x float64, within bool) {
	for i := range xs {
		if ys[i] < goal {
			continue
		}
		if i == 0 {
			return xs[0], true
		}
		return between(xs[i-1], ys[i-1], xs[i], ys[i], goal), true
	}
	n := len(xs)
	if n < 2 || ys[n-1] <= ys[n-2] {
		return math.NaN(), false
	}
	return between(xs[n-2], ys[n-2], xs[n-1], ys[n-1], goal), false
}

// between returns where the line through (a, fa) and (b, fb) is goal.
func between(a, fa, b, fb, goal float64) float64 {
	if a > 0 && fa > 0 && goal > 0 {
		t := math.Log(goal/fa) / math.Log(fb/fa)
		return a * math.Pow(b/a, t)
	}
	return a + (goal-fa)/(fb-fa)*(b-a)
}

// BootstrapOf estimates a number that is no mean: value is asked with how often each of n items counts, once each and then
// for every resample (Efron 1979). A resample on which value is NaN says nothing and is left out; said is the share that
// spoke.
func BootstrapOf(n int, seed uint64, value func(count []float64) float64) (out Interval, said float64) {
	v := value(Ones(n))
	out = Interval{v, v, v, n}
	if n < 2 {
		return out, 1
	}
	rng, count := Rand(seed, Resampling), make([]float64, n)
	var draws []float64
	for range Resamples {
		clear(count)
		for range n {
			count[rng.IntN(n)]++
		}
		if x := value(count); !math.IsNaN(x) {
			draws = append(draws, x)
		}
	}
	slices.Sort(draws)
	if len(draws) > 0 {
		out.Lo, out.Hi = Quantile(draws, .025), Quantile(draws, .975)
	}
	return out, float64(len(draws)) / Resamples
}

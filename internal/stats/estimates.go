package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// Resamples is how often a bootstrap draws, and how often a permutation test flips.
const Resamples = 10_000

// An Interval is a mean with its 95 % percentile interval from Resamples bootstrap resamples (Efron 1979) of the N numbers
// that it averages over. One number has no spread: Lo and Hi are then the value itself.
type Interval struct {
	Value, Lo, Hi float64
	N             int
}

// Bootstrap estimates Σ series / Σ weights for every series [N]: the mean where the weights [N] are 1, and the mean of a
// token where they are tokens. All series share their resamples, so what is paired stays paired. Of no numbers it gives
// zero intervals.
func Bootstrap(series [][]float64, weights []float64, seed uint64) []Interval {
	n := len(weights)
	out := make([]Interval, len(series))
	if n == 0 {
		return out
	}
	draws := make([][]float64, len(series)) // [series][Resamples]
	for k := range series {
		v := ratio(series[k], weights)
		out[k] = Interval{v, v, v, n}
		draws[k] = make([]float64, Resamples)
	}
	if n == 1 {
		return out
	}
	rng, count := Rand(seed, Resampling), make([]float64, n)
	for r := range Resamples {
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
			if draws[k][r] = sum / w; w == 0 {
				draws[k][r] = out[k].Value // the weights of this draw cancel out: it says nothing
			}
		}
	}
	for k, d := range draws {
		slices.Sort(d)
		out[k].Lo, out[k].Hi = Quantile(d, .025), Quantile(d, .975)
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

// Ones returns n weights of 1.
func Ones(n int) []float64 {
	w := make([]float64, n)
	for i := range w {
		w[i] = 1
	}
	return w
}

// Quantile returns the q-quantile of sorted values, between neighbors by a straight line from the smallest at 0 to the
// largest at 1 (type 7 of Hyndman and Fan 1996, which gonum does not have; its LinInterp is type 4); 0 of none.
func Quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := q * float64(len(sorted)-1)
	lo := int(math.Floor(at))
	hi := min(lo+1, len(sorted)-1)
	return sorted[lo] + (at-float64(lo))*(sorted[hi]-sorted[lo])
}

// Mean returns the mean; 0 of none.
func Mean(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	return floats.Sum(v) / float64(len(v))
}

// Deviation returns the standard deviation with n−1 degrees of freedom; 0 of fewer than two.
func Deviation(v []float64) float64 {
	if len(v) < 2 {
		return 0
	}
	squares, _, _ := moments(v, v)
	return math.Sqrt(squares / float64(len(v)-1))
}

// moments returns the sums of (x−x̄)², (x−x̄)(y−ȳ) and (y−ȳ)², less what the rounding of the means adds (the corrected two-pass
// algorithm; Chan, Golub and LeVeque 1983).
func moments(x, y []float64) (xx, xy, yy float64) {
	mx, my := Mean(x), Mean(y)
	var dx, dy float64
	for i := range x {
		a, b := x[i]-mx, y[i]-my
		xx, xy, yy = xx+a*a, xy+a*b, yy+b*b
		dx, dy = dx+a, dy+b
	}
	n := float64(len(x))
	return xx - dx*dx/n, xy - dx*dy/n, yy - dy*dy/n
}

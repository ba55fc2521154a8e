package plotting

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// A tick is a labeled place on an axis.
type tick struct {
	value float64
	label string
}

// roundTicks returns at most about n ticks at round values from lo to hi.
func roundTicks(lo, hi float64, n int) []tick {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	if !(step > 0) || math.IsInf(step, 0) { // a range too small or too large for a float64
		return []tick{{0, "0"}}
	}
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if (hi-lo)/(step*m) <= float64(n) {
			step *= m
			break
		}
	}
	var out []tick
	for i := math.Ceil(lo/step - 1e-9); i <= hi/step+1e-9; i++ {
		out = append(out, tick{i * step, round(i*step, step)})
	}
	return out
}

// round formats v with the decimals that its step needs.
func round(v, step float64) string {
	if math.Abs(v) < step*1e-9 {
		return "0"
	}
	if step < 1e-4 || math.Abs(v) >= 1e6 {
		return typeset(strconv.FormatFloat(v, 'g', 3, 64))
	}
	decimals := 0
	for s := step; decimals < 6 && math.Abs(s-math.Round(s)) > 1e-6; s *= 10 {
		decimals++
	}
	return typeset(strconv.FormatFloat(v, 'f', decimals, 64))
}

// countTicks labels 0, k, 2k … and the last of n, with the smallest round k whose labels keep their distance.
// The places are pitch apart and a label takes up room.
func countTicks(n int, pitch, room vg.Length) []tick {
	k := stride(pitch, room)
	var out []tick
	for i := 0; i < n; i += k {
		out = append(out, tick{float64(i), strconv.Itoa(i)})
	}
	last := (n - 1) / k * k
	if last == n-1 {
		return out
	}
	if vg.Length(n-1-last)*pitch < room && last > 0 { // the last one counts more than its neighbor
		out = out[:len(out)-1]
		last -= k
	}
	if vg.Length(n-1-last)*pitch >= room {
		out = append(out, tick{float64(n - 1), strconv.Itoa(n - 1)})
	}
	return out
}

// stride returns the smallest of 1, 2, 4, 5, 10, 20, 25, 50, 100 … whose places are room apart.
func stride(pitch, room vg.Length) int {
	for _, k := range []int{1, 2, 4, 5} {
		if vg.Length(k)*pitch >= room {
			return k
		}
	}
	for decade := 10; decade < 1e8; decade *= 10 {
		for _, k := range []int{decade, 2 * decade, 5 * decade} {
			if vg.Length(k)*pitch >= room {
				return k
			}
		}
	}
	return 1e9
}

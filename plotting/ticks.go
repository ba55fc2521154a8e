package plotting

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// roundTicks returns at most about n ticks at round values from lo to hi.
func roundTicks(lo, hi float64, n int) []plot.Tick {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(n))))
	if !(step > 0) || math.IsInf(step, 0) { // a range too small or too large for a float64
		return []plot.Tick{{Label: "0"}}
	}
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if (hi-lo)/(step*m) <= float64(n) {
			step *= m
			break
		}
	}
	var out []plot.Tick
	for i := math.Ceil(lo/step - 1e-9); i <= hi/step+1e-9; i++ {
		out = append(out, plot.Tick{Value: i * step, Label: round(i*step, step)})
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

// tickCount returns how many numbers an axis of this length is comfortable with.
func tickCount(length vg.Length) int { return min(max(2, int(length/(2.2*tickSize))), 8) }

// countTicks labels 0, k, 2k … and the last of n. The places are pitch apart and a label takes up room; k is the
// smallest round number whose labels, the last one included, keep their distance.
func countTicks(n int, pitch, room vg.Length) []plot.Tick {
	first := stride(pitch, room)
	k := first
	for k < 4*first && k < n && tooClose(n, k, pitch, room) {
		k = stride(pitch, vg.Length(k+1)*pitch)
	}
	if tooClose(n, k, pitch, room) {
		k = first
	}
	var out []plot.Tick
	for i := 0; i < n; i += k {
		out = append(out, plot.Tick{Value: float64(i), Label: strconv.Itoa(i)})
	}
	if (n-1)%k != 0 && !tooClose(n, k, pitch, room) {
		out = append(out, plot.Tick{Value: float64(n - 1), Label: strconv.Itoa(n - 1)})
	}
	return out
}

// tooClose reports whether the last of n places would collide with the last multiple of k.
func tooClose(n, k int, pitch, room vg.Length) bool {
	rest := (n - 1) % k
	return rest > 0 && vg.Length(rest)*pitch < room
}

// stride returns the smallest of 1, 2, 4, 5, 10, 20, 25, 50, 100, 200 … whose places are room apart.
func stride(pitch, room vg.Length) int {
	for _, k := range []int{1, 2, 4, 5, 10, 20, 25} {
		if vg.Length(k)*pitch >= room {
			return k
		}
	}
	for decade := 50; decade < 1e8; decade *= 10 {
		for _, k := range []int{decade, 2 * decade, 4 * decade} {
			if vg.Length(k)*pitch >= room {
				return k
			}
		}
	}
	return 1e9
}

// rounds labels round values of a vertical axis, as many as it is comfortable with.
type rounds struct{ at *sheet }

// Ticks returns the ticks of a range.
func (r rounds) Ticks(lo, hi float64) []plot.Tick { return roundTicks(lo, hi, tickCount(r.at.data.Y)) }

// counts labels places that are counted from 0, as many as keep their distance.
type counts struct {
	n  int
	at *sheet
	up bool // the axis is the vertical one
}

// Ticks returns the ticks of a range.
func (c counts) Ticks(lo, hi float64) []plot.Tick {
	if c.up {
		return countTicks(c.n, c.at.data.Y/vg.Length(hi-lo), tickSize*2)
	}
	return countTicks(c.n, c.at.data.X/vg.Length(hi-lo), sans(tickSize).width(strconv.Itoa(c.n))+8)
}

// widest returns the width of the widest label.
func widest(f typeface, ticks []plot.Tick) (w vg.Length) {
	for _, t := range ticks {
		w = max(w, f.width(t.Label))
	}
	return w
}

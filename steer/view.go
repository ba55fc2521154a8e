package steer

import (
	"math"
	"slices"
)

// view narrows what a selection looks at. It is data, so narrowing twice with the same arguments changes nothing, and it
// never enters a Ref. The zero value sees every neuron at every position but a real BOS. Whatever the order of the calls,
// it narrows in this order: candidates; layers, positions and sets left out; sign; threshold and percent; per layer; cumulative.
type view struct {
	candidates int      // 0: all
	layers     [][2]int // each narrows, both ends included, negative from the end
	positions  []int    // sorted, negative from the end; nil: all
	lastN      int      // 0: all
	first      bool     // without the first position
	keepBOS    bool
	without    []NeuronSet
	sign       int      // +1, −1, or 0 for both
	percent    float64  // least |score| as a share of |metric|; 0: none
	threshold  float64  // least |score|; 0: none
	perLayer   int      // 0: all
	cumulative *float64 // share of Σ|score|; nil: all
}

func (v view) skipFirst() view   { v.first = true; return v }
func (v view) last(n int) view   { v.lastN = max(n, 0); return v }
func (v view) signed(s int) view { v.sign = s; return v }

func (v view) within(lo, hi int) view {
	v.layers = append(slices.Clip(v.layers), [2]int{lo, hi})
	return v
}

// bounds returns the first and the last layer that the view looks at, of L; the last may be before the first.
func (v view) bounds(L int) (lo, hi int) {
	lo, hi = 0, L-1
	for _, r := range v.layers {
		lo, hi = max(lo, fromEnd(r[0], L)), min(hi, fromEnd(r[1], L))
	}
	return lo, hi
}

// fromEnd returns the place of the n that a negative i means, −1 being the last.
func fromEnd(i, n int) int {
	if i < 0 {
		return i + n
	}
	return i
}

func (v view) at(positions []int) view {
	v.positions = append(make([]int, 0, len(positions)), positions...) // At() of nothing is nothing, not all
	slices.Sort(v.positions)
	return v
}

func (v view) leaving(sets []NeuronSet) view {
	v.without = append(slices.Clone(v.without), sets...)
	return v
}

func (v view) share(x float64) view {
	if v.cumulative != nil && !math.IsNaN(*v.cumulative) {
		x = min(x, *v.cumulative)
	}
	v.cumulative = &x
	return v
}

// seen returns the positions that the view looks at, in rising order.
func (v view) seen(d dense) []int {
	T, start := d.Positions, 0
	if d.Summed {
		return []int{0}[:min(T, 1)] // there is no position to leave out
	}
	if v.first || (d.BOS && !v.keepBOS) {
		start = 1
	}
	if v.lastN > 0 {
		start = max(start, T-v.lastN)
	}
	var out []int
	for t := start; t < T; t++ {
		if v.positions == nil || slices.Contains(v.positions, t) || slices.Contains(v.positions, t-T) {
			out = append(out, t)
		}
	}
	return out
}

// hidden lists for each layer the neurons, or the heads, that are left out; nil where there are none.
func (v view) hidden(shape Shape, heads bool) [][]int {
	if len(v.without) == 0 {
		return nil
	}
	out := make([][]int, shape.Layers)
	for _, set := range v.without {
		for _, n := range set.all() {
			if n.Head == heads && shape.Has(n) {
				out[n.Layer] = append(out[n.Layer], n.Index)
			}
		}
	}
	return out
}

// floor is the smallest |score| that counts as an entry, as in the reference implementation.
const floor = 1e-8

// few reports whether only some of each row are candidates.
func (v view) few(d dense) bool { return v.candidates > 0 && v.candidates < d.width() }

// rows calls f for each layer and position that the view sees with the scores [F] there, those that are left out being 0.
// With Candidates, at lists those of the row that count, in rising order; it is nil where all do. Both are valid until f
// returns and must not be changed. Signs, and what follows them, are not yet looked at.
func (v view) rows(d dense, f func(l, t int, row []float32, at []int32)) {
	T, F := d.Positions, d.width()
	positions, hidden := v.seen(d), v.hidden(d.Shape, d.Heads)
	var (
		scratch []float32
		s       selector
	)
	lo, hi := v.bounds(d.Shape.Layers)
	for l := max(lo, 0); l <= hi; l++ {
		for _, t := range positions {
			row := d.scores[(l*T+t)*F:][:F]
			var at []int32
			if v.few(d) {
				at = s.largest(row, v.candidates)
			}
			if hidden != nil && len(hidden[l]) > 0 {
				scratch = append(scratch[:0], row...)
				for _, n := range hidden[l] {
					scratch[n] = 0
				}
				row = scratch
			}
			f(l, t, row, at)
		}
	}
}

// sums returns Σ_t score of every neuron that the view sees, [L,F] in float64, before signs are looked at. With
// Candidates only entries count, as in the reference implementation.
func (v view) sums(d dense) []float64 {
	F := d.width()
	sum := make([]float64, d.Shape.Layers*F) // [L,F]
	v.rows(d, func(l, _ int, row []float32, at []int32) {
		to := sum[l*F:][:len(row)]
		if at == nil {
			for n, s := range row {
				to[n] += float64(s)
			}
		}
		for _, n := range at {
			if s := float64(row[n]); math.Abs(s) > floor {
				to[n] += s
			}
		}
	})
	return sum
}

// atLeast keeps what is at least x; the strictest of several counts.
func (v view) atLeast(x float64) view {
	if math.IsNaN(x) || x > v.threshold {
		v.threshold = x
	}
	return v
}

// least returns the smallest |score| that passes Threshold and Percent: of the latter the share of the metric, or none at all
// where there is no metric.
func (v view) least(d dense) float64 {
	switch {
	case math.IsNaN(v.threshold) || math.IsNaN(v.percent):
		return math.Inf(1)
	case v.percent == 0:
		return v.threshold
	case d.Reference == 0:
		return math.Inf(1)
	}
	return max(v.threshold, v.percent*math.Abs(d.Reference))
}

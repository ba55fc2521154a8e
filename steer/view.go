package steer

import "math"

// view narrows what a selection looks at. It is data, so narrowing twice with the same arguments changes nothing, and it
// never enters a Ref. The zero value sees every neuron at every position but a real BOS.
type view struct {
	sign       int // +1, −1, or 0 for both
	layers     *[2]int
	lastN      int // 0: all
	first      bool
	keepBOS    bool
	candidates int // 0: all
}

func (v view) skipFirst() view   { v.first = true; return v }
func (v view) last(n int) view   { v.lastN = max(n, 0); return v }
func (v view) signed(s int) view { v.sign = s; return v }

func (v view) within(lo, hi int) view {
	if v.layers != nil {
		lo, hi = max(lo, v.layers[0]), min(hi, v.layers[1])
	}
	v.layers = &[2]int{lo, hi}
	return v
}

// start returns the first position that the view sees of T positions, the first being a real BOS or not.
func (v view) start(T int, bos bool) int {
	s := 0
	if v.first || (bos && !v.keepBOS) {
		s = 1
	}
	if v.lastN > 0 {
		s = max(s, T-v.lastN)
	}
	return min(s, T)
}

// sees reports whether the view looks at the layer.
func (v view) sees(layer int) bool {
	return v.layers == nil || (layer >= v.layers[0] && layer <= v.layers[1])
}

// floor is the smallest |score| that counts as an entry, as in the reference implementation.
const floor = 1e-8

// entries calls f for every score [L,T,F] that the view sees, zeros and signs not yet left out.
func (v view) entries(d dense, f func(l, t, n int, score float32)) {
	T, F := d.Positions, d.Shape.Neurons
	for l := range d.Shape.Layers {
		if !v.sees(l) {
			continue
		}
		for t := v.start(T, d.BOS); t < T; t++ {
			row := d.scores[(l*T+t)*F:][:F]
			if v.candidates == 0 || v.candidates >= F {
				for n, s := range row {
					f(l, t, n, s)
				}
				continue
			}
			for _, n := range largest(row, v.candidates) {
				if math.Abs(float64(row[n])) > floor {
					f(l, t, n, row[n])
				}
			}
		}
	}
}

// totals returns Σ_t score of every neuron that the view sees, [L,F] in float64, and which of them it sees by sign.
func (v view) totals(d dense) []float64 {
	F := d.Shape.Neurons
	sum := make([]float64, d.Shape.Layers*F) // [L,F]
	v.entries(d, func(l, _, n int, s float32) { sum[l*F+n] += float64(s) })
	for i, s := range sum {
		if float64(v.sign)*s < 0 {
			sum[i] = 0
		}
	}
	return sum
}

// largest returns the indices of the k largest |row|, ties to the lower index, in rising order.
func largest(row []float32, k int) []int {
	least, ties := kth(row, k)
	idx := make([]int, 0, k)
	for i, v := range row {
		m := magnitude(v)
		if m > least {
			idx = append(idx, i)
		} else if m == least && ties > 0 {
			idx, ties = append(idx, i), ties-1
		}
	}
	return idx
}

// magnitude orders numbers by |v|: without their sign, the bits of a float32 rise as the number does.
func magnitude(v float32) uint32 { return math.Float32bits(v) &^ (1 << 31) }

// kth returns the magnitude of the k-th largest |row|, 1 ≤ k ≤ len(row), and how many of that magnitude are among the k
// largest. It is a radix selection: eight bits at a time, the highest first.
func kth(row []float32, k int) (least uint32, left int) {
	left = k
	for shift := 24; shift >= 0; shift -= 8 {
		var count [256]int
		for _, v := range row {
			if m := magnitude(v); uint64(m)>>(shift+8) == uint64(least)>>(shift+8) {
				count[m>>shift&255]++
			}
		}
		digit := 255
		for ; digit > 0 && count[digit] < left; digit-- {
			left -= count[digit]
		}
		least |= uint32(digit) << shift
	}
	return least, left
}

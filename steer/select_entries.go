package steer

import (
	"math"
)

// topEntries returns the k entries (layer, position, neuron) with the largest |score|; without a position axis their
// position is −1.
func topEntries(d dense, v view, k int) []Entry {
	list := v.rankEntries(d, k)
	out := make([]Entry, len(list))
	T, F := uint32(d.Positions), uint32(d.width())
	spread(len(list), func(lo, hi int) {
		for i, e := range list[lo:hi] {
			row := e.at / F
			out[lo+i] = Entry{Neuron{Layer: int(row / T), Index: int(e.at - row*F), Head: d.Heads}, int(row % T), float64(d.scores[e.at])}
			if d.Summed {
				out[lo+i].Position = -1
			}
		}
	})
	return out
}

// rankEntries ranks entries by their places in the scores [L,T,F]. There may be a million of which a few are wanted, so
// they are first counted by their highest bits, which says from which magnitude on they are worth sorting.
func (v view) rankEntries(d dense, k int) []sortKey {
	least, side, T, F := v.leastBits(d), sideOf(v.sign), d.Positions, d.width()
	return v.ranking(d, k, func(lo, hi int, one limits) ([]sortKey, float64) {
		in := v.within(lo, hi)
		var list []sortKey
		if v.few(d) {
			list = make([]sortKey, 0, (hi+1-lo)*T*v.candidates)
			in.rows(d, func(l, t int, row []float32, at []int32) {
				for _, n := range at {
					if m := side.magnitude(row[n]); m >= least {
						list = append(list, key(float64(row[n]), (l*T+t)*F+int(n)))
					}
				}
			})
			return trim(list, one)
		}
		layers := hi + 1 - lo
		tallies, lists := make([]tally, layers), make([][]sortKey, layers) // a layer each: the sums are of the same order on any machine
		spread(layers, func(a, b int) {
			for l := a; l < b; l++ {
				in.within(lo+l, lo+l).rows(d, func(_, _ int, row []float32, _ []int32) { tallies[l].add(row, least, side) })
			}
		})
		var counts tally
		for i := range tallies {
			counts.merge(&tallies[i])
		}
		highest, n := counts.from(one)
		from := max(least, highest<<coarseShift)
		spread(layers, func(a, b int) {
			for l := a; l < b; l++ {
				part := make([]sortKey, 0, tallies[l].above(from))
				in.within(lo+l, lo+l).rows(d, func(l, t int, row []float32, _ []int32) {
					for n, s := range row {
						if side.magnitude(s) >= from {
							part = append(part, key(float64(s), (l*T+t)*F+n))
						}
					}
				})
				lists[l] = part
			}
		})
		list = make([]sortKey, 0, n)
		for _, part := range lists {
			list = append(list, part...)
		}
		return list, counts.total()
	})
}

// agrees reports whether a score has the sign that the view asks for.
func (v view) agrees(s float32) bool { return v.sign == 0 || float32(v.sign)*s > 0 }

// leastBits returns the least magnitude of a score that passes the floor and Percent.
func (v view) leastBits(d dense) uint32 {
	bound := max(math.Nextafter(floor, 1), v.least(d))
	if bound > math.MaxFloat32 {
		return math.MaxInt32 // above every finite magnitude
	}
	m := magnitude(float32(bound)) // rounded, perhaps down
	if float64(math.Float32frombits(m)) < bound {
		m++
	}
	return m
}

// add counts the scores of a row on one side that are at least as large as least. All others count as 0, without a branch.
func (t *tally) add(row []float32, least uint32, side side) {
	for _, s := range row {
		m := side.magnitude(s)
		m &^= uint32(int32(m-least) >> 31) // 0 where m < least
		t.count[coarse(m)]++
		t.sum[coarse(m)] += float64(math.Float32frombits(m))
	}
}

// side is the scores of one sign, or of both, as masks: signs come in no order that a processor could foresee.
type side struct{ flip, both uint32 }

func sideOf(sign int) side {
	switch {
	case sign > 0:
		return side{flip: math.MaxUint32}
	case sign < 0:
		return side{}
	}
	return side{both: math.MaxUint32}
}

// magnitude is that of v, and 0 where v is on the other side.
func (x side) magnitude(v float32) uint32 {
	bits := math.Float32bits(v)
	negative := uint32(int32(bits) >> 31) // all ones or none
	return bits &^ (1 << 31) & (negative ^ x.flip | x.both)
}

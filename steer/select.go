package steer

import (
	"cmp"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// byStrength orders entries by falling |score|, ties by layer, position, index: the order of every ranking here.
func byStrength(a, b Entry) int {
	if c := cmp.Compare(math.Abs(b.Score), math.Abs(a.Score)); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Position, b.Position), message.ByPlace(a.Neuron, b.Neuron))
}

// limits is where a ranking, strongest first, ends: whatever is reached first.
type limits struct {
	k     int
	share float64 // of the sum of all; +Inf: none
}

func (v view) limits(k int) limits {
	l := limits{max(k, 0), math.Inf(1)}
	if v.cumulative != nil {
		if l.share = *v.cumulative; math.IsNaN(l.share) {
			l.k = 0
		}
	}
	return l
}

// cut returns how many of a ranking are kept, whose i-th has the given strength and which sums to total. At least one is,
// as in the reference implementation, unless k is 0.
func (l limits) cut(n int, total float64, strength func(i int) float64) int {
	n = min(n, l.k)
	if math.IsInf(l.share, 1) {
		return n
	}
	var sum float64
	for i := range n {
		if sum += strength(i); sum >= l.share*total {
			return i + 1
		}
	}
	return n
}

// ranking returns what the view keeps of k, strongest first. gather gives, of layers lo to hi in rising order, at least
// everything within limits, and the sum of all.
func (v view) ranking(d dense, k int, gather func(lo, hi int, one limits) ([]sortKey, float64)) []sortKey {
	var (
		list  []sortKey
		total float64
	)
	if v.perLayer == 0 {
		list, total = gather(0, d.Shape.Layers-1, v.limits(k))
		list = sortKeys(list)
	} else {
		for l := range d.Shape.Layers {
			part, _ := gather(l, l, limits{v.perLayer, math.Inf(1)})
			part = sortKeys(part)
			list = append(list, part[:min(v.perLayer, len(part))]...)
		}
		slices.SortFunc(list, func(a, b sortKey) int { return cmp.Compare(a.at, b.at) }) // equal strengths by place
		list = sortKeys(list)
		for _, e := range list {
			total += e.strength()
		}
	}
	return list[:v.limits(k).cut(len(list), total, func(i int) float64 { return list[i].strength() })]
}

// topNeurons returns the k distinct neurons with the largest |Σ_t score|; zeros are no neurons of a circuit.
func topNeurons(d dense, v view, k int) []Entry {
	sum := v.sums(d)
	list := v.rankNeurons(d, sum, k)
	out := make([]Entry, len(list))
	for i, e := range list {
		out[i] = Entry{d.unit(int(e.at)), -1, sum[e.at]}
	}
	return out
}

// rankNeurons ranks neurons by their sums [L,F].
func (v view) rankNeurons(d dense, sum []float64, k int) []sortKey {
	least, F := v.least(d), d.width()
	return v.ranking(d, k, func(lo, hi int, one limits) ([]sortKey, float64) {
		list := make([]sortKey, 0, (hi+1-lo)*F)
		for i := lo * F; i < (hi+1)*F; i++ {
			if m := math.Abs(sum[i]); m > floor && m >= least && float64(v.sign)*sum[i] >= 0 {
				list = append(list, key(m, i))
			}
		}
		return trim(list, one)
	})
}

// totals returns Σ_t score [L,F] of the neurons that the view keeps, and 0 of all others.
func (v view) totals(d dense) []float64 {
	sum := v.sums(d)
	if v.sign == 0 && v.least(d) == 0 && v.perLayer == 0 && v.cumulative == nil {
		return sum
	}
	out := make([]float64, len(sum))
	for _, e := range v.rankNeurons(d, sum, everything) {
		out[e.at] = sum[e.at]
	}
	return out
}

package steer

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
)

// byStrength orders entries by falling |score|, ties by layer, position, index: the order of every ranking here.
func byStrength(a, b Entry) int {
	if c := cmp.Compare(math.Abs(b.Score), math.Abs(a.Score)); c != 0 {
		return c
	}
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Position, b.Position), cmp.Compare(a.Index, b.Index))
}

// strongest keeps the k best entries offered to it: a heap whose root is the weakest kept.
type strongest struct {
	k    int
	kept []Entry
}

func (s *strongest) offer(e Entry) {
	switch {
	case len(s.kept) < s.k:
		heap.Push(s, e)
	case s.k > 0 && math.Abs(e.Score) >= math.Abs(s.kept[0].Score) && byStrength(e, s.kept[0]) < 0: // most are weaker
		s.kept[0] = e
		heap.Fix(s, 0)
	}
}

// sorted returns the kept entries, strongest first.
func (s *strongest) sorted() []Entry {
	slices.SortFunc(s.kept, byStrength)
	return s.kept
}

// Len implements heap.Interface.
func (s *strongest) Len() int { return len(s.kept) }

// Less implements heap.Interface: the weaker entry is nearer the root.
func (s *strongest) Less(i, j int) bool { return byStrength(s.kept[i], s.kept[j]) > 0 }

// Swap implements heap.Interface.
func (s *strongest) Swap(i, j int) { s.kept[i], s.kept[j] = s.kept[j], s.kept[i] }

// Push implements heap.Interface.
func (s *strongest) Push(x any) { s.kept = append(s.kept, x.(Entry)) }

// Pop implements heap.Interface.
func (s *strongest) Pop() any {
	last := s.kept[len(s.kept)-1]
	s.kept = s.kept[:len(s.kept)-1]
	return last
}

// topNeurons returns the k distinct neurons with the largest |Σ_t score|; zeros are no neurons of a circuit.
func topNeurons(d dense, v view, k int) []Entry {
	best := &strongest{k: k}
	F := d.Shape.Neurons
	for i, s := range v.totals(d) {
		if math.Abs(s) > floor {
			best.offer(Entry{Neuron{i / F, i % F}, -1, s})
		}
	}
	return best.sorted()
}

// topEntries returns the k entries (layer, position, neuron) with the largest |score|.
func topEntries(d dense, v view, k int) []Entry {
	best := &strongest{k: k}
	v.entries(d, func(l, t, n int, score float32) {
		s := float64(score)
		if math.Abs(s) > floor && float64(v.sign)*s >= 0 {
			best.offer(Entry{Neuron{l, n}, t, s})
		}
	})
	return best.sorted()
}

package steer

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Overlap compares circuits by their distinct neurons and heads, each with each, beside what random circuits with as many of
// either in every layer would share. It is lazy where the circuits are.
//
//	fmt.Println(steer.Overlap(found, cna, parts))
func Overlap(circuits ...Circuit) OverlapMatrix {
	circuits = slices.Clone(circuits)
	return OverlapMatrix{sync.OnceValue(func() overlaps { return compareCircuits(circuits) })}
}

// OverlapWith is [Overlap] of a circuit and others, an [OverlapMatrix], by the methods that a figure needs: with it
// plotting.Overlap(a, b, c) takes circuits, in a package that does not know this one.
func (c Circuit) OverlapWith(others ...Circuit) interface {
	Len() int
	Names() []string
	Sizes() []int
	Jaccard(i, j int) float64
	Expected(i, j int) float64
} {
	return Overlap(append([]Circuit{c}, others...)...)
}

// OverlapMatrix says how much circuits have in common. i and j count the circuits in the order given; outside of them
// every number is 0. It is symmetric.
type OverlapMatrix struct{ load func() overlaps }

type overlaps struct {
	names []string
	sizes []int
	pairs [][]overlap // [n][n]
	known bool        // the number of neurons in a layer is known, and so is the null
	notes []string    // why not to believe it
}

type overlap struct {
	shared                        int
	jaccard, expected, p, ranking float64
	mean                          float64 // expected number of shared neurons
}

func (m OverlapMatrix) data() overlaps {
	if m.load == nil {
		return overlaps{}
	}
	return m.load()
}

func (m OverlapMatrix) at(i, j int) overlap {
	d := m.data()
	if i < 0 || j < 0 || i >= len(d.pairs) || j >= len(d.pairs) {
		return overlap{}
	}
	return d.pairs[i][j]
}

// Len returns the number of circuits.
func (m OverlapMatrix) Len() int { return len(m.data().names) }

// Names returns the circuits' names.
func (m OverlapMatrix) Names() []string { return slices.Clone(m.data().names) }

// Sizes returns how many distinct neurons each circuit has.
func (m OverlapMatrix) Sizes() []int { return slices.Clone(m.data().sizes) }

// Shared returns |A ∩ B|, in neurons.
func (m OverlapMatrix) Shared(i, j int) int { return m.at(i, j).shared }

// Jaccard returns |A ∩ B| / |A ∪ B|, 0 to 1; of two empty circuits it is 0.
func (m OverlapMatrix) Jaccard(i, j int) float64 { return m.at(i, j).jaccard }

// ExpectedShared returns the mean of |A ∩ B| when the neurons of each layer are drawn at random, Σ_l a_l·b_l/F with a_l
// and b_l neurons of each circuit in layer l, and so for heads. It is NaN when no circuit knows its model's F.
func (m OverlapMatrix) ExpectedShared(i, j int) float64 { return m.at(i, j).mean }

// Expected returns the mean Jaccard index of such random circuits, exactly. It is NaN when no circuit knows its model's F.
func (m OverlapMatrix) Expected(i, j int) float64 { return m.at(i, j).expected }

// P returns the probability that such random circuits share at least as many neurons: a sum of one hypergeometric
// variable for each layer. It is NaN when no circuit knows its model's F.
func (m OverlapMatrix) P(i, j int) float64 { return m.at(i, j).p }

// RankBiased returns the rank-biased overlap of the two rankings by |score|, 0 to 1, extrapolated to the whole of them,
// with persistence .9: the first ten places carry 86 % of the weight (Webber, Moffat and Zobel 2010, equation 32).
func (m OverlapMatrix) RankBiased(i, j int) float64 { return m.at(i, j).ranking }

// compareCircuits fills in the matrix.
func compareCircuits(circuits []Circuit) overlaps {
	out := overlaps{pairs: make([][]overlap, len(circuits))}
	rankings, shape := make([][]Neuron, len(circuits)), Shape{}
	var made models
	for i, c := range circuits {
		rankings[i] = c.ranked()
		o := c.from()
		if made = made.and(o.made); o.err != nil {
			out.notes = append(out.notes, c.String())
		}
		s := c.Shape()
		shape.Layers, shape.Neurons, shape.Heads = max(shape.Layers, s.Layers), max(shape.Neurons, s.Neurons), max(shape.Heads, s.Heads)
		out.names = append(out.names, c.Name())
		out.sizes = append(out.sizes, len(rankings[i]))
		out.pairs[i] = make([]overlap, len(circuits))
	}
	for _, r := range rankings {
		for _, n := range r { // a circuit of given neurons may lie outside the others' model
			if shape.Neurons > 0 && n.Index >= shape.Units(n.Head) {
				shape.Neurons = 0
			}
		}
	}
	if len(made) > 1 {
		out.notes = append(out.notes, fmt.Sprintf("these circuits are of %d models: the same layer and index mean another neuron there, and nothing says what chance would give", len(made)))
		shape.Neurons = 0
	}
	out.known = shape.Neurons > 0
	for i := range circuits {
		for j := i; j < len(circuits); j++ {
			o := compareRankings(rankings[i], rankings[j], shape)
			out.pairs[i][j], out.pairs[j][i] = o, o
		}
	}
	return out
}

// ranked returns the distinct neurons, strongest first.
func (c Circuit) ranked() []Neuron {
	var out []Neuron
	seen := map[Neuron]bool{}
	for _, e := range c.all() {
		if !seen[e.Neuron] {
			seen[e.Neuron] = true
			out = append(out, e.Neuron)
		}
	}
	return out
}

func compareRankings(a, b []Neuron, shape Shape) overlap {
	set := NewNeuronSet("", b...)
	o := overlap{expected: math.NaN(), mean: math.NaN(), p: math.NaN(), ranking: stats.RankBiased(a, b, persistence)}
	for _, n := range a {
		if set.Has(n) {
			o.shared++
		}
	}
	o.jaccard = jaccard(o.shared, len(a), len(b))
	if shape.Neurons == 0 {
		return o
	}
	chance := sharedByChance(countLayers(a), countLayers(b), shape)
	o.mean, o.expected, o.p = 0, 0, stats.AtLeast(chance, o.shared)
	for k, q := range chance {
		o.mean += q * float64(k)
		o.expected += q * jaccard(k, len(a), len(b))
	}
	return o
}

// jaccard returns the index of two sets of a and b elements that share k.
func jaccard(k, a, b int) float64 {
	if a+b-k == 0 {
		return 0
	}
	return float64(k) / float64(a+b-k)
}

// countLayers counts the neurons, and the heads, of each layer; a key has no index.
func countLayers(ns []Neuron) map[Neuron]int {
	n := map[Neuron]int{}
	for _, x := range ns {
		n[Neuron{Layer: x.Layer, Head: x.Head}]++
	}
	return n
}

// String is a table: the Jaccard index of each pair, and under it what chance would give.
func (m OverlapMatrix) String() string {
	d := m.data()
	var b strings.Builder
	for i := range d.names {
		for j := i + 1; j < len(d.names); j++ {
			o := d.pairs[i][j]
			fmt.Fprintf(&b, "%s and %s share %d of %d and %d neurons: Jaccard %.3f", d.names[i], d.names[j], o.shared, d.sizes[i], d.sizes[j], o.jaccard)
			if d.known {
				fmt.Fprintf(&b, " (by chance %.3f, p = %.2g)", o.expected, o.p)
			}
			fmt.Fprintf(&b, ", rank-biased %.3f\n", o.ranking)
		}
	}
	for _, n := range d.notes {
		fmt.Fprintln(&b, n)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Warnings returns what a reader must know: circuits that cannot be compared.
func (m OverlapMatrix) Warnings() []Warning {
	var ws []Warning
	for _, n := range m.data().notes {
		ws = append(ws, Warning{Code: "circuits", Text: n})
	}
	return ws
}

package steer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// Compare holds a circuit against a decomposition: do the neurons that carry a behavior also write its control vector? It
// computes nothing on a model. Layers are those of the vector.
//
//	c := steer.Compare(praise, parts).TopK(50)
func Compare(c Circuit, d Decomposition) Comparison { return Comparison{circuit: c, parts: d, k: 50} }

// Comparison is a circuit beside a decomposition. Its numbers are those of the reference implementation, with what chance
// alone would give beside each.
type Comparison struct {
	circuit Circuit
	parts   Decomposition
	k       int
}

// TopK sets how many neurons of each layer, by |projection|, count as the vector's own; the default is 50.
func (c Comparison) TopK(k int) Comparison { c.k = max(k, 0); return c }

// LayerOverlap is a circuit beside a decomposition in one layer.
type LayerOverlap struct {
	Layer             int     `json:"layer"`
	Circuit           int     `json:"circuit"`           // the circuit's neurons of the layer
	Top               int     `json:"top"`               // the vector's: min(k, those with |projection| > 1e-6)
	Shared            int     `json:"shared"`            // in both
	Expected          float64 `json:"expected"`          // of Shared, by chance: circuit·top/F
	VarianceExplained float64 `json:"varianceExplained"` // the reference's; not R²
}

// otherModel warns where the circuit and the vector are not of one model.
func (c Comparison) otherModel() []Warning {
	if len(c.circuit.from().made.and(madeFrom(c.parts.Scores.data().header))) < 2 {
		return nil
	}
	return []Warning{{Code: "model", Text: "the circuit and the vector are of two models: the same layer and index mean another neuron there"}}
}

// neurons returns the circuit's neurons: heads have no column of W_down, and a warning says so.
func (c Comparison) neurons() []Neuron {
	return slices.DeleteFunc(c.circuit.Neurons(), message.IsHead)
}

// heads warns of what is not compared.
func (c Comparison) heads() []Warning {
	if n := c.circuit.Heads().Len(); n > 0 {
		return []Warning{{Code: "heads", Text: fmt.Sprintf("the circuit has %d attention heads, which have no column of W_down and are not compared", n)}}
	}
	return nil
}

// floorProjection is the smallest |projection| that the reference implementation keeps.
const floorProjection = 1e-6

// Layers compares each layer of the vector.
func (c Comparison) Layers() []LayerOverlap {
	shape, variance := c.parts.Shape(), c.parts.VarianceExplained(c.circuit)
	if len(variance) != shape.Layers {
		return nil
	}
	own := map[int]map[int]bool{}
	for _, n := range c.neurons() {
		if own[n.Layer] == nil {
			own[n.Layer] = map[int]bool{}
		}
		own[n.Layer][n.Index] = true
	}
	var out []LayerOverlap
	for _, l := range c.parts.Decomposed() {
		top := c.strongest(l)
		x := LayerOverlap{Layer: l, Circuit: len(own[l]), Top: len(top), VarianceExplained: variance[l]}
		for _, e := range top {
			if own[l][e.Index] {
				x.Shared++
			}
		}
		x.Expected = float64(x.Circuit) * float64(x.Top) / float64(shape.Neurons)
		out = append(out, x)
	}
	return out
}

// strongest returns the vector's k neurons of a layer, strongest first.
func (c Comparison) strongest(layer int) []Entry {
	es := topNeurons(c.parts.Scores.data(), view{}.within(layer, layer), c.k)
	return slices.DeleteFunc(es, func(e Entry) bool { return math.Abs(e.Score) <= floorProjection })
}

// Total is the sum over the layers: the neurons that both have, of how many of the vector's, how many chance would give,
// and the probability that chance gives at least as many (hypergeometric in each layer, layers independent).
func (c Comparison) Total() (shared, of int, expected, p float64) {
	a, b := map[Neuron]int{}, map[Neuron]int{}
	for _, l := range c.Layers() {
		shared, of, expected = shared+l.Shared, of+l.Top, expected+l.Expected
		a[Neuron{Layer: l.Layer}], b[Neuron{Layer: l.Layer}] = l.Circuit, l.Top
	}
	return shared, of, expected, stats.AtLeast(sharedByChance(a, b, c.parts.Shape()), shared)
}

// MeanVarianceExplained is the mean of the layers' VarianceExplained, as the reference implementation reports it.
func (c Comparison) MeanVarianceExplained() float64 {
	var sum float64
	layers := c.Layers()
	for _, l := range layers {
		sum += l.VarianceExplained
	}
	return sum / float64(max(len(layers), 1))
}

// topRank is the length of the two rankings that Top compares, as in the reference implementation.
const topRank = 50

// Top compares the two rankings over all layers: how many of the circuit's first 50 entries are neurons among the first 50
// of the vector, by |score| and |projection|, with what chance would give, drawing as many neurons of each layer as the
// two rankings have. Projections of different layers are compared as they are, so layers where the vector is long come
// first.
func (c Comparison) Top() (shared int, expected, p float64) {
	var all []Entry
	for _, l := range c.parts.Decomposed() {
		all = append(all, c.strongest(l)...)
	}
	slices.SortFunc(all, byStrength)
	mine := slices.DeleteFunc(slices.Clone(c.circuit.all()), func(e Entry) bool { return e.Head })
	slices.SortStableFunc(mine, func(a, b Entry) int { return cmp.Compare(math.Abs(b.Score), math.Abs(a.Score)) })
	a, b := firstNeurons(mine), firstNeurons(all)
	for _, n := range a {
		if slices.Contains(b, n) {
			shared++
		}
	}
	F := c.parts.Shape().Neurons
	inA, inB := countLayers(a), countLayers(b)
	for l := range c.parts.Shape().Layers {
		expected += float64(inA[Neuron{Layer: l}]) * float64(inB[Neuron{Layer: l}]) / float64(F)
	}
	return shared, expected, stats.AtLeast(sharedByChance(inA, inB, c.parts.Shape()), shared)
}

// firstNeurons returns the distinct neurons of the first entries of a ranking.
func firstNeurons(es []Entry) []Neuron {
	return Circuit{entries: func() []Entry { return es[:min(topRank, len(es))] }}.Neurons()
}

// Warnings says what the numbers are not.
func (c Comparison) Warnings() []Warning {
	return append(slices.Concat(c.parts.Warnings(), c.otherModel(), c.heads()), Warning{Code: "variance", Text: "the variance explained is the reference implementation's share of squared projections; it is not R²: Decomposition.R2 is"})
}

// String lists the layers where the circuit has neurons, and the sums.
func (c Comparison) String() string {
	var b strings.Builder
	for _, l := range c.Layers() {
		if l.Circuit > 0 {
			fmt.Fprintf(&b, "layer %2d: %d of the circuit's %d neurons are among the vector's %d (by chance %.2f), variance explained %.4f\n",
				l.Layer, l.Shared, l.Circuit, l.Top, l.Expected, l.VarianceExplained)
		}
	}
	shared, of, expected, p := c.Total()
	fmt.Fprintf(&b, "total: %d of %d (by chance %.2f, p = %.2g), mean variance explained %.4f (not R²)\n", shared, of, expected, p, c.MeanVarianceExplained())
	top, expected, p := c.Top()
	fmt.Fprintf(&b, "top %d: %d shared (by chance %.2f, p = %.2g)", topRank, top, expected, p)
	return b.String()
}

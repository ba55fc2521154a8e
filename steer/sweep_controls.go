package steer

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MatchedControls returns n random circuits for comparison with c: each has as many neurons and as many heads in every layer
// as c, drawn without c's own and those of without. The same seed gives the same circuits. It is an error where a layer has
// too few left.
func MatchedControls(c Circuit, without NeuronSet, shape Shape, n int, seed uint64) ([]Circuit, error) {
	of := c.from()
	if of.err != nil {
		return nil, engine.Prefix("controls", of.err)
	}
	draw, err := newControls("controls", c.Neurons(), without.all(), shape, seed)
	if err != nil {
		return nil, err
	}
	out := make([]Circuit, max(n, 0))
	for i := range out {
		out[i] = NewCircuit("random", draw.next()...).madeBy(of.made)
	}
	return out, nil
}

// controls draws layer-matched random circuits.
type controls struct {
	rng  *rand.Rand
	pots []pot // in the order of neurons
}

// A pot is what is drawn from: the neurons, or the heads, of one layer that are not the circuit's.
type pot struct {
	layer int
	heads bool
	free  []int
	count int // how many to draw
}

// newControls prepares to draw controls for neurons, which are distinct. No control has one of them or of without.
func newControls(task string, neurons, without []Neuron, shape Shape, seed uint64) (*controls, error) {
	c := &controls{rng: stats.Rand(seed, stats.Controls)}
	taken, counts := map[Neuron]bool{}, map[Neuron]int{} // counts by layer and kind
	for _, n := range without {
		taken[n] = true
	}
	for _, n := range neurons {
		if !shape.Has(n) {
			return nil, engine.Prefix(task, message.Outside(shape, n))
		}
		taken[n] = true
		counts[Neuron{Layer: n.Layer, Head: n.Head}]++
	}
	for _, of := range slices.SortedFunc(maps.Keys(counts), message.ByPlace) {
		p := pot{layer: of.Layer, heads: of.Head, count: counts[of]}
		for i := range shape.Units(of.Head) {
			if !taken[Neuron{Layer: of.Layer, Index: i, Head: of.Head}] {
				p.free = append(p.free, i)
			}
		}
		if free := len(p.free); p.count > free {
			return nil, engine.Errorf(engine.BadSetting, task, "the circuit has %d %s of layer %d, but only %d others are left for a random control", p.count, about{Heads: of.Head}.units(), of.Layer, free).
				Try("test a smaller circuit, e.g. TopK(20), or leave out Controls")
		}
		c.pots = append(c.pots, p)
	}
	return c, nil
}

// next draws one control, sorted.
func (c *controls) next() []Neuron {
	var ns []Neuron
	for _, p := range c.pots {
		free := p.free
		for i := range p.count { // the first k steps of a Fisher–Yates shuffle: any order to begin with gives a fair draw
			j := i + c.rng.IntN(len(free)-i)
			free[i], free[j] = free[j], free[i]
		}
		for _, i := range slices.Sorted(slices.Values(free[:p.count])) {
			ns = append(ns, Neuron{Layer: p.layer, Index: i, Head: p.heads})
		}
	}
	return ns
}

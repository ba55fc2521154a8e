package steer

import (
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MatchedControls returns n random circuits for comparison with c: each has as many neurons in every layer as c, drawn
// without c's own and those of without. The same seed gives the same circuits. It is an error where a layer has too few
// neurons left.
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
	rng   *rand.Rand
	free  [][]int // [L] the neurons of each layer that are not the circuit's
	count []int   // [L] how many to draw
}

// newControls prepares to draw controls for neurons, which are distinct. No control has one of them or of without.
func newControls(task string, neurons, without []Neuron, shape Shape, seed uint64) (*controls, error) {
	c := &controls{stats.Rand(seed, stats.Controls), make([][]int, shape.Layers), make([]int, shape.Layers)}
	taken := map[Neuron]bool{}
	for _, n := range without {
		taken[n] = true
	}
	for _, n := range neurons {
		if n.Layer < 0 || n.Layer >= shape.Layers || n.Index < 0 || n.Index >= shape.Neurons {
			return nil, engine.Errorf(engine.ModelMismatch, task, "neuron %v is outside this model of %d layers with %d neurons each", n, shape.Layers, shape.Neurons).
				Try("use a circuit that was found on this model")
		}
		taken[n] = true
		c.count[n.Layer]++
	}
	for l, k := range c.count {
		if k == 0 {
			continue
		}
		for i := range shape.Neurons {
			if !taken[Neuron{Layer: l, Index: i}] {
				c.free[l] = append(c.free[l], i)
			}
		}
		if free := len(c.free[l]); k > free {
			return nil, engine.Errorf(engine.BadSetting, task, "the circuit has %d neurons of layer %d, but only %d others are left for a random control", k, l, free).
				Try("test a smaller circuit, e.g. TopK(20), or leave out Controls")
		}
	}
	return c, nil
}

// next draws one control, sorted.
func (c *controls) next() []Neuron {
	var ns []Neuron
	for l, k := range c.count {
		free := c.free[l]
		for i := range k { // the first k steps of a Fisher–Yates shuffle: any order to begin with gives a fair draw
			j := i + c.rng.IntN(len(free)-i)
			free[i], free[j] = free[j], free[i]
		}
		drawn := slices.Sorted(slices.Values(free[:k]))
		for _, i := range drawn {
			ns = append(ns, Neuron{Layer: l, Index: i})
		}
	}
	return ns
}

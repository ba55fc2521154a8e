package main

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
)

// mostActive is how many neurons of a layer the harder null draws from.
const mostActive = 60

// A null is what random circuits do to the difference.
type null struct {
	least, most float64 // change
	larger      int     // circuits whose change is at least as large in size as the circuit's
}

// activeNull ablates random circuits with as many neurons in every layer, drawn without the circuit's own from those that
// are most active on the tested prompts (|h|, mean over positions and prompts). Most neurons of a layer are nearly silent
// and setting them to zero does nothing, so this null is the harder one.
func (how test) activeNull(ctx context.Context, m *steer.Model, c steer.Circuit, tested steer.ExampleSet, change float64) (null, error) {
	pool, err := active(ctx, m, c, tested)
	if err != nil {
		return null{}, err
	}
	r := rand.New(rand.NewPCG(how.seed, 1))
	out := null{least: math.Inf(1), most: math.Inf(-1)}
	for range how.controls {
		curve, err := m.Sweep(draw(r, c, pool), 0).OnExamples(tested).Seed(how.seed).Run(ctx)
		if err != nil {
			return null{}, err
		}
		x := curve.Doses()[0].Change.Value
		out.least, out.most = min(out.least, x), max(out.most, x)
		if math.Abs(x) >= math.Abs(change) {
			out.larger++
		}
	}
	return out, nil
}

// active returns of each layer the most active neurons that are not the circuit's, the most active first.
func active(ctx context.Context, m *steer.Model, c steer.Circuit, tested steer.ExampleSet) ([][]steer.Neuron, error) {
	var mean [][]float64 // [L][F]
	for _, e := range tested.All() {
		a, err := m.Capture(e.Prompt).From(steer.MLPNeurons).Run(ctx)
		if err != nil {
			return nil, err
		}
		h := a.Tensor(steer.MLPNeurons) // [L,T,F]
		for l := range h.Shape[0] {
			if l == len(mean) {
				mean = append(mean, make([]float64, h.Shape[2]))
			}
			tokens, width := h.Shape[1], h.Shape[2]
			for i, x := range h.Data[l*tokens*width:][:tokens*width] {
				mean[l][i%width] += math.Abs(float64(x)) / float64(tokens)
			}
		}
	}
	own, out := c.Set(), make([][]steer.Neuron, len(mean))
	for l, row := range mean {
		for n := range row {
			if x := (steer.Neuron{Layer: l, Index: n}); !own.Has(x) {
				out[l] = append(out[l], x)
			}
		}
		slices.SortStableFunc(out[l], func(a, b steer.Neuron) int {
			switch x, y := row[a.Index], row[b.Index]; {
			case x > y:
				return -1
			case x < y:
				return 1
			}
			return 0
		})
	}
	return out, nil
}

// draw returns a circuit with as many neurons in every layer as c, from the first of each pool.
func draw(r *rand.Rand, c steer.Circuit, pool [][]steer.Neuron) steer.Circuit {
	count := make([]int, len(pool))
	for _, n := range c.Neurons() {
		count[n.Layer]++
	}
	var out []steer.Neuron
	for l, k := range count {
		from := pool[l][:min(max(mostActive, k), len(pool[l]))]
		for _, i := range r.Perm(len(from))[:min(k, len(from))] {
			out = append(out, from[i])
		}
	}
	return steer.NewCircuit("random, active", out...)
}

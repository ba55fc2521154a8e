package execute

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// patches returns what is patched, by place: the units, and the pairs.
func (s patching) patches(shape engine.Shape) (units []engine.Neuron, pairs [][2]engine.Neuron) {
	units = slices.Clone(s.Units)
	switch {
	case s.Sample > 0:
		units = append(units, s.sample(shape)...)
	case len(units) == 0:
		for l := range shape.Layers {
			for i := range shape.Neurons {
				units = append(units, engine.Neuron{Layer: l, Index: i})
			}
		}
	}
	slices.SortFunc(units, message.ByPlace)
	for i, a := range s.Pairs {
		for _, b := range s.Pairs[i+1:] {
			pairs = append(pairs, [2]engine.Neuron{a, b})
		}
	}
	return units, pairs
}

// sample draws neurons other than the units, as many in one layer as in another: what is left of the division goes to layers
// that are drawn, too.
func (s patching) sample(shape engine.Shape) (out []engine.Neuron) {
	rng, left := stats.Rand(s.Seed, stats.Samples), s.Sample
	free := make([][]engine.Neuron, shape.Layers)
	for l := range free {
		for i := range shape.Neurons {
			if u := (engine.Neuron{Layer: l, Index: i}); !slices.Contains(s.Units, u) {
				free[l] = append(free[l], u)
			}
		}
		rng.Shuffle(len(free[l]), func(i, j int) { free[l][i], free[l][j] = free[l][j], free[l][i] })
	}
	layers := rng.Perm(shape.Layers)
	for left > 0 { // there are enough: PatchSettings.Fits
		for _, l := range layers {
			if left > 0 && len(free[l]) > 0 {
				out, free[l], left = append(out, free[l][0]), free[l][1:], left-1
			}
		}
	}
	return out
}

package execute

import (
	"cmp"
	"context"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sets returns a function that gives the units of a size: of the ranking itself (0) and of each random one.
func (s faithful) sets(ctx context.Context, e *env, in faithfulInput) (func(size, ranking int) []engine.Neuron, error) {
	var activity []float64 // [L,F]
	if s.Active {
		var err error
		if activity, err = s.activity(ctx, e, in); err != nil {
			return nil, err
		}
	}
	drawn := make([][][]engine.Neuron, len(s.Counts)) // [K][R]
	rng := stats.Rand(s.Seed, stats.Controls)
	for k, count := range s.Counts {
		for range s.Controls {
			drawn[k] = append(drawn[k], randomLike(rng, e.Shape(), s.Ranked[:count], activity))
		}
	}
	return func(size, ranking int) []engine.Neuron {
		if ranking == 0 {
			return s.Ranked[:s.Counts[size]]
		}
		return drawn[size][ranking-1]
	}, nil
}

// nearest is from how many of the next in activity an equally active unit is drawn.
const nearest = 10

// randomLike draws as many units of every layer and kind as there are in own, and none of own where the layer has enough
// others; where it has not, all others and a part of own. With activities [L,F] each is drawn from the nearest others that are
// closest in activity to one of own.
func randomLike(rng *rand.Rand, shape engine.Shape, own []engine.Neuron, activity []float64) []engine.Neuron {
	mine := map[engine.Neuron][]engine.Neuron{} // by layer and kind
	for _, u := range own {
		of := engine.Neuron{Layer: u.Layer, Head: u.Head}
		mine[of] = append(mine[of], u)
	}
	var out []engine.Neuron
	for _, of := range slices.SortedFunc(maps.Keys(mine), message.ByPlace) {
		out = append(out, drawOthers(rng, shape, mine[of], activity)...)
	}
	return out
}

// drawOthers is randomLike for the units of one layer and kind.
func drawOthers(rng *rand.Rand, shape engine.Shape, own []engine.Neuron, activity []float64) []engine.Neuron {
	taken := make([]bool, shape.Units(own[0].Head))
	for _, u := range own {
		taken[u.Index] = true
	}
	var free []engine.Neuron
	for i, is := range taken {
		if !is {
			free = append(free, engine.Neuron{Layer: own[0].Layer, Index: i, Head: own[0].Head})
		}
	}
	own = slices.Clone(own)
	rng.Shuffle(len(own), func(i, j int) { own[i], own[j] = own[j], own[i] })
	n := min(len(own), len(free))
	if activity == nil {
		rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
		return append(free[:n:n], own[n:]...)
	}
	act := func(u engine.Neuron) float64 { return activity[u.Layer*shape.Neurons+u.Index] }
	slices.SortStableFunc(free, func(a, b engine.Neuron) int { return cmp.Compare(act(a), act(b)) })
	var out []engine.Neuron
	for _, u := range own[:n] {
		at := sort.Search(len(free), func(i int) bool { return act(free[i]) >= act(u) })
		lo := max(0, min(at-nearest/2, len(free)-nearest))
		i := lo + rng.IntN(min(nearest, len(free)-lo))
		out = append(out, free[i])
		free = slices.Delete(free, i, i+1)
	}
	return append(out, own[n:]...)
}

// activity returns the mean |h| of every neuron [L,F] over all tokens of the cases.
func (s faithful) activity(ctx context.Context, e *env, in faithfulInput) ([]float64, error) {
	L, F := e.Shape().Layers, e.Shape().Neurons
	sum, n := make([]float64, L*F), 0
	err := forwardEach(ctx, e.quiet(), in.cases, engine.Neurons, s.Edits, func(i int, r engine.ForwardResult) error {
		h := slices.Clone(r.At(engine.Neurons))
		for k, x := range h {
			h[k] = float32(math.Abs(float64(x)))
		}
		n += len(in.cases[i])
		addPositions(sum, h, len(in.cases[i]), F)
		return finite(h, L)
	})
	for i := range sum {
		sum[i] /= float64(n)
	}
	return sum, err
}

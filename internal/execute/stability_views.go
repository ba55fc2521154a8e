package execute

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// stabilityViews is how often every neuron was selected.
type stabilityViews struct {
	counts    [][]int32 // [R·S·K][L·F] resamples that select it
	circuits  [][]int32 // [R·S·K] what all examples select, strongest first
	agreement []float32 // [R·S·K]
}

// views selects from every resample of the examples, and of every draw of the null.
//
// In a draw of the null the neurons of every layer have changed places, anew for every example but under all rules and in all
// resamples alike: every example keeps how large its scores are in every layer, and no neuron is of two examples but by
// chance. How often the most frequent one of such a draw is selected is what a neuron must exceed to be more than the heavy
// tail of a few examples.
func (in *stabilityInput) views(ctx context.Context, e *env) (*stabilityViews, []float32, error) {
	counts := resamples(in.Resamples, len(in.bodies), in.Seed)
	seeds, rng := make([]uint64, in.Controls), stats.Rand(in.Seed, stats.Exchanges)
	for i := range seeds {
		seeds[i] = rng.Uint64()
	}
	seen, null := &stabilityViews{}, make([]float32, in.Controls)
	progress := func(done, total int) { e.emit(steer.Event{Phase: "stability", Done: done, Total: total}) }
	err := inParallel(ctx, 1+in.Controls, progress, func(i int) {
		if i == 0 {
			in.observe(ctx, seen, counts)
			return
		}
		draw := in.exchanged(stats.Rand(seeds[i-1], stats.Exchanges))
		null[i-1] = draw.most(ctx, counts)
	})
	return seen, null, err
}

// resamples draws how often every example is in a resample [B][N].
func resamples(b, n int, seed uint64) [][]float32 {
	out, rng := make([][]float32, b), stats.Rand(seed, stats.Resampling)
	for i := range out {
		out[i] = make([]float32, n)
		for range n {
			out[i][rng.IntN(n)]++
		}
	}
	return out
}

// observe fills in the views of the scores as they are.
func (in *stabilityInput) observe(ctx context.Context, v *stabilityViews, counts [][]float32) {
	specs := len(in.sums) * len(in.Selections) * len(in.Sizes)
	v.counts, v.circuits, v.agreement = make([][]int32, specs), make([][]int32, specs), make([]float32, specs)
	for i := range v.counts {
		v.counts[i] = make([]int32, in.shape.Layers*in.shape.Neurons)
	}
	all := make([]float32, len(in.bodies))
	for i := range all {
		all[i] = 1
	}
	w := newSelecting(in)
	w.each(all, func(spec int, circuit []int32) { v.circuits[spec] = slices.Clone(circuit) })
	for _, c := range counts {
		if ctx.Err() != nil {
			return
		}
		w.each(c, func(spec int, circuit []int32) {
			shared := 0
			for _, n := range circuit {
				v.counts[spec][n]++
			}
			for _, n := range v.circuits[spec] {
				if slices.Contains(circuit, n) {
					shared++
				}
			}
			if both := len(circuit) + len(v.circuits[spec]) - shared; both > 0 {
				v.agreement[spec] += float32(shared) / float32(both) / float32(len(counts))
			}
		})
	}
}

// most returns in how many of all views the most frequent neuron is.
func (in *stabilityInput) most(ctx context.Context, counts [][]float32) float32 {
	total := make([]int32, in.shape.Layers*in.shape.Neurons)
	w := newSelecting(in)
	for _, c := range counts {
		if ctx.Err() != nil {
			return 0
		}
		w.each(c, func(_ int, circuit []int32) {
			for _, n := range circuit {
				total[n]++
			}
		})
	}
	return float32(slices.Max(total))
}

// exchanged returns the scores of a draw of the null.
func (in *stabilityInput) exchanged(rng *rand.Rand) *stabilityInput {
	out := &stabilityInput{StabilitySettings: in.StabilitySettings, shape: in.shape, bodies: in.bodies}
	L, F := in.shape.Layers, in.shape.Neurons
	places := make([][]int, len(in.bodies)) // [N][L·F]
	for i := range places {
		for l := range L {
			for _, n := range rng.Perm(F) {
				places[i] = append(places[i], l*F+n)
			}
		}
	}
	move := func(rows [][]float32) [][]float32 {
		moved := make([][]float32, len(rows))
		for i, row := range rows {
			if row == nil {
				continue
			}
			moved[i] = make([]float32, len(row))
			for n, from := range places[i] {
				moved[i][n] = row[from]
			}
		}
		return moved
	}
	for r := range in.sums {
		out.sums, out.tails = append(out.sums, move(in.sums[r])), append(out.tails, move(in.tails[r]))
	}
	return out
}

// neurons returns those that any resample, or all examples, select.
func (v *stabilityViews) neurons(shape engine.Shape) []engine.Neuron {
	var out []engine.Neuron
	for n := range shape.Layers * shape.Neurons {
		if slices.ContainsFunc(v.counts, func(c []int32) bool { return c[n] > 0 }) ||
			slices.ContainsFunc(v.circuits, func(c []int32) bool { return slices.Contains(c, int32(n)) }) {
			out = append(out, engine.Neuron{Layer: n / shape.Neurons, Index: n % shape.Neurons})
		}
	}
	return out
}

// counted returns how many resamples select each of the neurons [R,S,K,M].
func (v *stabilityViews) counted(neurons []engine.Neuron, shape engine.Shape) []float32 {
	var out []float32
	for _, c := range v.counts {
		for _, n := range neurons {
			out = append(out, float32(c[n.Layer*shape.Neurons+n.Index]))
		}
	}
	return out
}

// membership returns 1 for each of the neurons that all examples select [R,S,K,M].
func (v *stabilityViews) membership(neurons []engine.Neuron, shape engine.Shape) []float32 {
	var out []float32
	for _, c := range v.circuits {
		for _, n := range neurons {
			x := float32(0)
			if slices.Contains(c, int32(n.Layer*shape.Neurons+n.Index)) {
				x = 1
			}
			out = append(out, x)
		}
	}
	return out
}

// selecting selects circuits from the scores of some examples; it keeps its memory from one selection to the next.
type selecting struct {
	in      *stabilityInput
	total   []float64 // [L·F]
	largest []float32 // [L·F]
	heap    []int32
}

func newSelecting(in *stabilityInput) *selecting {
	n := in.shape.Layers * in.shape.Neurons
	return &selecting{in: in, total: make([]float64, n), largest: make([]float32, n)}
}

// each calls f with the circuit of every specification from examples that count as often as counts [N] says. A circuit is
// valid until f returns.
func (w *selecting) each(counts []float32, f func(spec int, circuit []int32)) {
	K, spec := len(w.in.Sizes), 0
	for r := range w.in.sums {
		for _, name := range w.in.Selections {
			ranked := w.ranked(name, r, counts)
			for k := range K {
				f(spec+k, ranked[:min(w.in.Sizes[k], len(ranked))])
			}
			spec += K
		}
	}
}

// floor is the smallest |score| that is selected, as everywhere.
const floor = 1e-8

// ranked returns the neurons that a selection puts first, as many as the largest size, strongest first, ties by place.
func (w *selecting) ranked(selection string, rule int, counts []float32) []int32 {
	strength := func(n int) float64 { return abs(w.total[n]) }
	switch selection {
	case message.SelectMean:
		w.mean(w.in.sums[rule], counts)
	case message.SelectPositive:
		w.mean(w.in.sums[rule], counts)
		strength = func(n int) float64 { return w.total[n] }
	case message.SelectSkipFirst:
		w.mean(w.in.tails[rule], counts)
	case message.SelectLargest:
		clear(w.largest)
		for i, row := range w.in.sums[rule] {
			if counts[i] == 0 {
				continue
			}
			for n, x := range row {
				w.largest[n] = max(w.largest[n], x, -x)
			}
		}
		strength = func(n int) float64 { return float64(w.largest[n]) }
	}
	return w.first(strength, w.in.Sizes[len(w.in.Sizes)-1])
}

func abs(x float64) float64 { return max(x, -x) }

// mean puts the mean over examples into total.
func (w *selecting) mean(rows [][]float32, counts []float32) {
	clear(w.total)
	for i, row := range rows {
		if c := float64(counts[i]) / float64(len(rows)); c > 0 {
			for n, x := range row {
				w.total[n] += c * float64(x)
			}
		}
	}
}

// first returns the k strongest of all.
func (w *selecting) first(strength func(int) float64, k int) []int32 {
	weaker := func(a, b int32) bool { // than b, or as strong and after it
		x, y := strength(int(a)), strength(int(b))
		return x < y || x == y && a > b
	}
	h := w.heap[:0] // the weakest at 0
	sink := func(i int) {
		for {
			c := 2*i + 1
			if c+1 < len(h) && weaker(h[c+1], h[c]) {
				c++
			}
			if c >= len(h) || !weaker(h[c], h[i]) {
				return
			}
			h[i], h[c] = h[c], h[i]
			i = c
		}
	}
	for n := range w.total {
		switch x := strength(n); {
		case x <= floor:
		case len(h) < k:
			if h = append(h, int32(n)); len(h) == k {
				for i := k/2 - 1; i >= 0; i-- {
					sink(i)
				}
			}
		case x > strength(int(h[0])):
			h[0] = int32(n)
			sink(0)
		}
	}
	slices.SortFunc(h, func(a, b int32) int {
		if weaker(b, a) {
			return -1
		}
		return 1
	})
	w.heap = h
	return h
}

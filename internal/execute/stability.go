package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runStability scores the examples once under every rule, and selects from these scores as often as there are views: under
// every rule, by every selection, at every size, from every resample of the examples, and all that again for every draw of the
// null. Then it ablates what all examples select.
func runStability(ctx context.Context, e *env, s message.StabilitySettings) (any, tensors, error) {
	in, err := scoreAll(ctx, e, s)
	if err != nil {
		return nil, nil, err
	}
	v, null, err := in.views(ctx, e)
	if err != nil {
		return nil, nil, err
	}
	b := message.StabilityBody{
		Shape: in.shape, Metric: in.metric(), Unit: in.bodies[0].Metric.Unit(), Rules: s.Rules, Selections: in.Selections, Sizes: s.Sizes,
		Resamples: s.Resamples, Controls: s.Controls, Seed: s.Seed, Examples: in.prompts(),
	}
	b.Neurons = v.neurons(in.shape)
	R, S, K, M, N := len(s.Rules), len(in.Selections), len(s.Sizes), len(b.Neurons), 0
	ts := tensors{"null": {Shape: []int{s.Controls}, Data: null}, "agreement": {Shape: []int{R, S, K}, Data: v.agreement}}
	ts["count"] = steer.Tensor{Shape: []int{R, S, K, M}, Data: v.counted(b.Neurons, in.shape)}
	ts["selected"] = steer.Tensor{Shape: []int{R, S, K, M}, Data: v.membership(b.Neurons, in.shape)}
	ts["scores"] = steer.Tensor{Shape: []int{R, M}, Data: in.means(b.Neurons)}
	base, ablated, ok, err := in.effects(ctx, e, v.circuits)
	if err != nil {
		return nil, nil, err
	}
	if b.Effects = ok; ok {
		N = len(in.bodies)
	} else {
		e.warn(engine.Warning{Code: "effects", Text: "no circuit was ablated: that needs a target at the last position of every example"})
	}
	ts["base"], ts["ablated"] = steer.Tensor{Shape: []int{N}, Data: base}, steer.Tensor{Shape: []int{R, S, K, N}, Data: ablated}
	return b, ts, nil
}

// A stabilityInput is the examples' scores, summed over positions.
type stabilityInput struct {
	message.StabilitySettings
	shape  engine.Shape
	bodies []message.AttributeBody // of every example, under the first rule
	sums   [][][]float32           // [R][N][L·F] over all positions that count
	tails  [][][]float32           // the same without the first position; nil where no selection asks for it
}

// scoreAll attributes the examples under every rule, or finds that in the store.
func scoreAll(ctx context.Context, e *env, s message.StabilitySettings) (*stabilityInput, error) {
	in := &stabilityInput{StabilitySettings: s, shape: e.Shape()}
	for _, rule := range s.Rules {
		ask := s.Behavior
		ask.Rule = rule
		b, ts, err := part[message.BehaviorBody](ctx, e, string(rule), ask)
		if err != nil {
			return nil, err
		}
		if in.bodies == nil {
			in.bodies = b.Examples
			in.distinct(e)
		}
		sums, tails := make([][]float32, len(b.Examples)), make([][]float32, len(b.Examples))
		for i, x := range b.Examples {
			scores, T := ts[message.ScoresOfExample(i)].Data, len(x.Tokens)
			sums[i] = in.sum(scores, T, s.View.From(T, x.BOS, false))
			if in.skips() {
				tails[i] = in.sum(scores, T, s.View.From(T, x.BOS, true))
			}
		}
		in.sums, in.tails = append(in.sums, sums), append(in.tails, tails)
	}
	return in, nil
}

// distinct drops the selection without the first position where no other has it.
func (in *stabilityInput) distinct(e *env) {
	for _, x := range in.bodies {
		if T := len(x.Tokens); in.View.From(T, x.BOS, false) != in.View.From(T, x.BOS, true) {
			return
		}
	}
	var left []string
	for _, name := range in.Selections {
		if name == message.SelectSkipFirst && len(in.Selections) > 1 {
			e.warn(engine.Warning{Code: "selection", Text: "the first position is left out by every selection, so the one that does nothing else is not counted again"})
			continue
		}
		left = append(left, name)
	}
	in.Selections = left
}

func (in *stabilityInput) skips() bool {
	return slices.Contains(in.Selections, message.SelectSkipFirst)
}

// sum adds up scores [L,T,F] over the positions from one on.
func (in *stabilityInput) sum(scores []float32, T, from int) []float32 {
	F := in.shape.Neurons
	out, row := make([]float32, in.shape.Layers*F), make([]float64, F)
	for l := range in.shape.Layers {
		clear(row)
		for t := from; t < T; t++ {
			for n, x := range scores[(l*T+t)*F:][:F] {
				row[n] += float64(x)
			}
		}
		for n, x := range row {
			out[l*F+n] = float32(x)
		}
	}
	return out
}

// means returns the mean over examples of the neurons' sums under every rule [R,M].
func (in *stabilityInput) means(neurons []engine.Neuron) []float32 {
	var out []float32
	for r := range in.sums {
		for _, n := range neurons {
			var v []float64
			for _, row := range in.sums[r] {
				v = append(v, float64(row[n.Layer*in.shape.Neurons+n.Index]))
			}
			out = append(out, float32(stats.Mean(v)))
		}
	}
	return out
}

// metric says what the scores explain.
func (in *stabilityInput) metric() string {
	about := in.bodies[0].Metric.About()
	for _, b := range in.bodies {
		if b.Metric.About() != about {
			return message.OwnMetric(b.Metric.Unit())
		}
	}
	return about
}

func (in *stabilityInput) prompts() []string {
	var out []string
	for i, b := range in.bodies {
		out = append(out, nameOf(in.Behavior.Examples[i].Prompt, b.Tokens))
	}
	return out
}

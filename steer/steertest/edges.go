package steertest

import (
	"context"
	"fmt"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Edges implements engine.Engine, a target after another: nothing is shared where a pass costs nothing.
func (e *linear) Edges(ctx context.Context, in engine.Edges, progress func(done, total int)) (engine.EdgesResult, error) {
	var r engine.EdgesResult
	if err := e.checkEdges(ctx, in); err != nil {
		return r, fmt.Errorf("edges: %w", err)
	}
	targets := in.Targets
	after := engine.Node{Neuron: engine.Neuron{Layer: layers}} // the metric and the outputs
	if in.Metric {
		targets = append(slices.Clip(targets), after)
	}
	first := len(targets)
	targets = append(slices.Clip(targets), slices.Repeat([]engine.Node{after}, len(in.Outputs))...)
	done := func(int) {}
	if progress != nil {
		done = func(n int) { progress(n, layers+len(targets)) }
	}
	p, err := e.forward(ctx, in.IDs, in.Edit, 0, done)
	if err != nil {
		return r, err
	}
	d := descent{linear: e, in: in, p: p}
	at := 0
	for _, t := range in.Terms {
		at = max(at, t.Position)
	}
	if needsMetric(in) {
		r.Logits = e.logits(p.x[at])
		d.metric = e.metric(p, in.Terms, in.LogProb)
		d.read(engine.Node{Neuron: engine.Neuron{Layer: layers}}, false) // for what the metric asks of the heads
		d.asked = d.gz
	}
	for i, n := range targets {
		if err := ctx.Err(); err != nil {
			return engine.EdgesResult{}, err
		}
		if i >= first {
			d.metric = e.metric(p, []engine.Term{{Position: at, Target: in.Outputs[i-first], Versus: -1}}, false)
		}
		d.read(n, in.Direct)
		r.Weights, r.Value, r.Tokens = append(r.Weights, d.weights), append(r.Value, float32(d.value)), append(r.Tokens, d.tokens)
		r.Attention, r.Biases, r.Injected = append(r.Attention, make([]float32, layers)), append(r.Biases, 0), append(r.Injected, float32(d.injected))
		if in.Direct {
			r.Neurons = append(r.Neurons, d.neurons)
		}
		done(layers + i + 1)
	}
	return r, nil
}

// checkEdges reports the first thing that keeps edges from being found.
func (e *linear) checkEdges(ctx context.Context, in engine.Edges) error {
	if err := e.check(ctx, [][]int32{in.IDs}, in.Edit); err != nil {
		return err
	}
	if err := checkBack(in.Edit); err != nil {
		return err
	}
	for _, n := range append(slices.Clip(in.Sources), in.Targets...) {
		if !e.Shape().Has(n.Neuron) || n.Position < 0 || n.Position >= len(in.IDs) {
			return fmt.Errorf("there is no %v at position %d of %d", n.Neuron, n.Position, len(in.IDs))
		}
	}
	for _, id := range in.Outputs {
		if id < 0 || int(id) >= vocabSize {
			return fmt.Errorf("output %d is outside the vocabulary; use 0 to %d", id, vocabSize-1)
		}
	}
	if len(in.Targets) == 0 && !in.Metric && len(in.Outputs) == 0 {
		return fmt.Errorf("there is no target; give one")
	}
	a := engine.Attribution{IDs: [][]int32{in.IDs}, Terms: [][]engine.Term{in.Terms}, Rule: in.Rule, LogProb: in.LogProb}
	if !needsMetric(in) {
		a.Terms[0] = []engine.Term{{Target: 0, Versus: -1}}
	}
	return checkTerms(a)
}

// needsMetric reports whether edges are asked for that a metric decides.
func needsMetric(in engine.Edges) bool {
	return in.Metric || len(in.Outputs) > 0 || slices.ContainsFunc(in.Targets, func(n engine.Node) bool { return n.Head })
}

// descent carries one target down to the embeddings.
type descent struct {
	*linear
	in     engine.Edges
	p      *pass
	metric metric
	gz     [][width]float64 // the gradients in the heads' outputs [L·T]
	asked  [][width]float64 // those of the metric

	weights, tokens, neurons []float32 // [S], [T], [L]
	value, injected          float64
}

// read finds what a target, which is in layer L where it is the metric, gets from where.
func (d *descent) read(target engine.Node, direct bool) {
	T := len(d.in.IDs)
	g := make([][width]float64, T)
	d.gz, d.value, d.injected = make([][width]float64, layers*T), 0, 0
	d.weights, d.tokens, d.neurons = make([]float32, len(d.in.Sources)), make([]float32, T), make([]float32, layers)
	if target.Layer == layers {
		copy(g, d.metric.gradient)
		d.value = d.metric.linear
	}
	for l := min(target.Layer, layers-1); l >= 0; l-- {
		for t := range T {
			d.mlp(l, t, &g[t], target, direct)
		}
		d.heads(l, g, target)
	}
	for t, id := range d.in.IDs {
		d.tokens[t] = float32(dot(&d.w.embed[id], &g[t]))
	}
}

// mlp takes a row from after an MLP to the heads' outputs before it, where the target may enter.
func (d *descent) mlp(l, t int, g *[width]float64, target engine.Node, direct bool) {
	at := l*len(d.in.IDs) + t
	gz := &d.gz[at]
	through := func(n int, gh float64) {
		d.injected += gh * d.p.constant[at][n]
		for i := range width {
			gz[i] += gh * d.p.slope[at][n] * d.w.in[l][n][i]
		}
	}
	switch {
	case l < target.Layer:
		d.injected += dot(&d.p.added[at], g)
		*g = back(d.p.outs[at], *g)
		d.injected += dot(&d.p.addedMLP[at], g)
		own := back(d.p.outsMLP[at], *g)
		for n := range neurons {
			gh := dot(&d.w.down[l][n], &own)
			d.neurons[l] += float32(gh * d.p.h[at][n])
			for s, of := range d.in.Sources {
				if of.Neuron == (engine.Neuron{Layer: l, Index: n}) && of.Position == t {
					d.weights[s] = float32(gh * d.p.h[at][n])
				}
			}
			if !direct {
				through(n, gh)
			}
		}
	case t == target.Position && target.Head:
		for i := target.Index * headDim; i < (target.Index+1)*headDim; i++ {
			gz[i] = d.asked[at][i]
			d.value += gz[i] * d.p.z[at][i]
		}
	case t == target.Position:
		d.value = d.p.h[at][target.Index]
		through(target.Index, 1)
	}
}

// heads adds to the rows what they give by way of the heads of a layer.
func (d *descent) heads(l int, g [][width]float64, target engine.Node) {
	T := len(d.in.IDs)
	for s, of := range d.in.Sources {
		if of.Head && of.Layer == l && !(target.Head && target.Layer == l) {
			for i := of.Index * headDim; i < (of.Index+1)*headDim; i++ {
				d.weights[s] += float32(d.gz[l*T+of.Position][i] * d.p.z[l*T+of.Position][i])
			}
		}
	}
	var sum [width]float64
	for t := T - 1; t >= 0; t-- {
		for i := range width {
			sum[i] += d.gz[l*T+t][i] * d.p.factor[l*T+t][i/headDim] / float64(t+1)
			g[t][i] += sum[i]
		}
	}
}

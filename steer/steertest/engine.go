package steertest

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// NewEngine returns a causal language model that is linear in its embeddings:
//
//	z[l,t] = heads · mean_{s≤t} x[s]        h[l,t] = W_in[l] · z[l,t]
//	x[t] += W_down[l] · clamp(h·scale + add, lo, hi) + mlp + residual
//
// computed in float64. It has no final norm. What its heads attend to goes to the MLP alone. Its attention pattern, the causal mean, is constant, so all rules give the same scores, the
// attention term of the conservation identity is 0, and the identity holds but for rounding to float32.
func NewEngine() engine.Engine { return &linear{w: newWeights()} }

type linear struct {
	w      *weights
	closed atomic.Bool
}

// Shape implements engine.Engine.
func (e *linear) Shape() engine.Shape {
	return engine.Shape{Layers: layers, Width: width, Neurons: neurons, Heads: heads, KVHeads: 1, HeadDim: headDim, Vocab: vocabSize, Positions: positions}
}

// Name implements engine.Engine.
func (e *linear) Name() string { return "fake (linear, float64)" }

// Close implements engine.Engine.
func (e *linear) Close() error { e.closed.Store(true); return nil }

// Forward implements engine.Engine.
func (e *linear) Forward(ctx context.Context, in engine.Forward, progress func(done, total int)) (engine.ForwardResult, error) {
	var r engine.ForwardResult
	if err := e.check(ctx, in.IDs, in.Edit); err != nil {
		return r, fmt.Errorf("forward: %w", err)
	}
	for b, ids := range in.IDs {
		p, err := e.forward(ctx, ids, in.Edit, b, steps(progress, b, len(in.IDs), 1))
		if err != nil {
			return engine.ForwardResult{}, err
		}
		from := len(ids) - 1
		if in.AllLogits {
			from = 0
		}
		var logits []float32 // [V] or [T,V]
		for t := from; t < len(ids); t++ {
			logits = append(logits, e.logits(p.x[t])...)
		}
		r.Logits = append(r.Logits, logits)
		for _, c := range []struct {
			what engine.Site
			to   *[][]float32
			from func() []float32
		}{
			{engine.Neurons, &r.Neurons, func() []float32 { return floats(p.h) }},
			{engine.Residual, &r.Residual, func() []float32 { return floats(p.residual) }},
			{engine.MLP, &r.MLP, func() []float32 { return floats(p.mlp) }},
			{engine.Attention, &r.Attention, func() []float32 { return causalMean(len(ids)) }},
			{engine.Heads, &r.Heads, func() []float32 { return floats(p.z) }},
			{engine.Embedding, &r.Embedding, func() []float32 { return floats(e.embed(ids)) }},
		} {
			if in.Capture&c.what != 0 {
				*c.to = append(*c.to, c.from())
			}
		}
	}
	return r, nil
}

// steps turns the layers of prompt b of n, in pass of passes, into one count.
func steps(progress func(done, total int), b, n, passes int) func(done int) {
	if progress == nil {
		return func(int) {}
	}
	return func(done int) { progress(b*passes*layers+done, n*passes*layers) }
}

// check reports the first thing that keeps a batch from being run.
func (e *linear) check(ctx context.Context, batch [][]int32, ed *engine.Edit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if e.closed.Load() {
		return fmt.Errorf("the engine is closed; open it again")
	}
	if len(batch) == 0 {
		return fmt.Errorf("the batch is empty; give at least one prompt")
	}
	longest := 0
	for b, ids := range batch {
		if len(ids) == 0 || len(ids) > positions {
			return fmt.Errorf("prompt %d has %d tokens; give 1 to %d", b, len(ids), positions)
		}
		for t, id := range ids {
			if id < 0 || int(id) >= vocabSize {
				return fmt.Errorf("prompt %d, position %d: id %d is outside the vocabulary; use 0 to %d", b, t, id, vocabSize-1)
			}
		}
		longest = max(longest, len(ids))
	}
	return checkEdit(ed, len(batch), longest)
}

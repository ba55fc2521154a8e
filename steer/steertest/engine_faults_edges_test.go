package steertest_test

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// edgeFaults are faults of edges alone.
var edgeFaults = map[string]broken{
	"edges":           found(func(_ engine.Edges, r *engine.EdgesResult) { r.Value[0] *= 1.01 }),
	"edges#closes":    found(func(in engine.Edges, r *engine.EdgesResult) { r.Tokens[1][0] += .01 * r.Value[1] }),
	"edges#attribute": found(func(_ engine.Edges, r *engine.EdgesResult) { clear(r.Weights[len(r.Weights)-1]) }),
	"edges_go_forward": found(func(in engine.Edges, r *engine.EdgesResult) {
		if in.Direct {
			for _, w := range r.Weights {
				for i := range w {
					w[i] *= 2
				}
			}
		}
	}),
	"edges_go_forward#back": found(func(_ engine.Edges, r *engine.EdgesResult) { r.Weights[0][len(r.Weights[0])-1] = 1 }),
	"edges_go_forward#direct": {edges: func(ctx context.Context, in engine.Edges, next edges) (engine.EdgesResult, error) {
		r, err := next(ctx, in)
		if err == nil && in.Direct {
			in.Direct = false
			var total engine.EdgesResult
			total, err = next(ctx, in)
			r.Weights = total.Weights
		}
		return r, err
	}},
	"edges_into_many_are_edges_into_each": found(func(in engine.Edges, r *engine.EdgesResult) {
		if len(in.Targets) > 1 {
			r.Weights[len(r.Weights)-2] = r.Weights[len(r.Weights)-1]
		}
	}),
	"edges_into_many_are_edges_into_each#sum": found(func(in engine.Edges, r *engine.EdgesResult) {
		for _, n := range r.Neurons {
			n[0] *= 2
		}
	}),
	"edges_into_outputs": found(func(in engine.Edges, r *engine.EdgesResult) {
		if n := len(r.Weights); len(in.Outputs) > 1 {
			r.Weights[n-1], r.Weights[n-2] = r.Weights[n-2], r.Weights[n-1]
		}
	}),
	"edges_into_outputs#logits": found(func(in engine.Edges, r *engine.EdgesResult) {
		if len(in.Outputs) > 1 {
			r.Logits = r.Logits[:len(r.Logits)-1]
		}
	}),
	"edges_into_outputs#metric": found(func(in engine.Edges, r *engine.EdgesResult) {
		if len(in.Outputs) > 1 && in.Metric {
			k := len(in.Targets)
			r.Weights[k] = r.Weights[k+1]
		}
	}),
	"edges_are_slopes": found(func(in engine.Edges, r *engine.EdgesResult) {
		for _, w := range r.Weights {
			for i := range w {
				w[i] *= 1.2
			}
		}
	}),
	"mistakes_of_edges": {edges: func(ctx context.Context, in engine.Edges, next edges) (engine.EdgesResult, error) {
		in.Rule = engine.RelP
		return next(ctx, in)
	}},
}

package steertest_test

import (
	"context"

	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// broken is the fake engine with one fault.
type broken struct {
	engine.Engine
	forward   func(ctx context.Context, in engine.Forward, next forward, progress func(int, int)) (engine.ForwardResult, error)
	attribute func(ctx context.Context, in engine.Attribution, next attribute, progress func(int, int)) (engine.AttributionResult, error)
	variants  func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error
	edges     func(ctx context.Context, in engine.Edges, next edges) (engine.EdgesResult, error)
	outputs   func(layer int, next func(int) ([]float32, error)) ([]float32, error)
	unembed   func(ctx context.Context, xs [][]float32, norm bool, next unembed) ([][]float32, error)
	decode    func(*context.Context, *engine.Decoding)
	close     func() error
}

type (
	forward   func(context.Context, engine.Forward, func(int, int)) (engine.ForwardResult, error)
	attribute func(context.Context, engine.Attribution, func(int, int)) (engine.AttributionResult, error)
	variants  func(context.Context, []*engine.Edit, func(int, int, []float32) error) error
	edges     func(context.Context, engine.Edges) (engine.EdgesResult, error)
	unembed   func(context.Context, [][]float32, bool) ([][]float32, error)
)

func (b broken) Forward(ctx context.Context, in engine.Forward, p func(int, int)) (engine.ForwardResult, error) {
	if b.forward == nil {
		return b.Engine.Forward(ctx, in, p)
	}
	return b.forward(ctx, in, b.Engine.Forward, p)
}

func (b broken) Attribute(ctx context.Context, in engine.Attribution, p func(int, int)) (engine.AttributionResult, error) {
	if b.attribute == nil {
		return b.Engine.Attribute(ctx, in, p)
	}
	return b.attribute(ctx, in, b.Engine.Attribute, p)
}

func (b broken) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(int, int, []float32) error, p func(int, int)) error {
	next := func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error) error {
		return b.Engine.Variants(ctx, ids, edits, tokens, each, p)
	}
	if b.variants == nil {
		return next(ctx, edits, each)
	}
	return b.variants(ctx, edits, each, next)
}

func (b broken) Edges(ctx context.Context, in engine.Edges, p func(int, int)) (engine.EdgesResult, error) {
	next := func(ctx context.Context, in engine.Edges) (engine.EdgesResult, error) {
		return b.Engine.Edges(ctx, in, p)
	}
	if b.edges == nil {
		return next(ctx, in)
	}
	return b.edges(ctx, in, next)
}

func (b broken) Outputs(layer int) ([]float32, error) {
	if b.outputs == nil {
		return b.Engine.Outputs(layer)
	}
	return b.outputs(layer, b.Engine.Outputs)
}

func (b broken) Unembed(ctx context.Context, xs [][]float32, norm bool) ([][]float32, error) {
	if b.unembed == nil {
		return b.Engine.Unembed(ctx, xs, norm)
	}
	return b.unembed(ctx, xs, norm, b.Engine.Unembed)
}

func (b broken) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	if b.decode != nil {
		b.decode(&ctx, &in)
	}
	return b.Engine.Decode(ctx, in)
}

func (b broken) Close() error {
	if b.close != nil {
		return b.close()
	}
	return b.Engine.Close()
}

// afterwards makes a fault of a change to a finished attribution.
func afterwards(change func(in engine.Attribution, r *engine.AttributionResult)) broken {
	return broken{attribute: func(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
		r, err := next(ctx, in, p)
		if err == nil {
			change(in, &r)
		}
		return r, err
	}}
}

// found makes a fault of a change to finished edges.
func found(change func(in engine.Edges, r *engine.EdgesResult)) broken {
	return broken{edges: func(ctx context.Context, in engine.Edges, next edges) (engine.EdgesResult, error) {
		r, err := next(ctx, in)
		if err == nil {
			change(in, &r)
		}
		return r, err
	}}
}

// caught makes a fault of a change to a finished forward pass.
func caught(change func(in engine.Forward, r *engine.ForwardResult)) broken {
	return broken{forward: func(ctx context.Context, in engine.Forward, next forward, p func(int, int)) (engine.ForwardResult, error) {
		r, err := next(ctx, in, p)
		if err == nil {
			change(in, &r)
		}
		return r, err
	}}
}

// before makes a fault of a change to the input of a forward pass.
func before(change func(*context.Context, *engine.Forward)) broken {
	return broken{forward: func(ctx context.Context, in engine.Forward, next forward, p func(int, int)) (engine.ForwardResult, error) {
		change(&ctx, &in)
		return next(ctx, in, p)
	}}
}

// without drops a bound of an edit.
func without(e *engine.Edit, bound string) *engine.Edit {
	if e == nil {
		return nil
	}
	f := *e
	if bound == "lo" {
		f.Lo = nil
	} else {
		f.Hi = nil
	}
	return &f
}

func open(b broken) engine.Engine { b.Engine = steertest.NewEngine(); return b }

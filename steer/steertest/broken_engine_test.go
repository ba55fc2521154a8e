package steertest_test

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// broken is the fake engine with one fault.
type broken struct {
	steer.Engine
	forward   func(ctx context.Context, in steer.Forward, next forward, progress func(int, int)) (steer.ForwardResult, error)
	attribute func(ctx context.Context, in steer.Attribution, next attribute, progress func(int, int)) (steer.AttributionResult, error)
	decode    func(*context.Context, *steer.Decoding)
	close     func() error
}

type (
	forward   func(context.Context, steer.Forward, func(int, int)) (steer.ForwardResult, error)
	attribute func(context.Context, steer.Attribution, func(int, int)) (steer.AttributionResult, error)
)

func (b broken) Forward(ctx context.Context, in steer.Forward, p func(int, int)) (steer.ForwardResult, error) {
	if b.forward == nil {
		return b.Engine.Forward(ctx, in, p)
	}
	return b.forward(ctx, in, b.Engine.Forward, p)
}

func (b broken) Attribute(ctx context.Context, in steer.Attribution, p func(int, int)) (steer.AttributionResult, error) {
	if b.attribute == nil {
		return b.Engine.Attribute(ctx, in, p)
	}
	return b.attribute(ctx, in, b.Engine.Attribute, p)
}

func (b broken) Decode(ctx context.Context, in steer.Decoding) (steer.Decoder, error) {
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
func afterwards(change func(in steer.Attribution, r *steer.AttributionResult)) broken {
	return broken{attribute: func(ctx context.Context, in steer.Attribution, next attribute, p func(int, int)) (steer.AttributionResult, error) {
		r, err := next(ctx, in, p)
		if err == nil {
			change(in, &r)
		}
		return r, err
	}}
}

// before makes a fault of a change to the input of a forward pass.
func before(change func(*context.Context, *steer.Forward)) broken {
	return broken{forward: func(ctx context.Context, in steer.Forward, next forward, p func(int, int)) (steer.ForwardResult, error) {
		change(&ctx, &in)
		return next(ctx, in, p)
	}}
}

// engineFaults names a fault by the part of the suite that must see it.
var engineFaults = map[string]broken{
	"shapes": afterwards(func(_ steer.Attribution, r *steer.AttributionResult) { r.Scores[0] = r.Scores[0][1:] }),
	"determinism": afterwards(func() func(steer.Attribution, *steer.AttributionResult) {
		calls := float32(0)
		return func(_ steer.Attribution, r *steer.AttributionResult) { calls++; r.Scores[0][0] += calls * 1e-6 }
	}()),
	"inputs_are_not_changed": before(func(_ *context.Context, in *steer.Forward) {
		if in.Edit != nil && in.Edit.Scale != nil {
			in.Edit.Scale[0] *= 2
		}
	}),
	"batch_is_one_by_one": afterwards(func(in steer.Attribution, r *steer.AttributionResult) {
		if len(in.IDs) > 1 {
			r.Scores[1][len(r.Scores[1])-1] += .01
		}
	}),
	"neutral_edit": afterwards(func(in steer.Attribution, r *steer.AttributionResult) {
		if in.Edit != nil {
			r.Scores[0][len(r.Scores[0])-1] += 1e-7
		}
	}),
	"ablation":                before(func(_ *context.Context, in *steer.Forward) { in.Edit = without(in.Edit, "lo") }),
	"affine_edit_with_bounds": before(func(_ *context.Context, in *steer.Forward) { in.Edit = without(in.Edit, "hi") }),
	"edits_of_prompts_and_positions": before(func(_ *context.Context, in *steer.Forward) {
		if e := in.Edit; e != nil && e.B > 1 {
			in.Edit = &steer.Edit{B: 1, T: e.T, Scale: e.Scale[:len(e.Scale)/e.B]}
		}
	}),
	"decoding_is_recomputing": {decode: func(_ *context.Context, in *steer.Decoding) {
		if len(in.IDs) > 1 {
			in.IDs = slices.Concat(in.IDs[1:2], in.IDs[1:])
		}
	}},
	"edits_while_decoding":     {decode: func(_ *context.Context, in *steer.Decoding) { in.Generated = in.Edit }},
	"conservation":             afterwards(func(_ steer.Attribution, r *steer.AttributionResult) { r.Tokens[0][0] += r.Metric[0] * 2e-3 }),
	"conservation_under_edits": afterwards(func(_ steer.Attribution, r *steer.AttributionResult) { clear(r.Injected) }),
	"metrics_add_up": afterwards(func(in steer.Attribution, r *steer.AttributionResult) {
		if len(in.Terms[0]) > 1 {
			r.Scores[0][5] *= 2
		}
	}),
	"causality": afterwards(func(_ steer.Attribution, r *steer.AttributionResult) { r.Scores[0][len(r.Scores[0])-1] += 1e-6 }),
	"cancel":    before(func(ctx *context.Context, _ *steer.Forward) { *ctx = context.WithoutCancel(*ctx) }),
	"progress": {forward: func(ctx context.Context, in steer.Forward, next forward, p func(int, int)) (steer.ForwardResult, error) {
		return next(ctx, in, func(done, total int) {
			if p != nil && done < total {
				p(done, total)
			}
		})
	}},
	"mistakes": before(func(_ *context.Context, in *steer.Forward) { _ = in.IDs[0] }), // panics at an empty batch
	"closed":   {close: func() error { return nil }},
}

// without drops a bound of an edit.
func without(e *steer.Edit, bound string) *steer.Edit {
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

func open(b broken) steer.Engine { b.Engine = steertest.NewEngine(); return b }

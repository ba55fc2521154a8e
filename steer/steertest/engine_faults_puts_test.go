package steertest_test

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// putFaults are faults of what is put at single neurons and heads.
var putFaults = map[string]broken{
	"puts": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.Puts = nil })
	}),
	"puts#at_every_position": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) {
			e.Puts = slices.Clone(e.Puts)
			for i := range e.Puts {
				e.Puts[i].Position = 0
			}
		})
	}),
	"puts#decoding": {decode: func(_ *context.Context, in *engine.Decoding) {
		in.Generated = vectors(in.Generated, func(e *engine.Edit) { e.Puts = nil })
	}},
	"puts#variants": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		all := slices.Clone(edits)
		for i := range all {
			all[i] = vectors(all[i], func(e *engine.Edit) { e.Puts = nil })
		}
		return next(ctx, all, each)
	}},
}

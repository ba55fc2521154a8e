package steertest_test

import (
	"context"
	"maps"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// engineFaults names a fault by the part of the suite that must see it; what follows a # tells faults of a part apart.
var engineFaults = joined(joined(joined(edgeFaults, putFaults), slopeFaults), map[string]broken{
	"shapes": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { r.Scores[0] = r.Scores[0][1:] }),
	"determinism": afterwards(func() func(engine.Attribution, *engine.AttributionResult) {
		calls := float32(0)
		return func(_ engine.Attribution, r *engine.AttributionResult) { calls++; r.Scores[0][0] += calls * 1e-6 }
	}()),
	"inputs_are_not_changed": before(func(_ *context.Context, in *engine.Forward) {
		if in.Edit != nil && in.Edit.Scale != nil {
			in.Edit.Scale[0] *= 2
		}
	}),
	"batch_is_one_by_one": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if len(in.IDs) > 1 {
			r.Scores[1][len(r.Scores[1])-1] += .01
		}
	}),
	"neutral_edit": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if in.Edit != nil {
			r.Scores[0][len(r.Scores[0])-1] += 1e-7
		}
	}),
	"ablation":                before(func(_ *context.Context, in *engine.Forward) { in.Edit = without(in.Edit, "lo") }),
	"affine_edit_with_bounds": before(func(_ *context.Context, in *engine.Forward) { in.Edit = without(in.Edit, "hi") }),
	"edits_of_prompts_and_positions": before(func(_ *context.Context, in *engine.Forward) {
		if e := in.Edit; e != nil && e.B > 1 {
			in.Edit = &engine.Edit{B: 1, T: e.T, Scale: e.Scale[:len(e.Scale)/e.B]}
		}
	}),
	"decoding_is_recomputing": {decode: func(_ *context.Context, in *engine.Decoding) {
		if len(in.IDs) > 1 {
			in.IDs = slices.Concat(in.IDs[1:2], in.IDs[1:])
		}
	}},
	"edits_while_decoding":     {decode: func(_ *context.Context, in *engine.Decoding) { in.Generated = in.Edit }},
	"conservation":             afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { r.Tokens[0][0] += r.Metric[0] * 2e-3 }),
	"conservation_under_edits": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { clear(r.Injected) }),
	"metrics_add_up": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if len(in.Terms[0]) > 1 {
			r.Scores[0][5] *= 2
		}
	}),
	"heads": before(func(_ *context.Context, in *engine.Forward) { // a prompt's own factors for all
		in.Edit = vectors(in.Edit, func(e *engine.Edit) {
			if e.B > 1 && e.Heads != nil {
				n := len(e.Heads) / e.B
				e.Heads = slices.Clone(e.Heads)
				copy(e.Heads[n:2*n], e.Heads)
			}
		})
	}),
	"heads#not_at_all": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.Heads = nil })
	}),
	"heads#decoding": {decode: func(_ *context.Context, in *engine.Decoding) {
		in.Generated = vectors(in.Generated, func(e *engine.Edit) { e.Heads = nil })
	}},
	"heads#variants": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		all := slices.Clone(edits)
		for i := range all {
			all[i] = vectors(all[i], func(e *engine.Edit) { e.Heads = nil })
		}
		return next(ctx, all, each)
	}},
	"heads_set_to_values": before(func(_ *context.Context, in *engine.Forward) { // not at all
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.HeadAdd = nil })
	}),
	"heads_set_to_values#decoding": {decode: func(_ *context.Context, in *engine.Decoding) {
		in.Generated = vectors(in.Generated, func(e *engine.Edit) { e.HeadAdd = nil })
	}},
	"heads_set_to_values#variants": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		all := slices.Clone(edits)
		for i := range all {
			all[i] = vectors(all[i], func(e *engine.Edit) { e.HeadAdd = nil })
		}
		return next(ctx, all, each)
	}},
	"scores_of_heads": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if len(in.IDs) > 1 {
			r.Heads[1] = r.Heads[0][:len(r.Heads[1])]
		}
	}),
	"scores_of_heads#sources": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { r.Sources[0][0] += .01 + r.Heads[0][0] }),
	"sources_of_heads": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { // the position that reads, in place of the one that is read
		for i := range r.Sources {
			r.Sources[i] = r.Sources[i][:0:0]
			for k := range r.Heads[i] {
				r.Sources[i] = append(r.Sources[i], r.Heads[i][len(r.Heads[i])-1-k])
			}
		}
	}),
	"scores_of_heads#unedited": {attribute: func(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.Heads = nil })
		return next(ctx, in, p)
	}},
	"scores_of_heads_are_slopes": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) {
		for _, h := range r.Heads {
			for i := range h {
				h[i] *= 1.1
			}
		}
	}),
	"metrics_add_up#weights":    {attribute: unweighted},
	"log-probabilities#weights": {attribute: unweighted},
	"mistakes#weight": {attribute: func(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
		for _, ts := range in.Terms {
			for i, m := range ts {
				if math.IsNaN(float64(m.Weight)) {
					ts[i].Weight = 1
				}
			}
		}
		return next(ctx, in, p)
	}},
	"causality": afterwards(func(_ engine.Attribution, r *engine.AttributionResult) { r.Scores[0][len(r.Scores[0])-1] += 1e-6 }),
	"cancel":    before(func(ctx *context.Context, _ *engine.Forward) { *ctx = context.WithoutCancel(*ctx) }), //nolint:fatcontext // the fault
	"progress": {forward: func(ctx context.Context, in engine.Forward, next forward, p func(int, int)) (engine.ForwardResult, error) {
		return next(ctx, in, func(done, total int) {
			if p != nil && done < total {
				p(done, total)
			}
		})
	}},
	"mistakes": before(func(_ *context.Context, in *engine.Forward) { _ = in.IDs[0] }), // panics at an empty batch
	"closed":   {close: func() error { return nil }},

	"captures": caught(func(in engine.Forward, r *engine.ForwardResult) {
		if in.Capture != 0 {
			r.Residual = r.Neurons
		}
	}),
	"captures#unasked": before(func(_ *context.Context, in *engine.Forward) {
		if in.Capture != 0 {
			in.Capture |= steer.MLP
		}
	}),
	"captures#batch": caught(func(in engine.Forward, r *engine.ForwardResult) {
		if len(in.IDs) > 1 && r.Attention != nil {
			r.Attention[1][0] -= .01
		}
	}),
	"captures_fit_together": caught(func(_ engine.Forward, r *engine.ForwardResult) { // the stream before the layer in place of that after it
		for i := range r.Embedding {
			if r.Residual == nil {
				break
			}
			r.Residual[i] = append(slices.Clone(r.Embedding[i]), r.Residual[i][:len(r.Residual[i])-len(r.Embedding[i])]...)
		}
	}),
	"captures_fit_together#mlp": caught(func(_ engine.Forward, r *engine.ForwardResult) {
		for i := range r.MLP {
			r.MLP[i][0] *= 1.1
		}
	}),
	"captures_fit_together#outputs": {outputs: func(layer int, next func(int) ([]float32, error)) ([]float32, error) {
		w, err := next(layer)
		if err == nil {
			w[3] += .1
		}
		return w, err
	}},
	"attention_patterns": caught(func(_ engine.Forward, r *engine.ForwardResult) {
		if r.Attention != nil {
			r.Attention[0][len(r.Attention[0])-1] += 1e-4
		}
	}),
	"attention_patterns#future": caught(func(_ engine.Forward, r *engine.ForwardResult) {
		if r.Attention != nil { // key 1 for query 0
			r.Attention[0][0], r.Attention[0][1] = .5, .5
		}
	}),
	"vectors": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.Residual = nil })
	}),
	"vectors#mlp": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.MLP = nil })
	}),
	"vectors#in_one_another": before(func(_ *context.Context, in *engine.Forward) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.MLP, e.Residual = e.Residual, e.MLP })
	}),
	"conservation_under_edits#vectors": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if in.Edit != nil && in.Edit.Residual != nil {
			clear(r.Injected)
		}
	}),
	"vectors_of_prompts_and_positions": before(func(_ *context.Context, in *engine.Forward) { // the first prompt's for all
		in.Edit = vectors(in.Edit, func(e *engine.Edit) {
			for p := 1; p < e.B && e.MLP != nil; p++ {
				n := len(e.MLP) / e.B
				e.MLP = slices.Clone(e.MLP)
				copy(e.MLP[p*n:][:n], e.MLP)
			}
		})
	}),
	"vectors_of_prompts_and_positions#positions": before(func(_ *context.Context, in *engine.Forward) { // the first position's for all
		in.Edit = vectors(in.Edit, func(e *engine.Edit) {
			if e.B > 1 || e.T == 1 || e.Residual == nil || e.MLP != nil {
				return
			}
			e.Residual = make([]float32, len(e.Residual))
		})
	}),
	"edits_while_decoding#vectors": {decode: func(_ *context.Context, in *engine.Decoding) {
		in.Generated = vectors(in.Generated, func(e *engine.Edit) { e.MLP = nil })
	}},
	"edits_while_decoding#prompt": {decode: func(_ *context.Context, in *engine.Decoding) {
		in.Edit = vectors(in.Edit, func(e *engine.Edit) { e.Residual = nil })
	}},
	"log-probabilities": afterwards(func(in engine.Attribution, r *engine.AttributionResult) {
		if in.LogProb {
			r.Metric[0] *= 1.001
		}
	}),
	"log-probabilities#linear": afterwards(func(in engine.Attribution, r *engine.AttributionResult) { copy(r.Linear, r.Metric) }),
	"scores_are_slopes": {attribute: func(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
		r, err := next(ctx, in, p)
		if in.LogProb && err == nil { // the scores of a logit: what all tokens share is not subtracted
			in.LogProb = false
			in.Terms = [][]engine.Term{in.Terms[0][:1], in.Terms[1], in.Terms[2]}
			s, err := next(ctx, in, p)
			r.Scores = s.Scores
			return r, err
		}
		return r, err
	}},
	"mistakes#versus": {attribute: func(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
		in.LogProb = false
		return next(ctx, in, p)
	}},
	"variants_are_forward_passes": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		return next(ctx, edits, func(e, p int, z []float32) error { z[0] += .01 * z[1]; return each(e, p, z) })
	}},
	"variants_are_forward_passes#twice": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		return next(ctx, edits, func(e, p int, z []float32) error {
			if err := each(e, p, z); err != nil {
				return err
			}
			return each(e, p, z)
		})
	}},
	"variants_are_forward_passes#last_only": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		return next(ctx, edits, func(e, p int, z []float32) error {
			if e == len(edits)-1 {
				return each(e, p, z)
			}
			return nil
		})
	}},
	"variants_are_forward_passes#neutral": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		last := edits[len(edits)-1] // one edit for those that are nil
		all := slices.Clone(edits)
		for i := range all {
			if all[i] == nil {
				all[i] = last
			}
		}
		return next(ctx, all, each)
	}},
	"variants_end_early": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		return next(ctx, edits, func(e, p int, z []float32) error { _ = each(e, p, z); return nil })
	}},
	"variants_end_early#cancel": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		return next(context.WithoutCancel(ctx), edits, each)
	}},
	"variants_end_early#mistake": {variants: func(ctx context.Context, edits []*engine.Edit, each func(int, int, []float32) error, next variants) error {
		if len(edits) == 0 {
			return nil
		}
		return next(ctx, edits, each)
	}},
	"outputs": {outputs: func(_ int, next func(int) ([]float32, error)) ([]float32, error) { return next(0) }},
	"outputs#layer": {outputs: func(layer int, next func(int) ([]float32, error)) ([]float32, error) {
		return next(max(layer, 0))
	}},
	"unembedding": {unembed: func(ctx context.Context, xs [][]float32, norm bool, next unembed) ([][]float32, error) {
		z, err := next(ctx, xs, norm)
		for i := range z {
			z[i][0]++ // an offset
		}
		return z, err
	}},
	"unembedding#many": {unembed: func(ctx context.Context, xs [][]float32, norm bool, next unembed) ([][]float32, error) {
		z, err := next(ctx, xs, norm)
		if len(z) == 70 {
			z[69] = z[68]
		}
		return z, err
	}},
	"unembedding#cancel": {unembed: func(ctx context.Context, xs [][]float32, norm bool, next unembed) ([][]float32, error) {
		return next(context.WithoutCancel(ctx), xs, norm)
	}},
	"unembedding#mistake": {unembed: func(ctx context.Context, xs [][]float32, norm bool, next unembed) ([][]float32, error) {
		for i, x := range xs {
			if len(x) > steertestWidth {
				xs[i] = x[:steertestWidth]
			}
		}
		return next(ctx, xs, norm)
	}},
})

// joined is all of a and b.
func joined(a, b map[string]broken) map[string]broken {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

var steertestWidth = steertest.NewEngine().Shape().Width

// vectors changes a copy of an edit.
func vectors(e *engine.Edit, change func(*engine.Edit)) *engine.Edit {
	if e == nil {
		return nil
	}
	f := *e
	change(&f)
	return &f
}

// unweighted is the fault of an engine that knows no weights.
func unweighted(ctx context.Context, in engine.Attribution, next attribute, p func(int, int)) (engine.AttributionResult, error) {
	terms := make([][]engine.Term, len(in.Terms))
	for i, ts := range in.Terms {
		terms[i] = slices.Clone(ts)
		for k := range terms[i] {
			terms[i][k].Weight = 0
		}
	}
	in.Terms = terms
	return next(ctx, in, p)
}

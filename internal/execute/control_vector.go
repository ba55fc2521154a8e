package execute

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runControlVector computes the tensor "vector" [L,W], W being D or F; layers outside lo..hi are zero.
func runControlVector(ctx context.Context, e *env, s message.ControlVectorSettings) (any, tensors, error) {
	shape := e.Shape()
	lo, hi, lerr := layerRange(s.Lo, s.Hi, shape)
	var prompts []message.Prompt // positive and negative of each pair in turn
	for _, p := range s.Pairs {
		prompts = append(prompts, p.Positive, p.Negative)
	}
	side := []string{"positive", "negative"}
	tokens, warnings, err := readAll(e, prompts, func(i int) string { return fmt.Sprintf("pair %d, %s", i/2+1, side[i%2]) })
	jobs, sizes, terr := readJobs(e, s.Tested)
	if err := errors.Join(lerr, err, terr); err != nil {
		return nil, nil, err
	}
	diffs, err := differences(ctx, e, tokens, s.Space, s.Edits)
	if err != nil {
		return nil, nil, err
	}
	body := message.ControlVectorBody{Shape: shape, Space: s.Space, Lo: lo, Hi: hi, Method: s.Method, Pairs: len(s.Pairs)}
	w := s.Space.Width(shape)
	v := make([]float32, shape.Layers*w) // [L,W]
	if s.Method == message.PCA {
		body.Share = make([]float64, hi-lo+1)
	}
	n := len(s.Pairs)
	if n > 1 {
		body.Agreement, body.HeldOut = make(message.Numbers, (hi-lo+1)*n), make(message.Numbers, (hi-lo+1)*n)
	}
	with, against := make([]int, hi-lo+1), make([]int, hi-lo+1)
	err = inParallel(ctx, hi-lo+1, e.progress("vector"), func(i int) {
		l := lo + i
		rows, row := layerOf(diffs, l, w), v[l*w:][:w]
		if s.Method == message.PCA {
			body.Share[i] = principal(rows, row)
		} else {
			meanOf(rows, row)
		}
		with[i], against[i] = toward(rows, row)
		if n > 1 {
			reliability(rows, body.Agreement[i*n:][:n], body.HeldOut[i*n:][:n])
		}
	})
	if err != nil {
		return nil, nil, err
	}
	if i := message.FirstNotFinite(v); i >= 0 {
		return nil, nil, engine.Mistake(engine.NotFinite, "layer %d gives a number that is not finite (%v)", i/w, v[i]).
			Try(engine.TryCheck)
	}
	if body.Tested = len(jobs); body.Tested > 0 {
		if body.Slopes, err = steerability(ctx, e, s, lo, hi, v, jobs, sizes); err != nil {
			return nil, nil, err
		}
	}
	warnings = append(warnings, pairWarnings(tokens)...)
	if s.Method == message.PCA {
		warnings = append(warnings, shareWarnings(body)...)
	}
	e.warn(append(warnings, signWarnings(s.Method, lo, with, against)...)...)
	return body, tensors{"vector": {Shape: []int{shape.Layers, w}, Data: v}}, nil
}

// differences returns positive − negative at the last token of each pair, [pairs][L,W].
func differences(ctx context.Context, e *env, tokens [][]engine.Token, space engine.Site, edits []message.Intervention) ([][]float32, error) {
	shape := e.Shape()
	out := make([][]float32, len(tokens)/2)
	w := space.Width(shape)
	err := forwardEach(ctx, e, tokens, space, edits, func(i int, r engine.ForwardResult) error {
		all, T := r.At(space), len(tokens[i]) // [L,T,W]
		if out[i/2] == nil {
			out[i/2] = make([]float32, shape.Layers*w)
		}
		for l := range shape.Layers {
			last := all[(l*T+T-1)*w:][:w]
			for k, x := range last {
				if i%2 == 0 {
					out[i/2][l*w+k] += x
				} else {
					out[i/2][l*w+k] -= x
				}
			}
		}
		return nil
	})
	return out, err
}

// layerOf returns the rows of one layer, [pairs][W].
func layerOf(diffs [][]float32, layer, w int) [][]float32 {
	rows := make([][]float32, len(diffs))
	for i, d := range diffs {
		rows[i] = d[layer*w:][:w]
	}
	return rows
}

// meanOf writes the mean of rows into out, summed in float64.
func meanOf(rows [][]float32, out []float32) {
	for k := range out {
		var s float64
		for _, r := range rows {
			s += float64(r[k])
		}
		out[k] = float32(s / float64(len(rows)))
	}
}

// weakShare is the share of Σ‖difference‖² below which a principal component is one direction among several.
const weakShare = .25

func shareWarnings(b message.ControlVectorBody) []engine.Warning {
	for i, s := range b.Share {
		if s < weakShare {
			return []engine.Warning{{Code: "share", Text: fmt.Sprintf("in layer %d the first component holds %.0f %% of the differences: no single direction explains these pairs", b.Lo+i, 100*s)}}
		}
	}
	return nil
}

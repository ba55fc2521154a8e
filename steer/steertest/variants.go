package steertest

import (
	"context"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Variants implements engine.Engine, one pair after another: nothing is shared where a pass costs nothing.
func (e *linear) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(edit, prompt int, logits []float32) error, progress func(done, total int)) error {
	if len(edits) == 0 {
		return fmt.Errorf("variants: no edit is given; give at least one, nil for the model as it is")
	}
	for i, ed := range edits {
		if err := e.check(ctx, ids, ed); err != nil {
			return fmt.Errorf("variants: edit %d: %w", i, err)
		}
	}
	for _, id := range tokens {
		if id < 0 || int(id) >= vocabSize {
			return fmt.Errorf("variants: token id %d is not in the vocabulary of %d", id, vocabSize)
		}
	}
	total := len(ids) * len(edits)
	for b, prompt := range ids {
		for i, ed := range edits {
			p, err := e.forward(ctx, prompt, ed, b, func(int) {})
			if err != nil {
				return err
			}
			z := e.logits(p.x[len(prompt)-1])
			if len(tokens) > 0 {
				z = pick(z, tokens)
			}
			if err := each(i, b, z); err != nil {
				return err
			}
			if progress != nil {
				progress(b*len(edits)+i+1, total)
			}
		}
	}
	return nil
}

// pick returns the numbers of some tokens.
func pick(logits []float32, tokens []int32) []float32 {
	z := make([]float32, len(tokens))
	for i, id := range tokens {
		z[i] = logits[id]
	}
	return z
}

// Outputs implements engine.Engine.
func (e *linear) Outputs(layer int) ([]float32, error) {
	if e.closed.Load() {
		return nil, fmt.Errorf("outputs: the engine is closed; open it again")
	}
	if layer < 0 || layer >= layers {
		return nil, fmt.Errorf("outputs: there is no layer %d; use 0 to %d", layer, layers-1)
	}
	return floats(e.w.down[layer][:]), nil
}

// Unembed implements engine.Engine. There is no final norm, so norm makes no difference.
func (e *linear) Unembed(ctx context.Context, xs [][]float32, _ bool) ([][]float32, error) {
	if e.closed.Load() {
		return nil, fmt.Errorf("unembed: the engine is closed; open it again")
	}
	var out [][]float32
	for i, x := range xs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if len(x) != width {
			return nil, fmt.Errorf("unembed: vector %d has %d numbers; give %d", i, len(x), width)
		}
		var v [width]float64
		for d := range width {
			if v[d] = float64(x[d]); math.IsNaN(v[d]) || math.IsInf(v[d], 0) {
				return nil, fmt.Errorf("unembed: number %d of vector %d is %v; use finite numbers", d, i, v[d])
			}
		}
		out = append(out, e.logits(v))
	}
	return out, nil
}

package steertest

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Decode implements engine.Engine. The cache is the sum of x over the positions so far, before each layer.
func (e *linear) Decode(ctx context.Context, in engine.Decoding) (engine.Decoder, error) {
	err := e.check(ctx, [][]int32{in.IDs}, in.Edit)
	if err == nil {
		err = checkEdit(in.Generated, 1, 1)
	}
	if err == nil && (in.Reserve < 0 || in.Reserve > positions-len(in.IDs)) {
		err = fmt.Errorf("%d new tokens after a prompt of %d do not fit a context of %d", in.Reserve, len(in.IDs), positions)
	}
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	d := &decoder{e: e, generated: in.Generated, last: len(in.IDs) + in.Reserve}
	for _, id := range in.IDs {
		if err := d.append(ctx, id, in.Edit); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
	}
	return d, nil
}

type decoder struct {
	e         *linear
	generated *engine.Edit
	n, last   int // positions read, and how many may be
	sum       [layers][width]float64
	out       []float32 // [V]
}

// Together implements engine.Stepper.
func (e *linear) Together() int { return 3 }

// StepTogether implements engine.Stepper.
func (e *linear) StepTogether(ctx context.Context, sessions []engine.Decoder, ids []int32) error {
	if err := e.check(ctx, [][]int32{ids}, nil); err != nil {
		return err
	}
	for i, s := range sessions {
		if err := s.Step(ctx, ids[i]); err != nil {
			return err
		}
	}
	return nil
}

// Logits implements steer.Decoder.
func (d *decoder) Logits() []float32 { return d.out }

// Close implements steer.Decoder.
func (d *decoder) Close() {}

// Step implements steer.Decoder.
func (d *decoder) Step(ctx context.Context, id int32) error {
	if d.n >= d.last {
		return fmt.Errorf("decode: all %d positions that were reserved are used", d.last)
	}
	return d.append(ctx, id, d.generated) // its T is 1
}

func (d *decoder) append(ctx context.Context, id int32, ed *engine.Edit) error {
	if err := d.e.check(ctx, [][]int32{{id}}, nil); err != nil {
		return err
	}
	x, edit := d.e.w.embed[id], edits(ed, 0)
	for l := range layers {
		add(&d.sum[l], &x)
		var h [neurons]float64
		z := headed(ed, 0, l, d.n, &d.sum[l])
		for n := range neurons {
			h[n], _, _ = edit(l, d.n, n).apply(dot(&d.e.w.in[l][n], &z))
		}
		out := d.e.outputs(l, &h)
		mlp, residual := vectors(ed, 0, l, d.n)
		for _, v := range []*[width]float64{&out, &mlp, &residual} {
			add(&x, v)
		}
	}
	d.n++
	d.out = d.e.logits(x)
	return nil
}

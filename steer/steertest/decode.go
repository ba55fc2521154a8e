package steertest

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// Decode implements steer.Engine. The cache is the sum of x over the positions so far, before each layer.
func (e *engine) Decode(ctx context.Context, in steer.Decoding) (steer.Decoder, error) {
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
	d := &decoder{e: e, generated: edits(in.Generated, 0), last: len(in.IDs) + in.Reserve}
	for _, id := range in.IDs {
		if err := d.append(ctx, id, edits(in.Edit, 0)); err != nil {
			return nil, fmt.Errorf("decode: %w", err)
		}
	}
	return d, nil
}

type decoder struct {
	e         *engine
	generated func(l, t, n int) affine
	n, last   int // positions read, and how many may be
	sum       [layers][width]float64
	out       []float32 // [V]
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
	return d.append(ctx, id, func(l, _, n int) affine { return d.generated(l, 0, n) })
}

func (d *decoder) append(ctx context.Context, id int32, edit func(l, t, n int) affine) error {
	if err := d.e.check(ctx, [][]int32{{id}}, nil); err != nil {
		return err
	}
	x := d.e.w.embed[id]
	for l := range layers {
		for i := range width {
			d.sum[l][i] += x[i]
		}
		for n := range neurons {
			h, _, _ := edit(l, d.n, n).apply(dot(&d.e.w.in[l][n], &d.sum[l]) / float64(d.n+1))
			for i := range width {
				x[i] += h * d.e.w.down[l][n][i]
			}
		}
	}
	d.n++
	d.out = d.e.logits(x)
	return nil
}

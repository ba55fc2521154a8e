package steertest

import (
	"context"
	"fmt"
	"reflect"

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
	d := &decoder{e: e, generated: in.Generated, n: len(in.IDs), last: len(in.IDs) + in.Reserve}
	if d.prompt, err = e.forward(ctx, in.IDs, in.Edit, 0, func(int) {}); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	for l := range layers {
		for t := range in.IDs {
			add(&d.sum[l], d.prompt.before(l, t, d.n))
		}
	}
	d.out = e.logits(d.prompt.x[d.n-1])
	if _, err := d.stages(); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	return d, nil
}

type decoder struct {
	e         *linear
	generated *engine.Edit
	n, last   int // positions read, and how many may be
	sum       [layers][width]float64
	out       []float32 // [V]
	prompt    *pass
}

// stages are those of the edit at the next position. A gate by prompt stands as the same one of the prompt's edit left it.
func (d *decoder) stages() ([]*stage, error) {
	all := stagesOf(d.generated, 0, 1)
	for _, s := range all {
		if s.Gate == nil || !s.Gate.Prompt {
			continue
		}
		for _, of := range d.prompt.stages {
			if of.Gate != nil && reflect.DeepEqual(of.Gate, s.Gate) {
				s.prompt = of.last
			}
		}
		if s.prompt == nil {
			return nil, fmt.Errorf("a gate by prompt of new text is none of the prompt's; give the prompt's edit a stage with the same gate")
		}
	}
	return all, nil
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
	return d.append(ctx, id)
}

func (d *decoder) append(ctx context.Context, id int32) error {
	if err := d.e.check(ctx, [][]int32{{id}}, nil); err != nil {
		return err
	}
	stages, err := d.stages()
	if err != nil {
		return err
	}
	x := [][width]float64{d.e.w.embed[id]}
	for l := range layers {
		add(&d.sum[l], &x[0])
		p := &pass{z: make([][width]float64, 1), factor: make([][heads]float64, 1), h: make([][neurons]float64, 1), slope: make([][neurons]float64, 1),
			constant: make([][neurons]float64, 1), mlp: make([][width]float64, 1), stages: stages}
		p.headed(l, d.n, 0, 0, &d.sum[l])
		d.e.layer(p, l, d.n, 0, x)
	}
	d.n++
	d.out = d.e.logits(x[0])
	return nil
}

package main

import (
	"context"
	"errors"
	"time"

	"github.com/neuronsteer/neuronsteer/bench/measure"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// bench is a model and the multipliers of its sweeps.
type bench struct {
	m  *measure.Model
	xs []float64 // multipliers
}

// circuit returns k neurons spread over the layers from lowest up, lowest included. Which they are makes no difference to
// the time.
func (b bench) circuit(lowest int) steer.Circuit {
	s := b.m.Engine.Shape()
	var ns []steer.Neuron
	for i := range k {
		ns = append(ns, steer.Neuron{Layer: lowest + i*(s.Layers-lowest)/k, Index: (i*97 + 13) % s.Neurons})
	}
	return steer.NewCircuit("bench", ns...)
}

func (b bench) sweep(c steer.Circuit) steer.SweepTask {
	return b.m.Sweep(c, b.xs...).On(measure.Prompts...).MeasureIDs(measure.Target, measure.Versus).Controls(controls)
}

// single is one of the sweep's forward passes.
type single struct {
	ids  []int32
	edit *engine.Edit
}

// singles lists the passes that the sweep stands for. The unsteered model is one pass for each prompt, as in the sweep:
// scaling by 1 is not counted for the circuit and again for each control.
func (b bench) singles(c steer.Circuit) ([]single, error) {
	s := b.m.Engine.Shape()
	circuits, err := steer.MatchedControls(c, steer.NeuronSet{}, s, controls, 0)
	if err != nil {
		return nil, err
	}
	var out []single
	for _, p := range measure.Prompts {
		ts, err := b.m.Text.Encode(p, engine.Encoding{Markers: true, Special: true})
		if err != nil {
			return nil, err
		}
		ids := make([]int32, len(ts))
		for i, t := range ts {
			ids[i] = t.ID
		}
		out = append(out, single{ids, nil})
		for _, c := range append(circuits, c) {
			for _, x := range b.xs {
				if x != 1 {
					out = append(out, single{ids, scale(s, c, float32(x))})
				}
			}
		}
	}
	return out, nil
}

// scale returns the edit that multiplies a circuit by x.
func scale(s steer.Shape, c steer.Circuit, x float32) *engine.Edit {
	e := &engine.Edit{B: 1, T: 1, Scale: make([]float32, s.Layers*s.Neurons)} // [1,L,1,F]
	for i := range e.Scale {
		e.Scale[i] = 1
	}
	for _, n := range c.Neurons() {
		e.Scale[n.Layer*s.Neurons+n.Index] = x
	}
	return e
}

// warm compiles what both ways need, so that neither is charged for it.
func (b bench) warm(ctx context.Context, c steer.Circuit, ones []single) error {
	seen := map[int]bool{}
	for _, o := range ones {
		if !seen[len(o.ids)] {
			seen[len(o.ids)] = true
			if err := b.oneByOne(ctx, []single{o}); err != nil {
				return err
			}
		}
	}
	_, err := b.m.Sweep(c, 0).On(measure.Prompts...).MeasureIDs(measure.Target, measure.Versus).Controls(2).Run(ctx)
	return err
}

// oneByOne runs single passes.
func (b bench) oneByOne(ctx context.Context, ones []single) error {
	for _, o := range ones {
		if _, err := b.m.Engine.Forward(ctx, engine.Forward{IDs: [][]int32{o.ids}, Edit: o.edit}, nil); err != nil {
			return err
		}
	}
	return nil
}

// cancel returns how long a sweep takes to end after it is canceled, two seconds into its work.
func (b bench) cancel(ctx context.Context, c steer.Circuit) (time.Duration, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var at time.Time
	timer := time.AfterFunc(2*time.Second, func() { at = time.Now(); stop() })
	defer timer.Stop()
	_, err := b.sweep(c).Run(ctx)
	if !errors.Is(err, context.Canceled) {
		return 0, errors.Join(errors.New("a canceled sweep did not end as one"), err)
	}
	return time.Since(at), nil
}

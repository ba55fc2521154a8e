package engine

import (
	"slices"

	"github.com/gomlx/gomlx/core/tensors"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// seed gives the metric, and the targets after the last layer, their gradients there and their values.
func (t *tracer) seed(x *tensors.Tensor, metric termList, runs [][]traced, m *traced) error { // x [T,D]
	if err := t.seedAll(x, metric, []*traced{m}, t.in.Metric); err != nil {
		return err
	}
	first := len(t.in.Targets) // of the outputs
	if t.in.Metric {
		first++
	}
	var list termList
	var outputs []*traced
	for _, run := range runs {
		for i := range run {
			switch x := &run[i]; {
			case x.place >= first:
				list.add(len(outputs), m.Position, t.in.Outputs[x.place-first])
				outputs = append(outputs, x)
			case x.place == m.place:
				x.seed = m.seed
			}
		}
	}
	if outputs == nil {
		return nil
	}
	return t.seedAll(x, list, outputs, true)
}

// add appends a logit as the metric of a prompt.
func (l *termList) add(prompt, position int, target int32) {
	l.b = max(l.b, prompt+1)
	l.prompt, l.position = append(l.prompt, prompt), append(l.position, position)
	l.target, l.versus, l.sign, l.weight = append(l.target, target), append(l.versus, 0), append(l.sign, 0), append(l.weight, 1)
}

// seedAll gives targets their gradients after the last layer, of a metric each, and, where they are asked for, their values.
func (t *tracer) seedAll(x *tensors.Tensor, l termList, targets []*traced, value bool) error {
	d := descent{t: t.batch.t}
	for i, of := range targets {
		one := *of
		one.from = i * of.rows // they are as long as the metric, all of them
		d.all = append(d.all, one)
	}
	forward := t.batch.after(nil)
	forward.rows = slices.Repeat(forward.rows, len(targets)) // the prompt's, for each of them
	l.lie(forward, d.batch().after(nil))
	gx, _, linear, err := t.s.seed(t.rules, x, l)
	if err != nil {
		return err
	}
	err = read(gx, func(g []float32) {
		n := len(g) / len(targets)
		for i, of := range targets {
			of.seed = slices.Clone(g[i*n:][:n])
			if value {
				t.res.Value[of.place] = float32(linear[i])
			}
		}
	})
	if err != nil {
		return internal(t.s.task, err)
	}
	t.s.free(gx)
	return nil
}

// begin uploads the gradients of those of a run that come from after the last layer; nil where there are none.
func (t *tracer) begin(run []traced) (*tensors.Tensor, error) { // → [R1,D]
	c := t.s.e.cfg
	var all []float32
	for _, x := range run {
		if x.Layer == c.Layers {
			all = append(all, x.seed...)
		}
	}
	if all == nil {
		return nil, nil
	}
	return upload(t.s, all, len(all)/c.Width, c.Width)
}

// answers reads the logits after the metric's last position.
func (t *tracer) answers(x *tensors.Tensor, m seam.Node) error {
	z, err := t.s.logits(x, []int32{int32(m.Position)}, ones(1))
	if err == nil {
		t.res.Logits = z[0]
	}
	return err
}

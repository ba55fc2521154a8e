package study

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// calibrated is the strength that a calibration finds.
type calibrated struct {
	Strength steer.Estimate `json:"strength"`
	Value    steer.Estimate `json:"value"`
}

// cells are its columns of summary.csv; without a strength they are empty.
func (c *calibrated) cells() []string {
	if c == nil {
		return make([]string, 4)
	}
	return []string{number(c.Strength.Value), number(c.Strength.Lo), number(c.Strength.Hi), number(c.Value.Value)}
}

// calibration describes the search for the strength of scaling a circuit.
func (t Test) calibration(m *steer.Model, c steer.Circuit, examples steer.ExampleSet, seed uint64, v steer.Vector) steer.CalibrateTask {
	toward := 2.
	if len(t.Multipliers) > 0 {
		toward = t.Multipliers[0]
	}
	task := m.Calibrate(t.gated(steer.Scale(c, toward), v)).Seed(seed)
	if t.Limit != nil {
		task = task.Limit(*t.Limit)
	}
	if t.Target != nil {
		return task.Target(*t.Target).OnExamples(examples)
	}
	if t.KL != nil {
		task = task.KL(*t.KL)
	}
	if len(t.Texts) > 0 {
		task = task.On(t.Texts...)
	}
	return task
}

// checkCalibration reports what the task itself finds wrong, and what cannot go together.
func (t Test) checkCalibration(c *checker, where string) {
	if len(t.Multipliers) > 1 {
		c.add(where+".multipliers", "a calibration goes toward one multiplier, not %d", len(t.Multipliers)).Try("multipliers: [2] amplifies, [0] ablates")
	}
	if t.KL != nil && t.Target != nil {
		c.add(where+".target", "a calibration reaches one thing, not a divergence and a target").Try("leave kl or target out")
	}
	if t.Target != nil {
		c.only(where, "calibrate with a target", map[string]bool{"texts": len(t.Texts) > 0})
	}
	t.checkAim(c, where)
	t.When, t.ByPrompt = nil, false // which have been looked at
	c.checkTask(where, t.calibration(steer.New("", nil), steer.Neurons("L0/N0"), steer.NewExamples(steer.Example{Prompt: "x", Target: "y"}), 0, steer.Vector{}).Request)
}

// calibrate finds the strength of scaling a circuit, on neutral texts or on the examples of the test split.
func (r *runner) calibrate(ctx context.Context, i int, s step, t tested, line *row) error {
	v, err := t.test.vector(ctx, r, i, s, t.behavior)
	if err != nil {
		return err
	}
	c, err := compute(ctx, r, i, s, t.test.calibration(r.model, t.circuit, t.behavior.examples().Test(), r.study.Seed, v))
	if err != nil {
		return err
	}
	r.note(c.Warnings()...)
	if t.test.When != nil {
		line.Under = t.test.gated(steer.Scale(t.circuit, c.Strength().Value), v).String()
	}
	if c.Found() {
		line.Calibrated = &calibrated{c.Strength(), c.Value()}
	}
	return errors.Join(r.out.json(t.base()+".json", c), r.out.bytes(t.base()+".csv", []byte(c.CSV())), r.figure(t.base(), plotting.Calibration(c)))
}

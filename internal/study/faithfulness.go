package study

import (
	"context"
	"errors"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// faithful is what a faithfulness curve comes to.
type faithful struct {
	CPR   steer.Estimate `json:"cpr"`
	CMD   steer.Estimate `json:"cmd"`
	KStar *int           `json:"kStar"` // null: nothing is necessary
}

// cells are its columns of summary.csv; without a curve they are empty.
func (f *faithful) cells() []string {
	out := make([]string, 7)
	if f == nil {
		return out
	}
	out[0], out[1], out[2] = number(f.CPR.Value), number(f.CPR.Lo), number(f.CPR.Hi)
	out[3], out[4], out[5] = number(f.CMD.Value), number(f.CMD.Lo), number(f.CMD.Hi)
	if f.KStar != nil {
		out[6] = strconv.Itoa(*f.KStar)
	}
	return out
}

// faithfulness describes the curve of a ranking on examples.
func (t Test) faithfulness(m *steer.Model, r steer.Ranking, examples steer.ExampleSet, seed uint64) steer.FaithfulnessTask {
	task := m.Faithfulness(r, examples).Controls(t.Controls).Seed(seed)
	if t.Ablation != "" {
		task = task.Ablation(steer.Ablation(t.Ablation))
	}
	if len(t.Sizes) > 0 {
		task = task.Sizes(t.Sizes...)
	}
	if len(t.Percentages) > 0 {
		task = task.Percentages(t.Percentages...)
	}
	if t.KeepFirst {
		task = task.KeepFirst()
	}
	return task
}

// checkFaithfulness reports what the task itself finds wrong, on a circuit as large as the sizes ask for.
func (t Test) checkFaithfulness(c *checker, where string) {
	for _, k := range t.Sizes {
		if k < 0 {
			c.add(where+".sizes", "%d is no number of units", k).Try("sizes: [0, 5, 20]")
		}
	}
	t.Sizes = nil // which a circuit may be too small for; it says so
	c.checkTask(where, t.faithfulness(steer.New("", nil), steer.Neurons("L0/N0"), steer.NewExamples(steer.Example{Prompt: "x", Target: "y", Patch: "x"}), 0).Request)
}

// faithfulness measures how much of the behavior the first units of a circuit carry, on the examples of the test split.
func (r *runner) faithfulness(ctx context.Context, i int, s step, t tested, line *row) error {
	curve, err := compute(ctx, r, i, s, t.test.faithfulness(r.model, t.circuit, t.behavior.examples().Test(), r.study.Seed))
	if err != nil {
		return err
	}
	curve = curve.Named(t.circuit.Name())
	r.note(curve.Warnings()...)
	err = errors.Join(r.out.json(t.base()+".json", curve), r.out.bytes(t.base()+".csv", []byte(curve.CSV())))
	if !curve.Normalized() {
		return err // shares of noise are nothing to draw
	}
	line.Faithful = &faithful{CPR: curve.CPR(), CMD: curve.CMD()}
	if k, ok := curve.KStar(); ok {
		line.Faithful.KStar = &k
	}
	return errors.Join(err, r.figure(t.base(), plotting.Faithfulness(curve)))
}

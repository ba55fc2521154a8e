package study

import (
	"context"
	"errors"
	"strconv"

	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
)

// patched is how the scores of a circuit's units go with what each does alone.
type patched struct {
	Units    int            `json:"units"`
	Rule     steer.Rule     `json:"rule"`
	Pearson  steer.Estimate `json:"pearson"`
	Spearman steer.Estimate `json:"spearman"`
}

// cells are its columns of summary.csv; without patches they are empty.
func (p *patched) cells() []string {
	if p == nil {
		return make([]string, 6)
	}
	return []string{strconv.Itoa(p.Units), string(p.Rule), number(p.Spearman.Value), number(p.Spearman.Lo), number(p.Spearman.Hi), number(p.Pearson.Value)}
}

// patching describes patching the units of a circuit one by one on examples.
func (t Test) patching(m *steer.Model, c steer.Circuit, examples steer.ExampleSet, seed uint64) steer.PatchTask {
	task := m.Patch(examples).Units(c).Seed(seed)
	if t.Ablation != "" {
		task = task.Ablation(steer.Ablation(t.Ablation))
	}
	if t.KeepFirst {
		task = task.KeepFirst()
	}
	if t.Pairs {
		task = task.Pairs(c)
	}
	return task
}

// patch sets the units of a circuit one at a time, on the examples of the test split, and holds the scores that the method's rule, or
// the default one, gives them there against what that does.
func (r *runner) patch(ctx context.Context, i int, s step, t tested, line *row) error {
	examples := t.behavior.examples().Test()
	p, err := compute(ctx, r, i, s, t.test.patching(r.model, t.circuit, examples, r.study.Seed))
	if err != nil {
		return err
	}
	scores, err := compute(ctx, r, i, s, r.model.Behavior(examples).Rule(t.method.rule()))
	if err != nil {
		return err
	}
	a := p.Agreement(scores)
	r.note(p.Warnings()...)
	line.Patched = &patched{len(p.Rows()), t.method.rule(), a.Pearson, a.Spearman}
	return errors.Join(r.out.json(t.base()+".json", p), r.out.bytes(t.base()+".csv", []byte(p.CSV())), r.figure(t.base(), plotting.Scatter(a)))
}

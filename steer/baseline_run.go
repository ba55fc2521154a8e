package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type baselineBody struct {
	Outcomes []Outcome `json:"outcomes"`
}

// executeBaseline predicts the examples, in batches of prompts of similar length.
func executeBaseline(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	const task = "baseline"
	var s baselineSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	var (
		shape    = e.Shape()
		list     mistakes
		warnings []Warning
	)
	jobs, sizes := make([]job, len(s.Examples)), make([]int, len(s.Examples))
	for i, x := range s.Examples {
		var err error
		jobs[i], err = readJob(text, shape, task, x.Prompt, x.Metric)
		list.add(exampleName(i), err)
		sizes[i] = len(jobs[i].tokens)
		if len(warnings) == 0 {
			warnings = jobs[i].warnings
		}
	}
	if err := errors.Join(list.join(), checkInterventions(task, shape, s.Edits)); err != nil {
		return Record{}, err
	}
	b, done := baselineBody{make([]Outcome, len(jobs))}, 0
	for _, batch := range batches(sizes) {
		prompts, bos := make([][]int32, len(batch)), make([]bool, len(batch))
		for k, i := range batch {
			prompts[k], bos[k] = ids(jobs[i].tokens), jobs[i].bos
		}
		f, err := e.Forward(ctx, engine.Forward{IDs: prompts, Edit: composeBatch(shape, s.Edits, lengths(prompts), bos)},
			batchProgress(emit, "forward", done, len(batch), len(jobs)))
		if err != nil {
			return Record{}, fmt.Errorf("%s: %w", task, err)
		}
		for k, i := range batch {
			if err := finiteLogits(task, f.Logits[k]); err != nil {
				return Record{}, err
			}
			b.Outcomes[i] = outcome(s.Examples[i].Prompt.Text, f.Logits[k], jobs[i].metric)
		}
		done += len(batch)
	}
	return record(b, warnings, nil)
}

// outcome measures one prompt by its logits [V] at the last position.
func outcome(prompt string, logits []float32, m resolved) Outcome {
	o := Outcome{Prompt: prompt, Target: rank(logits, m.Target)}
	other := o.Target.ID
	if m.Versus != nil {
		v := rank(logits, *m.Versus)
		o.Versus, other = &v, v.ID
	} else {
		best := -1
		for id, x := range logits {
			if int32(id) != o.Target.ID && (best < 0 || x > logits[best]) {
				best = id
			}
		}
		if best >= 0 {
			other = int32(best)
		}
	}
	o.Difference = float64(logits[o.Target.ID]) - float64(logits[other])
	return o
}

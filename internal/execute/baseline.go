package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runBaseline predicts the examples, in batches of prompts of similar length.
func runBaseline(ctx context.Context, e *env, s message.BaselineSettings) (any, tensors, error) {
	jobs, sizes, err := readJobs(e, s.Examples)
	if err != nil {
		return nil, nil, err
	}
	if i := slices.IndexFunc(jobs, func(j job) bool { return len(j.warnings) > 0 }); i >= 0 {
		e.warn(jobs[i].warnings...)
	}
	if list := batches(sizes); len(list) > 1 {
		return baselineInParts(ctx, e, s, list)
	}
	all, err := outcomes(ctx, e, s, jobs, sizes, func(done, n int) func(int, int) { return e.batchProgress("forward", done, n, len(jobs)) })
	if err != nil {
		return nil, nil, err
	}
	return message.BaselineBody{Outcomes: all}, nil, nil
}

// baselineInParts predicts each batch as a baseline of its own.
func baselineInParts(ctx context.Context, e *env, s message.BaselineSettings, list [][]int) (any, tensors, error) {
	w := whole[message.BaselineSettings]{name: "baseline", phase: "forward", steps: func(p message.BaselineSettings) int { return len(p.Examples) }}
	for _, batch := range list {
		one := s
		one.Examples = pick(s.Examples, batch)
		w.parts = append(w.parts, one)
	}
	all := make([]message.Outcome, len(s.Examples))
	_, err := inParts(ctx, e, w, func(i int, b message.BaselineBody, _ tensors) { // what its warnings tell is told of the whole
		for k, at := range list[i] {
			all[at] = b.Outcomes[k]
		}
	})
	return message.BaselineBody{Outcomes: all}, nil, err
}

// outcomes measures the examples of a baseline; progress is told of n more when so many are done.
func outcomes(ctx context.Context, e *env, s message.BaselineSettings, jobs []job, sizes []int, progress func(done, n int) func(int, int)) ([]message.Outcome, error) {
	out, done := make([]message.Outcome, len(jobs)), 0
	for _, batch := range batches(sizes) {
		prompts, bos := make([][]int32, len(batch)), make([]bool, len(batch))
		for k, i := range batch {
			prompts[k], bos[k] = message.IDs(jobs[i].tokens), jobs[i].bos
		}
		f, err := e.Forward(ctx, engine.Forward{IDs: prompts, Edit: composeBatch(e.Shape(), s.Edits, lengths(prompts), bos)}, progress(done, len(batch)))
		if err != nil {
			return nil, err
		}
		for k, i := range batch {
			if err := finiteLogits(f.Logits[k]); err != nil {
				return nil, err
			}
			out[i] = outcome(s.Examples[i].Prompt.Text, f.Logits[k], jobs[i].metric)
		}
		done += len(batch)
	}
	return out, nil
}

// outcome measures one prompt by its logits [V] at the last position.
func outcome(prompt string, logits []float32, m message.Resolved) message.Outcome {
	o := message.Outcome{Prompt: prompt, Target: message.Rank(logits, m.Target)}
	other := o.Target.ID
	if m.Versus != nil {
		v := message.Rank(logits, *m.Versus)
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

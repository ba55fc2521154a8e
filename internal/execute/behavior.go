package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runBehavior attributes all examples, in batches of prompts of similar length.
func runBehavior(ctx context.Context, e *env, s message.BehaviorSettings) (any, tensors, error) {
	shape := e.Shape()
	jobs, sizes, err := readJobs(e, s.Examples)
	if err != nil {
		return nil, nil, err
	}
	a := attribution{s.Examples[0].Metric.Target.How == message.ByAnswer, s.Rule, s.Edits}
	body, tensors := message.BehaviorBody{Examples: make([]message.AttributeBody, len(jobs))}, tensors{}
	done, doubts := 0, make([][]engine.Warning, len(jobs))
	for i, j := range jobs {
		doubts[i] = j.warnings
	}
	e.warn(message.Grouped(doubts)...)
	list := batches(sizes)
	if len(list) > 1 {
		return behaviorInParts(ctx, e, s, list)
	}
	for _, batch := range list {
		out, err := a.run(ctx, e, pick(jobs, batch), func(phase string) func(int, int) {
			return e.batchProgress(phase, done, len(batch), len(jobs))
		})
		if err != nil {
			return nil, nil, err
		}
		for k, i := range batch {
			T := sizes[i]
			body.Examples[i] = out[k].body
			tensors[message.ScoresOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Neurons}, Data: out[k].scores}
			tensors[message.HeadsOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Heads}, Data: out[k].heads}
			tensors[message.SourcesOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Heads}, Data: out[k].sources}
			tensors[message.TokensOfExample(i)] = steer.Tensor{Shape: []int{T}, Data: out[k].tokens}
		}
		done += len(batch)
	}
	return body, tensors, nil
}

// behaviorInParts attributes each batch as a behavior of its own.
func behaviorInParts(ctx context.Context, e *env, s message.BehaviorSettings, list [][]int) (any, tensors, error) {
	w := whole[message.BehaviorSettings]{name: "behavior", phase: "attribute", steps: func(p message.BehaviorSettings) int { return len(p.Examples) }}
	for _, batch := range list {
		one := s
		one.Examples = pick(s.Examples, batch)
		w.parts = append(w.parts, one)
	}
	body, joined := message.BehaviorBody{Examples: make([]message.AttributeBody, len(s.Examples))}, tensors{}
	_, err := inParts(ctx, e, w, func(i int, b message.BehaviorBody, ts tensors) { // what its warnings tell is told of the whole
		for k, at := range list[i] {
			body.Examples[at] = b.Examples[k]
			for _, name := range []func(int) string{message.ScoresOfExample, message.HeadsOfExample, message.SourcesOfExample, message.TokensOfExample} {
				joined[name(at)] = ts[name(k)]
			}
		}
	})
	return body, joined, err
}

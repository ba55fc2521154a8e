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
	for _, batch := range batches(sizes) {
		out, err := a.run(ctx, e, pick(jobs, batch), func(phase string) func(int, int) {
			return e.batchProgress(phase, done, len(batch), len(jobs))
		})
		if err != nil {
			return nil, nil, err
		}
		for k, i := range batch {
			T := sizes[i]
			body.Examples[i], doubts[i] = out[k].body, out[k].warnings
			tensors[message.ScoresOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Neurons}, Data: out[k].scores}
			tensors[message.HeadsOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Heads}, Data: out[k].heads}
			tensors[message.SourcesOfExample(i)] = steer.Tensor{Shape: []int{shape.Layers, T, shape.Heads}, Data: out[k].sources}
			tensors[message.TokensOfExample(i)] = steer.Tensor{Shape: []int{T}, Data: out[k].tokens}
		}
		done += len(batch)
	}
	e.warn(message.Grouped(doubts)...)
	return body, tensors, nil
}

package steer

import (
	"context"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// behaviorBody is the part of a behavior's record that is not tensors: what an attribution's has, of each example.
type behaviorBody struct {
	Examples []attributeBody `json:"examples"`
}

// scoresOfExample and tokensOfExample name the tensors of example i: [L,T_i,F] and [T_i].
func scoresOfExample(i int) string { return fmt.Sprintf("scores.%d", i) }
func tokensOfExample(i int) string { return fmt.Sprintf("tokens.%d", i) }

// executeBehavior attributes all examples, in batches of prompts of similar length.
func executeBehavior(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s behaviorSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	var list mistakes
	jobs, sizes := make([]job, len(s.Examples)), make([]int, len(s.Examples))
	for i, x := range s.Examples {
		var err error
		jobs[i], err = readJob(text, shape, "behavior", x.Prompt, x.Metric)
		list.add(exampleName(i), err)
		sizes[i] = len(jobs[i].tokens)
	}
	if err := errors.Join(list.join(), checkInterventions("behavior", shape, s.Edits)); err != nil {
		return Record{}, err
	}
	a := attribution{"behavior", s.Examples[0].Metric.Target.How == byAnswer, s.Rule, s.Edits}
	body, tensors := behaviorBody{make([]attributeBody, len(jobs))}, map[string]Tensor{}
	done, doubts := 0, make([][]Warning, len(jobs))
	for _, batch := range batches(sizes) {
		out, err := a.run(ctx, e, text, pick(jobs, batch), func(phase string) func(int, int) {
			return batchProgress(emit, phase, done, len(batch), len(jobs))
		})
		if err != nil {
			return Record{}, err
		}
		for k, i := range batch {
			T := sizes[i]
			body.Examples[i], doubts[i] = out[k].body, out[k].warnings
			tensors[scoresOfExample(i)] = Tensor{[]int{shape.Layers, T, shape.Neurons}, out[k].scores}
			tensors[tokensOfExample(i)] = Tensor{[]int{T}, out[k].tokens}
		}
		done += len(batch)
	}
	return record(body, behaviorWarnings(body, doubts), tensors)
}

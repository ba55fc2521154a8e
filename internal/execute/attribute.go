package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// runAttribute computes the tensors "scores" [L,T,F], "heads" and "sources" [L,T,H], and "tokens" [T].
func runAttribute(ctx context.Context, e *env, s message.AttributeSettings) (any, tensors, error) {
	j, err := readJob(e, s.Prompt, s.Metric)
	if err != nil {
		return nil, nil, err
	}
	a := attribution{s.Metric.Target.How == message.ByAnswer, s.Rule, s.Edits}
	out, err := a.run(ctx, e, []job{j}, func(phase string) func(int, int) { return e.progress(phase) })
	if err != nil {
		return nil, nil, err
	}
	e.warn(out[0].warnings...)
	return out[0].body, tensors{
		"scores":  {Shape: []int{e.Shape().Layers, len(j.tokens), e.Shape().Neurons}, Data: out[0].scores},
		"heads":   {Shape: []int{e.Shape().Layers, len(j.tokens), e.Shape().Heads}, Data: out[0].heads},
		"sources": {Shape: []int{e.Shape().Layers, len(j.tokens), e.Shape().Heads}, Data: out[0].sources},
		"tokens":  {Shape: []int{len(j.tokens)}, Data: out[0].tokens},
	}, nil
}

package execute

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runTopActivations computes the tensor "activations" [neurons, tokens of all texts].
func runTopActivations(ctx context.Context, e *env, s message.TopActivationsSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, err := readAll(e, s.Texts, message.TextName)
	if err := errors.Join(err); err != nil {
		return nil, nil, err
	}
	b := message.TopActivationsBody{Neurons: s.Neurons, Texts: tokens}
	starts, total := make([]int, len(tokens)), 0
	for i, ts := range tokens {
		starts[i] = total
		total += len(ts)
		b.BOS = append(b.BOS, startsWithBOS(e, ts))
	}
	out := make([]float32, len(s.Neurons)*total) // [neurons, tokens]
	err = forwardEach(ctx, e, tokens, engine.Neurons, s.Edits, func(i int, f engine.ForwardResult) error {
		h, T := f.At(engine.Neurons), len(tokens[i]) // [L,T,F]
		for k, n := range s.Neurons {
			for t := range T {
				out[k*total+starts[i]+t] = h[(n.Layer*T+t)*shape.Neurons+n.Index]
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if i := message.FirstNotFinite(out); i >= 0 {
		return nil, nil, engine.Mistake(engine.NotFinite, "neuron %v has an activation that is not finite (%v)", s.Neurons[i/total], out[i]).
			Try(engine.TryCheck)
	}
	e.warn(warnings...)
	return b, tensors{"activations": {Shape: []int{len(s.Neurons), total}, Data: out}}, nil
}

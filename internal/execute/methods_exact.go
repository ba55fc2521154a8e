package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ablateEach patches a sample of neurons with zero, each on its own, on the examples that the methods score. It puts the neurons into
// the body and returns what the metric of every example loses [X,E].
func ablateEach(ctx context.Context, e *env, s message.MethodsSettings, b *message.MethodsBody) ([]float32, error) {
	ask := message.PatchSettings{Sample: min(s.Exact, e.Shape().Layers*e.Shape().Neurons), Ablation: message.AblateZero, Seed: s.Seed, Edits: s.Behavior.Edits}
	if ask.Sample == 0 {
		return nil, nil
	}
	for _, x := range s.Behavior.Examples {
		c, ok := x.Plain()
		if !ok {
			e.warn(engine.Warning{Code: "exact", Text: "no neuron was ablated alone: that needs given tokens at the last position of the examples that neurons are found on"})
			return nil, nil
		}
		ask.Cases = append(ask.Cases, message.PatchCase{SweepCase: c})
	}
	body, ts, err := part[message.PatchBody](ctx, e, "exact", ask)
	if err != nil {
		return nil, err
	}
	b.Exact = body.Units
	X, E := len(body.Cases), len(body.Units)
	out, full, patched := make([]float32, X*E), ts["full"].Data, ts["patched"].Data
	for i := range out {
		out[i] = full[i/E] - patched[i%E*X+i/E]
	}
	return out, nil
}

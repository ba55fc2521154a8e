package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// effects returns the metric of every example as the model is [N], and with every specification's circuit set to zero
// [R·S·K,N]. ok is false where the metric is not that of given tokens at the last position, which nothing else is known for.
func (in *stabilityInput) effects(ctx context.Context, e *env, circuits [][]int32) (base, ablated []float32, ok bool, err error) {
	about, prompts, bos := []message.SweepPrompt{}, [][]int32{}, []bool{}
	for i, b := range in.bodies {
		m := b.Metric
		if len(m.Terms) != 1 || len(m.Sum) > 0 || len(m.Answer) > 0 || m.Terms[0].Position != len(b.Tokens)-1 {
			return nil, nil, false, nil
		}
		about = append(about, message.SweepPrompt{Prompt: nameOf(in.Behavior.Examples[i].Prompt, b.Tokens), Tokens: len(b.Tokens), Target: m.Target, Versus: m.Versus})
		prompts, bos = append(prompts, message.IDs(b.Tokens)), append(bos, b.BOS)
	}
	N := len(prompts)
	base, ablated = make([]float32, N), make([]float32, len(circuits)*N)
	list := []int{-1}
	for i := range circuits {
		list = append(list, i)
	}
	done, total := 0, len(list)*N
	err = passes[int]{
		edit: func(spec int) *engine.Edit {
			edits := slices.Clip(in.Behavior.Edits)
			if spec >= 0 && len(circuits[spec]) > 0 {
				edits = append(edits, message.Intervention{Op: message.OpScale, Neurons: in.neurons(circuits[spec]), X: 0, Scope: message.Everywhere})
			}
			return composeBatch(in.shape, edits, lengths(prompts), bos)
		},
		each: func(spec, prompt int, logits []float32) {
			x := metricAt(logits, about[prompt])
			if spec < 0 {
				base[prompt] = x
			} else {
				ablated[spec*N+prompt] = x
			}
			done++
			e.emit(steer.Event{Phase: "ablate", Done: done, Total: total})
		},
		overflow: func(_, prompt int, gives string) error {
			return engine.Mistake(engine.NotFinite, "ablating a circuit gives %s on %q", gives, about[prompt].Prompt).Try(engine.TryCheck)
		},
	}.run(ctx, e, prompts, list, editBytes)
	return base, ablated, true, err
}

// neurons returns a circuit in order.
func (in *stabilityInput) neurons(circuit []int32) []engine.Neuron {
	var out []engine.Neuron
	for _, n := range slices.Sorted(slices.Values(circuit)) {
		out = append(out, engine.Neuron{Layer: int(n) / in.shape.Neurons, Index: int(n) % in.shape.Neurons})
	}
	return out
}

package execute

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runWrites(ctx context.Context, e *env, s message.WritesSettings) (any, tensors, error) {
	if err := errors.Join(s.Check()); err != nil {
		return nil, nil, err
	}
	var b message.WritesBody
	for from := 0; from < len(s.Neurons); from += unembedRows {
		ns := s.Neurons[from:min(from+unembedRows, len(s.Neurons))]
		xs := make([][]float32, len(ns))
		for i, n := range ns {
			w, err := e.Outputs(n.Layer) // [F,D]
			if err != nil {
				return nil, nil, err
			}
			xs[i] = w[n.Index*e.Shape().Width:][:e.Shape().Width]
		}
		logits, err := e.Unembed(ctx, xs, false)
		if err != nil {
			return nil, nil, err
		}
		for i, n := range ns {
			if err := finiteLogits(logits[i]); err != nil {
				return nil, nil, err
			}
			b.Written = append(b.Written, written(n, xs[i], logits[i], s.Top, e))
		}
		e.emit(steer.Event{Phase: "unembed", Done: from + len(ns), Total: len(s.Neurons)})
	}
	return b, nil, nil
}

func written(n engine.Neuron, x, logits []float32, top int, e *env) message.Written {
	down := make([]float32, len(logits))
	for i, v := range logits {
		down[i] = -v
	}
	list := func(of []float32) []message.Weighted {
		var out []message.Weighted
		for _, id := range largestSigned(of, top) {
			t, _ := e.text.Token(int32(id))
			out = append(out, message.Weighted{Token: t, Weight: float64(logits[id])})
		}
		return out
	}
	return message.Written{Neuron: n, Norm: message.Norm(x), Promoted: list(logits), Demoted: list(down)}
}

package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runUniversal computes the tensor "neurons" [texts,L,F], h at the last token of each text.
func runUniversal(ctx context.Context, e *env, s message.UniversalSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, err := readAll(e, s.Texts, message.TextName)
	if err != nil {
		return nil, nil, err
	}
	L, F := shape.Layers, shape.Neurons
	last := make([]float32, len(tokens)*L*F) // [texts,L,F]
	err = forwardEach(ctx, e, tokens, engine.Neurons, s.Edits, func(i int, f engine.ForwardResult) error {
		h, T := f.At(engine.Neurons), len(tokens[i]) // [L,T,F]
		for l := range L {
			copy(last[(i*L+l)*F:][:F], h[(l*T+T-1)*F:])
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	if k := message.FirstNotFinite(last); k >= 0 {
		return nil, nil, engine.Mistake(engine.NotFinite, "layer %d has an activation that is not a finite number (%v)", k/F%L, last[k]).
			Try(engine.TryCheck)
	}
	if len(tokens) < message.FewPrompts {
		warnings = append(warnings, message.Few(len(tokens), "texts"))
	}
	e.warn(warnings...)
	return message.UniversalBody{Shape: shape, Texts: len(tokens)}, tensors{"neurons": {Shape: []int{len(tokens), L, F}, Data: last}}, nil
}

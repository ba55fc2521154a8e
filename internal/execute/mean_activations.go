package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runMeanActivations computes a tensor for each space, [L,1,W].
func runMeanActivations(ctx context.Context, e *env, s message.MeanActivationsSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, err := readAll(e, s.Texts, message.TextName)
	if err != nil {
		return nil, nil, err
	}
	var capture engine.Site
	sums := map[engine.Site][]float64{} // [L,W] each
	for _, space := range s.Spaces {
		capture |= space
		sums[space] = make([]float64, shape.Layers*space.Width(shape))
	}
	count := 0
	for _, ts := range tokens {
		count += len(ts)
	}
	err = forwardEach(ctx, e, tokens, capture, s.Edits, func(i int, f engine.ForwardResult) error {
		for _, space := range s.Spaces {
			addPositions(sums[space], f.At(space), len(tokens[i]), space.Width(shape))
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	tensors := tensors{}
	for space, sum := range sums {
		mean := make([]float32, len(sum))
		for i, x := range sum {
			mean[i] = float32(x / float64(count))
		}
		if i := message.FirstNotFinite(mean); i >= 0 {
			return nil, nil, engine.Mistake(engine.NotFinite, "layer %d gives a mean that is not finite (%v)", i/space.Width(shape), mean[i]).
				Try(engine.TryCheck)
		}
		tensors[space.String()] = steer.Tensor{Shape: []int{shape.Layers, 1, space.Width(shape)}, Data: mean}
	}
	b := message.ActivationsBody{Shape: shape, Hi: shape.Layers - 1, Spaces: s.Spaces, Texts: len(s.Texts), Count: count, Edited: edited(s.Edits, false), EditedHeads: edited(s.Edits, true)}
	e.warn(warnings...)
	return b, tensors, nil
}

// addPositions adds rows [L,positions,W] to sum [L,W].
func addPositions[F float32 | float64](sum []float64, rows []F, positions, w int) {
	for l := range len(sum) / w {
		to := sum[l*w:][:w]
		for t := range positions {
			for k, x := range rows[(l*positions+t)*w:][:w] {
				to[k] += float64(x)
			}
		}
	}
}

package execute

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// unembedRows is how many directions are read at a time where not all logits are kept: each gives V numbers.
const unembedRows = 16

// runUnembed computes the tensor "logits" [N,V].
func runUnembed(ctx context.Context, e *env, s message.UnembedSettings) (any, tensors, error) {
	shape := e.Shape()
	var list message.Mistakes
	for i, x := range s.Directions {
		if len(x) != shape.Width {
			list.Add(fmt.Sprintf("direction %d", i+1), engine.Mistake(engine.ModelMismatch, "it has %d numbers, the residual stream of this model %d", len(x), shape.Width).
				Try("use Residual, MLP or Embedding rows of this model"))
		}
	}
	if err := list.Join(); err != nil {
		return nil, nil, err
	}
	xs := make([][]float32, len(s.Directions))
	for i, x := range s.Directions {
		xs[i] = x
	}
	rows, err := e.Unembed(ctx, xs, s.Normed)
	if err != nil {
		return nil, nil, err
	}
	var b message.UnembedBody
	all := make([]float32, 0, len(rows)*shape.Vocab)
	for _, row := range rows {
		if err := finiteLogits(row); err != nil {
			return nil, nil, err
		}
		b.Top = append(b.Top, topTokens(row, s.Top, e))
		all = append(all, row...)
	}
	return b, tensors{"logits": {Shape: []int{len(rows), shape.Vocab}, Data: all}}, nil
}

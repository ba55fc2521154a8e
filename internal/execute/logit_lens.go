package execute

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runLogitLens reads the residual stream after every layer at every position as if it were the last: final norm, W_U, softmax.
func runLogitLens(ctx context.Context, e *env, s message.LogitLensSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, err := readPrompt(e, s.Prompt, 0)
	if err != nil {
		return nil, nil, err
	}
	T := len(tokens)
	edit, _ := compose(shape, s.Edits, T, startsWithBOS(e, tokens))
	f, err := e.Forward(ctx, engine.Forward{IDs: [][]int32{message.IDs(tokens)}, Edit: edit, Capture: engine.Residual}, e.progress("forward"))
	if err != nil {
		return nil, nil, err
	}
	b := message.LogitLensBody{Tokens: tokens, Edited: edited(s.Edits, false), EditedHeads: edited(s.Edits, true)}
	x := f.Residual[0] // [L,T,D]
	rows := shape.Layers * T
	var top [][]message.Ranked // [L·T]
	for from := 0; from < rows; from += unembedRows {
		to := min(from+unembedRows, rows)
		states := make([][]float32, 0, to-from)
		for i := from; i < to; i++ {
			states = append(states, x[i*shape.Width:][:shape.Width])
		}
		logits, err := e.Unembed(ctx, states, true)
		if err != nil {
			return nil, nil, err
		}
		for _, row := range logits {
			if err := finiteLogits(row); err != nil {
				return nil, nil, err
			}
			top = append(top, topTokens(row, s.Top, e))
		}
		e.emit(steer.Event{Phase: "unembed", Done: to, Total: rows})
	}
	for l := range shape.Layers {
		b.Top = append(b.Top, top[l*T:][:T])
	}
	e.warn(warnings...)
	return b, nil, nil
}

package execute

import (
	"context"
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// runCapture computes a tensor for each space (activationsBody).
func runCapture(ctx context.Context, e *env, s message.CaptureSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, perr := readPrompt(e, s.Prompt, 0)
	lo, hi, lerr := layerRange(s.Lo, s.Hi, shape)
	if err := errors.Join(perr, lerr); err != nil {
		return nil, nil, err
	}
	bos, T := startsWithBOS(e, tokens), len(tokens)
	edit, _ := compose(shape, s.Edits, T, bos)
	in := engine.Forward{IDs: [][]int32{message.IDs(tokens)}, Edit: edit}
	for _, space := range s.Spaces {
		in.Capture |= space &^ engine.Logits
		in.AllLogits = in.AllLogits || space == engine.Logits
	}
	f, err := e.Forward(ctx, in, e.progress("forward"))
	if err != nil {
		return nil, nil, err
	}
	tensors := tensors{}
	for _, space := range s.Spaces {
		t := captured(space, f.At(space), shape, T, lo, hi)
		if i := message.FirstNotFinite(t.Data); i >= 0 {
			return nil, nil, engine.Mistake(engine.NotFinite, "number %d of %s is not finite (%v)", i, space, t.Data[i]).
				Try(engine.TryLessOrCheck)
		}
		tensors[space.String()] = t
	}
	b := message.ActivationsBody{Shape: shape, Lo: lo, Hi: hi, Spaces: s.Spaces, Tokens: tokens, BOS: bos, Edited: edited(s.Edits, false), EditedHeads: edited(s.Edits, true)}
	e.warn(warnings...)
	return b, tensors, nil
}

// captured cuts the layers lo..hi out of what the engine gave of a space.
func captured(space engine.Site, data []float32, shape engine.Shape, positions, lo, hi int) steer.Tensor {
	var inner []int // sizes of a layer
	switch space {
	case engine.Logits:
		return steer.Tensor{Shape: []int{positions, shape.Vocab}, Data: data}
	case engine.Embedding:
		return steer.Tensor{Shape: []int{positions, shape.Width}, Data: data}
	case engine.Attention:
		inner = []int{shape.Heads, positions, positions}
	default:
		inner = []int{positions, space.Width(shape)}
	}
	n := 1
	for _, d := range inner {
		n *= d
	}
	if len(data) != shape.Layers*n { // an engine that does not do what it promises
		return steer.Tensor{Shape: []int{0}, Data: nil}
	}
	return steer.Tensor{Shape: append([]int{hi - lo + 1}, inner...), Data: slices.Clone(data[lo*n : (hi+1)*n])}
}

// layerRange returns the range in a model.
func layerRange(lo, hi int, shape engine.Shape) (int, int, error) {
	first, last := fromEnd(lo, shape.Layers), fromEnd(hi, shape.Layers)
	if first < 0 || last >= shape.Layers || first > last {
		return lo, hi, engine.Mistake(engine.BadSetting, "Layers(%d, %d) is outside this model", lo, hi).Try("it has layers 0 to %d", shape.Layers-1)
	}
	return first, last, nil
}

// fromEnd returns the place of the n that a negative i means, −1 being the last.
func fromEnd(i, n int) int {
	if i < 0 {
		return i + n
	}
	return i
}

package execute

import (
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// composeBatch is compose for the prompts of a batch, whose lengths in tokens may differ; bos says which begin with a real
// BOS. Where no position is special it is one edit for all; else it has B prompts and as many positions as the longest.
func composeBatch(shape engine.Shape, is []message.Intervention, lengths []int, bos []bool) *engine.Edit {
	if len(is) == 0 || len(lengths) == 0 {
		return nil
	}
	if len(lengths) == 1 || !byPosition(is, slices.Contains(bos, true)) {
		e, _ := compose(shape, is, lengths[0], bos[0])
		return e
	}
	each := make([]*engine.Edit, len(lengths))
	for b, T := range lengths {
		each[b], _ = compose(shape, is, T, bos[b])
	}
	return stack(shape, each, lengths)
}

// stack joins the edits of B prompts of the given lengths into one, stage by stage: those of a stage are under one condition.
func stack(shape engine.Shape, each []*engine.Edit, lengths []int) *engine.Edit {
	L, F, D, H, longest := shape.Layers, shape.Neurons, shape.Width, shape.Heads, slices.Max(lengths)
	inf, negativeZero := float32(math.Inf(1)), float32(math.Copysign(0, -1))
	part := func(of func(*engine.Edit) []float32, width int, neutral float32) []float32 {
		var all []float32 // [B,L,T,width]
		for b, e := range each {
			if e == nil || of(e) == nil {
				continue
			}
			if all == nil {
				all = filled(len(each)*L*longest*width, neutral)
			}
			rows := of(e) // [1,L,e.T,width]
			for l := range L {
				for t := range lengths[b] {
					copy(all[((b*L+l)*longest+t)*width:][:width], rows[(l*e.T+min(t, e.T-1))*width:])
				}
			}
		}
		return all
	}
	first := slices.IndexFunc(each, func(e *engine.Edit) bool { return e != nil })
	if first < 0 {
		return nil
	}
	var times float32
	var gate *engine.Gate
	next := make([]*engine.Edit, len(each))
	for b, e := range each {
		if e == nil {
			continue
		}
		if next[b] = e.Next; e.Times != 0 {
			times = e.Times
		}
		if e.Gate != nil {
			gate = e.Gate
		}
	}
	return &engine.Edit{
		B: len(each), T: longest, Times: times, Gate: gate, Next: stack(shape, next, lengths),
		OutMLP:      part(func(e *engine.Edit) []float32 { return e.OutMLP }, D, 0),
		OutResidual: part(func(e *engine.Edit) []float32 { return e.OutResidual }, D, 0),
		Scale:       part(func(e *engine.Edit) []float32 { return e.Scale }, F, 1),
		Add:         part(func(e *engine.Edit) []float32 { return e.Add }, F, negativeZero),
		Lo:          part(func(e *engine.Edit) []float32 { return e.Lo }, F, -inf),
		Hi:          part(func(e *engine.Edit) []float32 { return e.Hi }, F, inf),
		MLP:         part(func(e *engine.Edit) []float32 { return e.MLP }, D, 0),
		Residual:    part(func(e *engine.Edit) []float32 { return e.Residual }, D, 0),
		Heads:       part(func(e *engine.Edit) []float32 { return e.Heads }, H, 1),
		HeadAdd:     part(func(e *engine.Edit) []float32 { return e.HeadAdd }, H*shape.HeadDim, negativeZero),
	}
}

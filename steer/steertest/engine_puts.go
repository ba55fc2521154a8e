package steertest

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// testPuts: what is put at single neurons and heads is what arrays that say the same put there, in every kind of pass, with the
// rest of the edit, in a stage of its own, at every position and at one.
func testPuts(t *testing.T, b bench) {
	T := 0
	for _, ids := range b.ids {
		T = max(T, len(ids))
	}
	top := b.shape.Layers - 1
	puts := []engine.Put{{Neuron: engine.Neuron{Layer: top, Index: 1}, Value: 3}, {Neuron: engine.Neuron{Layer: 0, Index: 2}, Value: -2},
		{Neuron: engine.Neuron{Layer: 0, Index: b.shape.Heads - 1, Head: true}, Value: .25}, {Neuron: engine.Neuron{Layer: 0, Index: 2}, Value: 4}}
	for _, n := range []int{1, T} {
		at := n - 1
		if at > 0 {
			at = 1
		}
		own := append([]engine.Put(nil), puts...)
		for i := range own {
			own[i].Position = at
		}
		rest := b.random(1, n, 7)
		sparse, dense := *rest, b.written(rest, own)
		sparse.Puts = own
		stage, first := &engine.Edit{B: 1, T: n, Puts: own}, *rest
		first.Next = stage
		for what, e := range map[string][2]*engine.Edit{"puts": {stage, b.written(stage, own)}, "puts beside arrays": {&sparse, dense}, "puts after a stage": {&first, dense}} {
			got, want := b.forward(t, engine.Forward{IDs: b.ids, Edit: e[0]}), b.forward(t, engine.Forward{IDs: b.ids, Edit: e[1]})
			variants := b.variants(t, b.ids, []*engine.Edit{nil, e[0]})
			scores := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: e[0]})
			wanted := b.attribute(t, engine.Attribution{IDs: b.ids, Terms: last(b.ids), Rule: engine.RelP, Edit: e[1]})
			for p, ids := range b.ids {
				near(t, what+": logits", got.Logits[p], want.Logits[p], orderBound)
				near(t, what+": a variant", variants[1][p], want.Logits[p], orderBound)
				near(t, what+": scores", scores.Scores[p], wanted.Scores[p], orderBound)
				if n == 1 {
					k := len(ids) / 2
					steps := b.decode(t, ids, k, e[0], e[0])
					near(t, what+": decoding", steps[len(steps)-1], want.Logits[p], orderBound)
				}
			}
		}
	}
	for what, p := range map[string]engine.Put{"a layer": {Neuron: engine.Neuron{Layer: top + 1}}, "a neuron": {Neuron: engine.Neuron{Index: b.shape.Neurons}},
		"a head": {Neuron: engine.Neuron{Index: b.shape.Heads, Head: true}}, "a position": {Position: 1}, "a number": {Value: float32(math.NaN())}} {
		refused(t, "Forward with a put of "+what+" that is none", func() error {
			_, err := b.e.Forward(t.Context(), engine.Forward{IDs: b.ids, Edit: &engine.Edit{B: 1, T: 1, Puts: []engine.Put{p}}}, nil)
			return err
		})
	}
}

// written returns an edit that has in its arrays what is put.
func (b bench) written(e *engine.Edit, puts []engine.Put) *engine.Edit {
	out := *e
	out.Puts = nil
	inf := float32(math.Inf(1))
	copied := func(from []float32, n int, neutral float32) []float32 {
		to := make([]float32, b.shape.Layers*e.T*n)
		for i := range to {
			if to[i] = neutral; from != nil {
				to[i] = from[i]
			}
		}
		return to
	}
	F, H := b.shape.Neurons, b.shape.Heads
	out.Scale, out.Add, out.Lo, out.Hi = copied(e.Scale, F, 1), copied(e.Add, F, float32(math.Copysign(0, -1))), copied(e.Lo, F, -inf), copied(e.Hi, F, inf)
	out.Heads = copied(e.Heads, H, 1)
	for _, p := range puts {
		i := (p.Layer*e.T + p.Position)
		if p.Head {
			out.Heads[i*H+p.Index] = p.Value
			continue
		}
		i = i*F + p.Index
		out.Scale[i], out.Add[i], out.Lo[i], out.Hi[i] = 0, p.Value, -inf, inf
	}
	return &out
}

package steertest

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// setTo returns an edit of T positions that sets every head which is chosen to values z [L,T,H·C].
func (b bench) setTo(z []float32, T int, chosen func(l, t, head int) bool) *engine.Edit {
	s := b.shape
	e := &engine.Edit{B: 1, T: T, Heads: make([]float32, s.Layers*T*s.Heads), HeadAdd: make([]float32, len(z))}
	for i := range e.Heads {
		if e.Heads[i] = 1; chosen(i/(T*s.Heads), i/s.Heads%T, i%s.Heads) {
			e.Heads[i] = 0
			copy(e.HeadAdd[i*s.HeadDim:], z[i*s.HeadDim:][:s.HeadDim])
		}
	}
	return e
}

// testHeadValues: a head that is set has what it is set to, alike in every kind of pass; set to its own it changes nothing, and
// what all heads take from another prompt is of that prompt. No backward pass knows it.
func testHeadValues(t *testing.T, b bench) {
	s, ids := b.shape, b.ids[:2]
	T := min(len(ids[0]), len(ids[1]))
	ids = [][]int32{ids[0][:T], ids[1][:T]}
	all := func(int, int, int) bool { return true }
	some := func(l, at, head int) bool { return (l+at+head)%2 == 0 }
	plain := b.forward(t, engine.Forward{IDs: ids, Capture: engine.Heads})
	for k, ids := range [][][]int32{ids[:1], ids[1:]} {
		own, other := plain.Heads[k], plain.Heads[1-k]
		near(t, "logits with every head set to its own", b.forward(t, engine.Forward{IDs: ids, Edit: b.setTo(own, T, all)}).Logits[0], plain.Logits[k], orderBound)
		got := b.forward(t, engine.Forward{IDs: ids, Capture: engine.Heads, Edit: b.setTo(other, T, all)})
		same(t, "heads set to another prompt's", got.Heads[0], other)
		differ(t, "logits with another prompt's heads", got.Logits[0], plain.Logits[k])

		edit, scaled := b.setTo(other, T, some), b.factors(1, 1, 83)
		partly := b.forward(t, engine.Forward{IDs: ids, Capture: engine.Heads, Edit: edit})
		for i, want := range other {
			if h := i / s.HeadDim; some(h/(T*s.Heads), h/s.Heads%T, h%s.Heads) && partly.Heads[0][i] != want {
				t.Fatalf("channel %d of a head that is set is %v, want %v", i, partly.Heads[0][i], want)
			}
		}
		near(t, "a variant with heads set", b.variants(t, ids, []*engine.Edit{nil, edit, scaled})[1][0], partly.Logits[0], orderBound)
		steps := b.decode(t, ids[0], T-1, edit, b.lastOf(edit))
		near(t, "decoding with heads set", steps[len(steps)-1], partly.Logits[0], orderBound)
		late := *edit
		late.Next = &engine.Edit{B: 1, T: T, Heads: make([]float32, len(edit.Heads))}
		nothing := b.forward(t, engine.Forward{IDs: ids, Capture: engine.Heads, Edit: &late})
		if largest(nothing.Heads[0]) != 0 {
			t.Errorf("heads that a later stage takes away are up to %v", largest(nothing.Heads[0]))
		}
	}
	both := b.setTo(plain.Heads[1], T, some)
	both = &engine.Edit{B: 2, T: T, Heads: append(both.Heads, both.Heads...), HeadAdd: append(both.HeadAdd, b.setTo(plain.Heads[0], T, some).HeadAdd...)}
	batch := b.forward(t, engine.Forward{IDs: ids, Edit: both})
	for p := range ids {
		one := b.forward(t, engine.Forward{IDs: ids[p : p+1], Edit: b.setTo(plain.Heads[1-p], T, some)})
		near(t, "heads of each prompt set", batch.Logits[p], one.Logits[0], orderBound)
	}
	short := b.setTo(plain.Heads[0], T, all)
	short.HeadAdd = short.HeadAdd[1:]
	refused(t, "Forward with too few values of heads", func() error {
		_, err := b.e.Forward(t.Context(), engine.Forward{IDs: ids[:1], Edit: short}, nil)
		return err
	})
	refused(t, "Attribute with heads set", func() error {
		_, err := b.e.Attribute(t.Context(), engine.Attribution{IDs: ids[:1], Terms: last(ids[:1]), Rule: engine.RelP, Edit: b.setTo(plain.Heads[0], T, some)}, nil)
		return err
	})
	refused(t, "Edges with heads set", func() error {
		n := engine.Node{Neuron: engine.Neuron{Layer: s.Layers - 1}, Position: T - 1}
		_, err := b.e.Edges(t.Context(), engine.Edges{IDs: ids[0], Targets: []engine.Node{n}, Sources: []engine.Node{n}, Rule: engine.RelP, Edit: b.setTo(plain.Heads[0], T, some)}, nil)
		return err
	})
}

// lastOf is an edit of one position: that of the last.
func (b bench) lastOf(e *engine.Edit) *engine.Edit {
	out := &engine.Edit{B: 1, T: 1}
	for l := range b.shape.Layers {
		at := l*e.T + e.T - 1
		out.Heads = append(out.Heads, e.Heads[at*b.shape.Heads:][:b.shape.Heads]...)
		w := b.shape.Heads * b.shape.HeadDim
		out.HeadAdd = append(out.HeadAdd, e.HeadAdd[at*w:][:w]...)
	}
	return out
}

package steertest

import (
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// decode reads the first n ids and steps through the rest, with the logits [V] after each.
func (b bench) decode(t *testing.T, ids []int32, n int, prompt, generated *engine.Edit) [][]float32 {
	t.Helper()
	d, err := b.e.Decode(t.Context(), engine.Decoding{IDs: ids[:n], Edit: prompt, Generated: generated, Reserve: len(ids) - n})
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	defer d.Close()
	out := [][]float32{slices.Clone(d.Logits())}
	for _, id := range ids[n:] {
		if err := d.Step(t.Context(), id); err != nil {
			t.Fatalf("Step: %v", err)
		}
		out = append(out, slices.Clone(d.Logits()))
	}
	return out
}

func testDecode(t *testing.T, b bench) {
	ids := b.ids[len(b.ids)-1]
	all := b.forward(t, engine.Forward{IDs: [][]int32{ids}, AllLogits: true}).Logits[0] // [T,V]
	for _, n := range []int{1, len(ids) / 2} {
		for i, got := range b.decode(t, ids, n, nil, nil) {
			near(t, "cached logits", got, all[(n-1+i)*b.shape.Vocab:][:b.shape.Vocab], orderBound)
		}
	}
}

// testDecodeEdits: an edit of the prompt and another of the new tokens are one edit over positions.
func testDecodeEdits(t *testing.T, b bench) {
	ids, V, F := b.ids[len(b.ids)-1], b.shape.Vocab, b.shape.Neurons
	n := len(ids) / 2
	prompt, generated := b.vectors(t, 1, 1, 19), b.vectors(t, 1, 1, 23)
	prompt.Scale, generated.Scale = b.random(1, 1, 19).Scale, b.random(1, 1, 23).Scale
	whole := &engine.Edit{B: 1, T: len(ids), Scale: b.constant(1, len(ids), 1)} // [1,L,T,F]
	for l := range b.shape.Layers {
		for p := range ids {
			from := prompt
			if p >= n {
				from = generated
			}
			whole.MLP = append(whole.MLP, from.MLP[l*b.shape.Width:][:b.shape.Width]...)
			whole.Residual = append(whole.Residual, from.Residual[l*b.shape.Width:][:b.shape.Width]...)
		}
	}
	b.each(len(ids), func(at, l, p, u int) {
		whole.Scale[at] = prompt.Scale[l*F+u]
		if p >= n {
			whole.Scale[at] = generated.Scale[l*F+u]
		}
	})
	all := b.forward(t, engine.Forward{IDs: [][]int32{ids}, Edit: whole, AllLogits: true}).Logits[0] // [T,V]
	got := b.decode(t, ids, n, prompt, generated)
	for i := range got {
		near(t, "cached logits under edits", got[i], all[(n-1+i)*V:][:V], orderBound)
	}
	one := &engine.Edit{B: 1, T: 1, Scale: b.constant(1, 1, 1)}
	plain, neutral := b.decode(t, ids, n, nil, nil), b.decode(t, ids, n, one, one)
	for i := range plain {
		same(t, "cached logits under scale 1", neutral[i], plain[i])
	}
}

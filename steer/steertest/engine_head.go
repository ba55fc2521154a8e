package steertest

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
)

// unembed fails the test on an error.
func (b bench) unembed(t *testing.T, xs [][]float32, norm bool) [][]float32 {
	t.Helper()
	z, err := b.e.Unembed(t.Context(), xs, norm)
	if err != nil {
		t.Fatalf("Unembed: %v", err)
	}
	if len(z) != len(xs) {
		t.Fatalf("Unembed of %d vectors gives %d", len(xs), len(z))
	}
	for i := range z {
		if len(z[i]) != b.shape.Vocab {
			t.Fatalf("Unembed gives %d logits, want %d", len(z[i]), b.shape.Vocab)
		}
	}
	return z
}

// testOutputs: a layer's outputs are [F,D], the same each time, and none of another layer.
func testOutputs(t *testing.T, b bench) {
	for l := range b.shape.Layers {
		w, err := b.e.Outputs(l)
		if err != nil || len(w) != b.shape.Neurons*b.shape.Width {
			t.Fatalf("Outputs(%d): %d numbers, error %v; want %d", l, len(w), err, b.shape.Neurons*b.shape.Width)
		}
		again, _ := b.e.Outputs(l)
		same(t, "outputs of the same layer", again, w)
		if l > 0 {
			below, _ := b.e.Outputs(l - 1)
			differ(t, "outputs of two layers", w, below)
		}
	}
	for _, l := range []int{-1, b.shape.Layers} {
		refused(t, "Outputs of a layer that is not there", func() error { _, err := b.e.Outputs(l); return err })
	}
}

// testUnembed: without the norm unembedding is linear, with it the length of x hardly matters; many vectors are as one.
func testUnembed(t *testing.T, b bench) {
	noise, xs := splitMix(103), make([][]float32, 70)
	for i := range xs {
		xs[i] = make([]float32, b.shape.Width)
		for d := range xs[i] {
			xs[i][d] = float32(noise())
		}
	}
	sum := make([]float32, b.shape.Width)
	for d := range sum {
		sum[d] = 2*xs[0][d] - 3*xs[1][d]
	}
	z := b.unembed(t, append(slices.Clone(xs), sum), false)
	want := make([]float32, b.shape.Vocab)
	for v := range want {
		want[v] = 2*z[0][v] - 3*z[1][v]
	}
	near(t, "unembedding of a sum", z[len(xs)], want, 10*orderBound)
	for _, norm := range []bool{false, true} {
		z := b.unembed(t, xs, norm)
		for _, i := range []int{0, 1, len(xs) - 1} {
			near(t, "unembedding alone", b.unembed(t, xs[i:i+1], norm)[0], z[i], orderBound)
		}
		differ(t, "unembeddings of two vectors", z[0], z[1])
		if none := b.unembed(t, nil, norm); len(none) != 0 {
			t.Errorf("Unembed of nothing gives %d", len(none))
		}
	}
	if _, err := b.e.Unembed(canceled(t), xs, false); !errors.Is(err, context.Canceled) {
		t.Errorf("Unembed under a canceled context gives %v", err)
	}
	bad := slices.Clone(xs[0])
	bad[0] = float32(math.NaN())
	for name, x := range map[string][]float32{"a short vector": xs[0][1:], "a long vector": append(slices.Clone(xs[0]), 0), "no numbers": nil, "NaN": bad} {
		refused(t, "Unembed of "+name, func() error { _, err := b.e.Unembed(t.Context(), [][]float32{xs[0], x}, true); return err })
	}
}

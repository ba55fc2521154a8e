package engine

import (
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// checkCaptures compares what a forward pass captures, and a vector that is added to it.
func checkCaptures(t *testing.T, e *Engine, g goldenFile, get func(string) []float32, abs, rel func(what string, got, want []float32, tol float64)) {
	t.Helper()
	c := e.cfg
	last := func(all [][]float32, ids [][]int32, n int) []float32 { // mean over prompts at the last token [L,n]
		mean := make([]float32, c.Layers*n)
		for i, x := range all {
			T := len(ids[i])
			for l := range c.Layers {
				for j, v := range x[((l+1)*T-1)*n:][:n] {
					mean[l*n+j] += v / float32(len(ids))
				}
			}
		}
		return mean
	}
	what := seam.Neurons | seam.Residual | seam.MLP
	pos := forward(t, e, seam.Forward{IDs: g.Contrast.PositiveIDs, Capture: what})
	neg := forward(t, e, seam.Forward{IDs: g.Contrast.NegativeIDs, Capture: what})
	var residual []float32 // [L,D]
	for _, k := range []struct {
		name     string
		pos, neg [][]float32
		n        int
	}{{"h", pos.Neurons, neg.Neurons, c.Neurons}, {"resid", pos.Residual, neg.Residual, c.Width}, {"mlp", pos.MLP, neg.MLP, c.Width}} {
		a, b := last(k.pos, g.Contrast.PositiveIDs, k.n), last(k.neg, g.Contrast.NegativeIDs, k.n)
		for i := range a {
			a[i] -= b[i]
		}
		if len(a) == 0 || g.Contrast.Arrays[k.name] == "" {
			t.Errorf("contrast: there is no %s", k.name)
			continue
		}
		rel("contrast."+k.name, a, get(g.Contrast.Arrays[k.name]), g.Tolerance.HRelL2)
		if k.name == "resid" {
			residual = a
		}
	}

	edit := &seam.Edit{B: 1, T: 1, Residual: make([]float32, c.Layers*c.Width)}
	for d := range c.Width {
		edit.Residual[g.Added.Layer*c.Width+d] = g.Added.Strength * residual[g.Added.Layer*c.Width+d]
	}
	want := get(g.Added.Arrays["logits"])
	abs("added", forward(t, e, seam.Forward{IDs: [][]int32{g.Added.IDs}, Edit: edit}).Logits[0], want, g.Tolerance.LogitsAbs)
	n := len(g.Added.IDs) - 1 // cached, the vector at the prompt and at the new token
	d, err := e.Decode(t.Context(), seam.Decoding{IDs: g.Added.IDs[:n], Edit: edit, Generated: edit, Reserve: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.Step(t.Context(), g.Added.IDs[n]); err != nil {
		t.Fatal(err)
	}
	abs("added, cached", d.Logits(), want, g.Tolerance.LogitsAbs)
	err = e.Variants(t.Context(), [][]int32{g.Added.IDs}, []*seam.Edit{edit}, nil, func(_, _ int, z []float32) error {
		abs("added, as a variant", z, want, g.Tolerance.LogitsAbs)
		return nil
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

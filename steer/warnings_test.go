package steer

import "testing"

// plain is an attribution that deserves no warning: two positions with equal scores.
func plain() (attributeBody, []float32) {
	return attributeBody{
		Shape: Shape{Layers: 1, Neurons: 1}, Tokens: []Token{{Text: "a"}, {Text: "b"}},
		Target: Ranked{Rank: 1}, Conservation: Conservation{Holds: true},
	}, []float32{1, -1}
}

// TestWarningBounds: every warning comes just past its bound and not on it.
func TestWarningBounds(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*attributeBody, []float32)
		want   string
	}{
		{"nothing", func(*attributeBody, []float32) {}, ""},
		{"rank at the bound", func(b *attributeBody, _ []float32) { b.Target.Rank = 10 }, ""},
		{"rank past it", func(b *attributeBody, _ []float32) { b.Target.Rank = 11 }, "rank"},
		{"residual at the bound", func(b *attributeBody, _ []float32) { b.Conservation.Residual = 1e-4 }, ""},
		{"residual past it", func(b *attributeBody, _ []float32) { b.Conservation.Residual = 1.01e-4 }, "residual"},
		{"residual of a rule without the identity", func(b *attributeBody, _ []float32) {
			b.Conservation = Conservation{Residual: 1}
		}, ""},
		{"sink past the bound", func(_ *attributeBody, s []float32) { s[0] = 1.01 }, "sink"},
		{"sink on a BOS", func(b *attributeBody, s []float32) { b.BOS, s[0] = true, 5 }, ""},
		{"a prompt of one token", func(b *attributeBody, _ []float32) { b.Tokens = b.Tokens[:1] }, ""},
		{"all zeros", func(_ *attributeBody, s []float32) { clear(s) }, ""},
	} {
		b, s := plain()
		c.change(&b, s)
		got := ""
		for _, w := range attributeWarnings(b, s) {
			got += w.Code
			if w.Text == "" || w.String() != w.Text {
				t.Errorf("%s: the warning %+v says nothing", c.name, w)
			}
		}
		if got != c.want {
			t.Errorf("%s: warnings %q, want %q", c.name, got, c.want)
		}
	}
}

func TestConserve(t *testing.T) {
	r := AttributionResult{Metric: []float32{9}, Linear: []float32{4}, Tokens: [][]float32{{1, 2}}, Attention: [][]float32{{-.25, 0}}, Injected: []float32{.5}}
	c := conserve(r, 0, RelP) // 3 + 0.5 = 4 − 0.5
	if c.Residual != 0 || !c.Holds || c.Tokens != 3 || c.Attention != -.5 || len(c.ByLayer) != 2 {
		t.Errorf("%+v", c)
	}
	r.Tokens[0][0] = 3
	if c := conserve(r, 0, RelP); c.Residual != .4 { // misses by 2 of the largest term, 5
		t.Errorf("residual %v, want 0.4", c.Residual)
	}
	if conserve(r, 0, Gradient).Holds {
		t.Error("Gradient has no such identity")
	}
}

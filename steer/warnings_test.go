package steer

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// plain is an attribution that deserves no warning: four positions [1,4,10], the k-th largest scores taking turns.
func plain() (attributeBody, []float32) {
	b := attributeBody{Shape: engine.Shape{Layers: 1, Neurons: 10}, Target: Ranked{Rank: 1}, Conservation: Conservation{Holds: true}}
	s := make([]float32, 40)
	for i := range s {
		s[i] = float32(1 + i%10)
	}
	for _, w := range []string{"a", "b", "c", "d"} {
		b.Tokens = append(b.Tokens, engine.Token{Text: w})
	}
	return b, s
}

// onFirst makes n of the 20 largest entries sit on the first position, of T.
func onFirst(n, T int) func(*attributeBody, []float32) {
	return func(b *attributeBody, s []float32) {
		b.Tokens = b.Tokens[:1]
		for range T - 1 {
			b.Tokens = append(b.Tokens, engine.Token{Text: "x"})
		}
		b.Shape.Neurons = 40 / T
		for i := range s {
			s[i] = .1
		}
		for i := range n {
			s[i] = -2
		}
		for i := range 20 - n {
			s[40/T+i] = 1
		}
	}
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
		{"rank of a metric elsewhere", func(b *attributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Terms = 11, []engine.Term{{Position: 1}}
		}, ""},
		{"rank of a metric here and elsewhere", func(b *attributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Terms = 11, []engine.Term{{Position: 1}, {Position: 3}}
		}, "rank"},
		{"an answer at the bound", func(b *attributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Answer, b.Conservation.Metric = 99, make([]engine.Token, 2), -9.2
		}, ""},
		{"an answer past it", func(b *attributeBody, _ []float32) {
			b.Metric.Answer, b.Conservation.Metric = make([]engine.Token, 2), -9.3
		}, "rank"},
		{"residual at the bound", func(b *attributeBody, _ []float32) { b.Conservation.Residual = 1e-4 }, ""},
		{"residual past it", func(b *attributeBody, _ []float32) { b.Conservation.Residual = 1.01e-4 }, "residual"},
		{"residual of a rule without the identity", func(b *attributeBody, _ []float32) {
			b.Conservation = Conservation{Residual: 1}
		}, ""},
		{"sink before the bound of 4 positions", onFirst(7, 4), ""},
		{"sink past it", onFirst(8, 4), "sink"},
		{"sink before the bound of 8 positions", onFirst(4, 8), ""},
		{"sink past it, of 8", onFirst(5, 8), "sink"},
		{"sink on a BOS", func(b *attributeBody, s []float32) { onFirst(8, 4)(b, s); b.BOS = true }, ""},
		{"a prompt of one token", func(b *attributeBody, _ []float32) { b.Tokens, b.Shape.Neurons = b.Tokens[:1], 40 }, ""},
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

// TestFew: a result that rests on little says so, up to the bound.
func TestFew(t *testing.T) {
	b := behaviorBody{}
	for n := 1; n <= fewPrompts; n++ {
		b.Examples = append(b.Examples, attributeBody{Tokens: make([]engine.Token, 3)})
		ws := behaviorWarnings(b, make([][]Warning, n))
		if (len(ws) == 1 && strings.Contains(ws[0].Text, "only")) != (n < fewPrompts) {
			t.Errorf("%d examples: %v", n, ws)
		}
	}
}

func TestConserve(t *testing.T) {
	r := engine.AttributionResult{Metric: []float32{9}, Linear: []float32{4}, Tokens: [][]float32{{1, 2}}, Attention: [][]float32{{-.25, 0}}, Injected: []float32{.5}}
	c := conserve(r, 0, engine.RelP) // 3 + 0.5 = 4 − 0.5
	if c.Residual != 0 || !c.Holds || c.Tokens != 3 || c.Attention != -.5 || len(c.ByLayer) != 2 {
		t.Errorf("%+v", c)
	}
	r.Tokens[0][0] = 3
	if c := conserve(r, 0, engine.RelP); c.Residual != .4 { // misses by 2 of the largest term, 5
		t.Errorf("residual %v, want 0.4", c.Residual)
	}
	if conserve(r, 0, engine.Gradient).Holds {
		t.Error("Gradient has no such identity")
	}
}

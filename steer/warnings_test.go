package steer

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// plain is an attribution that deserves no warning: four positions [1,4,10], the k-th largest scores taking turns.
func plain() (message.AttributeBody, []float32) {
	b := message.AttributeBody{Shape: Shape{Layers: 1, Neurons: 10}, Target: message.Ranked{Rank: 1}, Conservation: message.Conservation{Holds: true}}
	s := make([]float32, 40)
	for i := range s {
		s[i] = float32(1 + i%10)
	}
	for _, w := range []string{"a", "b", "c", "d"} {
		b.Tokens = append(b.Tokens, Token{Text: w})
	}
	return b, s
}

// onFirst makes n of the 20 largest entries sit on the first position, of T.
func onFirst(n, T int) func(*message.AttributeBody, []float32) {
	return func(b *message.AttributeBody, s []float32) {
		b.Tokens = b.Tokens[:1]
		for range T - 1 {
			b.Tokens = append(b.Tokens, Token{Text: "x"})
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
		change func(*message.AttributeBody, []float32)
		want   string
	}{
		{"nothing", func(*message.AttributeBody, []float32) {}, ""},
		{"rank at the bound", func(b *message.AttributeBody, _ []float32) { b.Target.Rank = 10 }, ""},
		{"rank past it", func(b *message.AttributeBody, _ []float32) { b.Target.Rank = 11 }, "rank"},
		{"rank of a metric elsewhere", func(b *message.AttributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Terms = 11, []engine.Term{{Position: 1}}
		}, ""},
		{"rank of a metric here and elsewhere", func(b *message.AttributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Terms = 11, []engine.Term{{Position: 1}, {Position: 3}}
		}, "rank"},
		{"an answer at the bound", func(b *message.AttributeBody, _ []float32) {
			b.Target.Rank, b.Metric.Answer, b.Conservation.Metric = 99, make([]Token, 2), -9.2
		}, ""},
		{"an answer past it", func(b *message.AttributeBody, _ []float32) {
			b.Metric.Answer, b.Conservation.Metric = make([]Token, 2), -9.3
		}, "rank"},
		{"residual at the bound", func(b *message.AttributeBody, _ []float32) { b.Conservation.Linear = 1e-4 }, ""},
		{"residual past it", func(b *message.AttributeBody, _ []float32) { b.Conservation.Linear = 1.01e-4 }, "residual"},
		{"residual of a rule without the identity", func(b *message.AttributeBody, _ []float32) {
			b.Conservation = message.Conservation{Linear: 1}
		}, ""},
		{"sink before the bound of 4 positions", onFirst(7, 4), ""},
		{"sink past it", onFirst(8, 4), "sink"},
		{"sink before the bound of 8 positions", onFirst(4, 8), ""},
		{"sink past it, of 8", onFirst(5, 8), "sink"},
		{"sink on a BOS", func(b *message.AttributeBody, s []float32) { onFirst(8, 4)(b, s); b.BOS = true }, ""},
		{"a prompt of one token", func(b *message.AttributeBody, _ []float32) { b.Tokens, b.Shape.Neurons = b.Tokens[:1], 40 }, ""},
		{"all zeros", func(_ *message.AttributeBody, s []float32) { clear(s) }, ""},
	} {
		b, s := plain()
		c.change(&b, s)
		d, got := describe(b), ""
		d.scores, d.tokens = s, []float32{.5, -.5}
		for _, w := range d.fits().doubts(view{}) {
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

// TestNearTie: where two tokens are nearly tied, positive and negative relevance nearly cancel, and what the identity
// misses by is held against how much there is of either; a pass that is wrong is so at the same metric.
func TestNearTie(t *testing.T) {
	for _, c := range []struct {
		name     string
		tokens   []float32
		linear   float64
		attended float64
		injected float64
		want     float64
		logit    float64
	}{
		{"rounding at a near tie", []float32{3, -3}, 3e-5, 0, 0, 5e-6, 0},
		{"a wrong pass at a near tie", []float32{3, -2.9}, 3e-5, 0, 0, .09997 / 5.9, 15},
		{"an attention term that cancels the sum", []float32{-2, 4}, 1e-4, 2, 0, 1e-4 / 6, 0},
		{"all of it injected", []float32{0, 0}, 1, 0, 1, 0, 0},
		{"half of it injected", []float32{.5}, 1, 0, .5, 0, 0},
		{"relevance of nothing", nil, 1, 0, 0, 1, 15},
		{"nothing at all", []float32{0}, 0, 0, 0, 0, 0},
		{"rounding of large logits", []float32{.04, -.04}, 8e-6, 0, 0, 1e-4 + 1e-9, 13},
		{"more than that", []float32{.04, -.04}, 1.3e-5, 0, 0, 1.625e-4, 12},
	} {
		b, s := plain()
		b.Conservation.Linear, b.Conservation.Attention, b.Conservation.Injected = c.linear, c.attended, c.injected
		for _, x := range c.tokens {
			b.Conservation.Tokens += float64(x)
		}
		b.Target.Logit = c.logit
		d := describe(b)
		d.scores, d.tokens = s, c.tokens
		near(t, c.name, d.conservation().Residual, c.want, 1e-6*c.want+1e-7)
		if warned := len(d.doubts(view{})) > 0; warned != (c.want > residualBound && c.name != "rounding of large logits") {
			t.Errorf("%s: warned %v", c.name, warned)
		}
	}
}

// TestSettledDoubt: a view that leaves the first position out does not warn of it.
func TestSettledDoubt(t *testing.T) {
	b, s := plain()
	onFirst(8, 4)(&b, s)
	d := describe(b)
	d.scores = s
	whole := newScores(func() dense { return d }, view{})
	if ws := whole.Warnings(); len(ws) != 1 || ws[0].Code != "sink" {
		t.Fatalf("warnings %v, want one of a sink", ws)
	}
	for name, narrowed := range map[string]Scores{"SkipFirst": whole.SkipFirst(), "LastPositions": whole.LastPositions(2)} {
		if ws := narrowed.Warnings(); len(ws) != 0 {
			t.Errorf("%s still warns of the first position: %v", name, ws)
		}
	}
}

// TestFew: a result that rests on little says so, up to the bound.
func TestFew(t *testing.T) {
	var examples []dense
	for n := 1; n <= message.FewPrompts; n++ {
		examples = append(examples, describe(message.AttributeBody{Tokens: make([]Token, 3)}))
		ws := behaviorDoubts(examples, view{})
		if (len(ws) == 1 && strings.Contains(ws[0].Text, "only")) != (n < message.FewPrompts) {
			t.Errorf("%d examples: %v", n, ws)
		}
	}
}

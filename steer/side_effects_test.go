package steer

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// TestDistinctGrams: the quality of the reference study is the distinct share of 4-grams of words.
func TestDistinctGrams(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want float64
		ok   bool
	}{
		{"a b c d e", 4, 1, true},
		{"a b a b a b a", 4, 2. / 4, true},
		{"yes yes  yes\nyes yes", 4, 1. / 2, true},
		{"yes yes no", 1, 2. / 3, true},
		{"only three words", 4, 0, false},
		{"", 1, 0, false},
	} {
		got, ok := distinctGrams(c.text, c.n)
		if ok != c.ok {
			t.Errorf("%q has %d-grams: %v", c.text, c.n, ok)
		}
		near(t, c.text, got, c.want, 1e-12)
	}
}

// TestSideEffect: means are over tokens, and a text without 4-grams is not counted.
func TestSideEffect(t *testing.T) {
	b := message.SweepBody{Multipliers: []float64{0}, Texts: []string{"a", "b"}, Tokens: []int{11, 3},
		Continuations: [][]string{{"a b c d", "x"}, {"a a a a a", "x"}}}
	r := Record{Tensors: map[string]Tensor{
		"kl":  {[]int{2, 2}, []float32{0, 0, 1.4, 1.4}},
		"nll": {[]int{2, 2}, []float32{10, 4, 15, 5}},
	}}
	e := newSideEffects(r, b)[0]
	near(t, "KL", e.Divergence.Value, 2.8/14, 1e-6)
	near(t, "perplexity", e.Perplexity.Value, math.Exp(6./12), 1e-6)
	near(t, "quality", e.Quality.Value, .5, 1e-12)
	near(t, "changed", e.Changed, .5, 1e-12)
	if e.Quality.N != 1 || e.Distinct1.N != 2 || e.Divergence.N != 2 {
		t.Errorf("counted texts: %+v", e)
	}
	near(t, "distinct words", e.Distinct1.Value, (.2+1)/2, 1e-12)
	b.Tokens = b.Tokens[:1]
	if newSideEffects(r, b) != nil {
		t.Error("a record that does not fit has side effects")
	}
}

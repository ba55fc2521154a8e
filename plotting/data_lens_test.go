package plotting

import (
	"fmt"
	"math"
	"testing"
)

// lensed is constructed data for LogitLens.
type lensed struct {
	tokens [][]string
	p      [][]float64
	labels []string
}

func (l lensed) Lens() (tokens [][]string, probabilities [][]float64) { return l.tokens, l.p }
func (l lensed) Labels() []string                                     { return l.labels }
func (l lensed) N() (int, string)                                     { return 1, "prompt" }

// forming returns answers that stand from some layer on, later for later positions, after other guesses.
func forming(layers int, labels []string) (l lensed) {
	l.labels = labels
	for i := range layers {
		var tokens []string
		var p []float64
		for t := range labels {
			from := layers * (t + 1) / (len(labels) + 2)
			s, v := labels[(t+1)%len(labels)], 1/(1+math.Exp(-6*float64(i-from)/float64(layers)))
			if i < from {
				s, v = []string{" the", " of", "ly", "中", fmt.Sprint(" guess", i/2)}[(i/2+t)%5], .05+.2*float64(i)/float64(layers)
			}
			tokens, p = append(tokens, s), append(p, v)
		}
		l.tokens, l.p = append(l.tokens, tokens), append(l.p, p)
	}
	return l
}

// TestLensTitle: an answer stands from the layer on after which no other is said.
func TestLensTitle(t *testing.T) {
	said := func(tokens ...string) (l lensed) {
		l.labels = []string{"is"}
		for _, s := range tokens {
			l.tokens, l.p = append(l.tokens, []string{s}), append(l.p, []float64{.8})
		}
		return l
	}
	for _, c := range []struct {
		x    lensed
		want string
	}{
		{said("a", " Paris", "b", " Paris", " Paris"), "The answer, “·Paris” (80 % at the end), stands from layer 3 of 5 on"},
		{said(" Paris", " Paris"), "The answer, “·Paris” (80 % at the end), stands from the first layer on"},
		{said(" Paris"), "The answer, “·Paris” (80 % at the end), stands from the first layer on"},
		{said("a", "b", " Paris"), "The answer, “·Paris” (80 % at the end), comes in the last layer"},
	} {
		if got := LogitLens(c.x).TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

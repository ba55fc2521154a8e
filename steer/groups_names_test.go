package steer

import (
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestGroupNames: a name says what a group reads and writes most, and goes on to what tells it from others.
func TestGroupNames(t *testing.T) {
	at := func(reads, writes string, layers ...int) (g Group) {
		for i, r := range reads {
			g.Reads = append(g.Reads, Reading{Label: string(r), Relevance: float64(9 - i)})
		}
		for i, w := range writes {
			size := float64(9 - i)
			if w >= 'A' && w <= 'Z' {
				size = -size
			}
			g.Writes = append(g.Writes, Writing{Token: engine.Token{Text: string(w)}, Contribution: size})
		}
		var ns []Neuron
		for _, l := range layers {
			ns = append(ns, Neuron{Layer: l})
		}
		g.Circuit = NewCircuit("", ns...)
		return g
	}
	for what, c := range map[string]struct {
		groups []Group
		want   []string
	}{
		"different":          {[]Group{at("ab", "xy", 1), at("ab", "yx", 1), at("ba", "Xy", 1)}, []string{`"a" → "x"`, `"a" → "y"`, `"b" → −"X"`}},
		"by what they write": {[]Group{at("ab", "xy", 1), at("ab", "xxz", 2), at("bc", "xy", 1)}, []string{`"a" → "x", "y"`, `"a" → "x", "z"`, `"b" → "x"`}},
		"by what they read":  {[]Group{at("ab", "xy", 1), at("aac", "xy", 1)}, []string{`"a", "b" → "x"`, `"a", "c" → "x"`}},
		"one reads less":     {[]Group{at("ab", "xy", 1), at("a", "xy", 1)}, []string{`"a", "b" → "x"`, `"a" → "x"`}},
		"by layers":          {[]Group{at("ab", "xy", 5, 1), at("ab", "xy", 3)}, []string{`"a" → "x" in layers 1 to 5`, `"a" → "x" in layer 3`}},
		"by nothing":         {[]Group{at("ab", "xy", 1), at("q", "x", 1), at("ab", "xy", 1)}, []string{`"a" → "x", "y" #1`, `"q" → "x"`, `"a" → "x", "y" #2`}},
		"two of three alike": {[]Group{at("ab", "xy", 1), at("ab", "xz", 1), at("ab", "xy", 1)}, []string{`"a" → "x", "y" #1`, `"a" → "x", "z"`, `"a" → "x", "y" #2`}},
		"of nothing":         {[]Group{at("", "", 1), at("", "", 2)}, []string{"nothing → nothing in layer 1", "nothing → nothing in layer 2"}},
	} {
		nameGroups(c.groups)
		var got []string
		for _, g := range c.groups {
			got = append(got, g.Circuit.Name())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", what, got, c.want)
		}
	}
}

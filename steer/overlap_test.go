package steer

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// circuitOn returns a circuit of given neurons that knows its model, strongest first.
func circuitOn(name string, shape Shape, ns ...Neuron) Circuit {
	c := NewCircuit(name, ns...)
	return Circuit{name: name, entries: c.entries, origin: func() origin { return origin{shape: shape} }}
}

// TestOverlap: sets whose overlap is counted by hand.
func TestOverlap(t *testing.T) {
	shape := Shape{Layers: 2, Neurons: 10}
	a := circuitOn("a", shape, Neuron{Layer: 0, Index: 1}, Neuron{Layer: 0, Index: 2}, Neuron{Layer: 1, Index: 3})
	b := circuitOn("b", shape, Neuron{Layer: 0, Index: 2}, Neuron{Layer: 1, Index: 3}, Neuron{Layer: 1, Index: 4}, Neuron{Layer: 1, Index: 5})
	m := Overlap(a, b, NewCircuit("none"))
	if m.Len() != 3 || !slices.Equal(m.Names(), []string{"a", "b", "none"}) || !slices.Equal(m.Sizes(), []int{3, 4, 0}) {
		t.Fatalf("%d circuits %q of %v", m.Len(), m.Names(), m.Sizes())
	}
	for i := range 3 {
		for j := range 3 {
			if m.Jaccard(i, j) != m.Jaccard(j, i) || m.P(i, j) != m.P(j, i) || m.Expected(i, j) != m.Expected(j, i) || m.RankBiased(i, j) != m.RankBiased(j, i) {
				t.Errorf("%d and %d: not symmetric", i, j)
			}
		}
	}
	if m.Shared(0, 1) != 2 || m.Jaccard(0, 1) != .4 || m.Jaccard(0, 0) != 1 || m.Jaccard(2, 2) != 0 || m.Jaccard(0, 2) != 0 {
		t.Errorf("shared %d, Jaccard %v, %v, %v", m.Shared(0, 1), m.Jaccard(0, 1), m.Jaccard(0, 0), m.Jaccard(2, 2))
	}
	// Layer 0: 2 and 1 of 10; layer 1: 1 and 3 of 10. P(0) = .8·.7, P(1) = .2·.7 + .8·.3, P(2) = .2·.3.
	if got := m.ExpectedShared(0, 1); math.Abs(got-.5) > 1e-12 {
		t.Errorf("expected to share %v, want 2·1/10 + 1·3/10", got)
	}
	if got, want := m.P(0, 1), .06; math.Abs(got-want) > 1e-12 {
		t.Errorf("p = %v, want %v", got, want)
	}
	if got, want := m.Expected(0, 1), .38/6+.06*2/5; math.Abs(got-want) > 1e-12 {
		t.Errorf("expected Jaccard %v, want %v", got, want)
	}
	if m.P(0, 2) != 1 || m.Expected(0, 2) != 0 {
		t.Errorf("with nothing: p = %v, expected %v", m.P(0, 2), m.Expected(0, 2))
	}
	for _, at := range [][2]int{{-1, 0}, {0, 3}, {3, 3}} {
		if m.Jaccard(at[0], at[1]) != 0 || m.Shared(at[0], at[1]) != 0 {
			t.Errorf("outside, at %v: %v", at, m.Jaccard(at[0], at[1]))
		}
	}
	if s := m.String(); !strings.Contains(s, "a and b share 2 of 3 and 4 neurons: Jaccard 0.400 (by chance 0.087, p = 0.06)") {
		t.Error(s)
	}
	var zero OverlapMatrix
	if zero.Len() != 0 || zero.String() != "" || zero.Jaccard(0, 0) != 0 || Overlap().Len() != 0 {
		t.Error("the zero matrix is not empty")
	}
}

// TestOverlapUnknownModel: neurons that somebody wrote down know no model, and so no chance.
func TestOverlapUnknownModel(t *testing.T) {
	a, b := NewCircuit("a", Neuron{Layer: 0, Index: 1}), NewCircuit("b", Neuron{Layer: 0, Index: 1}, Neuron{Layer: 2, Index: 7})
	m := Overlap(a, b)
	if !math.IsNaN(m.P(0, 1)) || !math.IsNaN(m.Expected(0, 1)) || m.Jaccard(0, 1) != .5 || strings.Contains(m.String(), "chance") {
		t.Error(m)
	}
	if p := Overlap(a, circuitOn("c", Shape{Layers: 3, Neurons: 10}, Neuron{Layer: 0, Index: 1})).P(0, 1); math.Abs(p-.1) > 1e-12 {
		t.Errorf("p = %v beside a circuit that knows its model, want .1", p)
	}
	if p := Overlap(a, circuitOn("c", Shape{Layers: 3, Neurons: 1}, Neuron{Layer: 0, Index: 0})).P(0, 1); !math.IsNaN(p) {
		t.Errorf("p = %v for a neuron outside the model", p)
	}
}

// TestOverlapByChance compares expectation and p with circuits that are drawn.
func TestOverlapByChance(t *testing.T) {
	shape := Shape{Layers: 3, Neurons: 20}
	r := rand.New(rand.NewPCG(1, 1))
	draw := func(n ...int) []Neuron {
		var ns []Neuron
		for l, k := range n {
			for _, i := range r.Perm(shape.Neurons)[:k] {
				ns = append(ns, Neuron{Layer: l, Index: i})
			}
		}
		return ns
	}
	a, sizes := draw(8, 5, 0), []int{3, 9, 4}
	const rounds = 20000
	shared, jac, atLeast4 := 0., 0., 0.
	for range rounds {
		o := compareRankings(a, draw(sizes...), Shape{})
		shared += float64(o.shared) / rounds
		jac += o.jaccard / rounds
		if o.shared >= 4 {
			atLeast4 += 1. / rounds
		}
	}
	o := compareRankings(a, draw(sizes...), shape)
	p := stats.AtLeast(sharedByChance(countLayers(a), countLayers(draw(3, 9, 4)), shape), 4)
	if math.Abs(o.mean-shared) > .03 || math.Abs(o.expected-jac) > .003 || math.Abs(p-atLeast4) > .012 {
		t.Errorf("shared %v, Jaccard %v, p %v; drawn %v, %v, %v", o.mean, o.expected, p, shared, jac, atLeast4)
	}
}

// TestOverlapWithIsOverlap: a figure that asks a circuit sees what Overlap says, what chance gives included.
func TestOverlapWithIsOverlap(t *testing.T) {
	shape := Shape{Layers: 2, Neurons: 10}
	a, b, c := circuitOn("a", shape, Neuron{Layer: 0, Index: 1}, Neuron{Layer: 1, Index: 3}), NewCircuit("b", Neuron{Layer: 1, Index: 3}), NewCircuit("c")
	m, ok := a.OverlapWith(b, c).(OverlapMatrix)
	if want := Overlap(a, b, c); !ok || m.String() != want.String() || m.P(0, 1) != want.P(0, 1) || math.IsNaN(m.Expected(0, 1)) {
		t.Errorf("%v, want %v", m, want)
	}
}

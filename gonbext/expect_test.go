package gonbext

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestExpectNumber: an answer is right, near or wrong, a wrong one for a reason, and no card says what is right.
func TestExpectNumber(t *testing.T) {
	const want = 7.25
	for _, c := range []struct {
		got           float64
		verdict, word string
	}{
		{7.25, right, "within"}, {7.255, right, ""}, {7.3, near, "rounding"}, {math.NaN(), unsolved, "no number yet"},
		{-7.25, wrong, "sign"}, {14.5, wrong, "factor 2"}, {3.625, wrong, "factor 2"}, {-14.5, wrong, "factor 2"},
		{725, wrong, "percent"}, {.0725, wrong, "percent"}, {1 / 7.25, wrong, "upside down"},
		{-3, wrong, "sign"}, {9, wrong, "too large"}, {5, wrong, "too small"}, {math.Inf(1), wrong, "too large"},
	} {
		j := judgeNumber(c.got, want, .01)
		if j.verdict != c.verdict || !strings.Contains(j.why, c.word) {
			t.Errorf("%v for %v: %s: %s; want %s and %q", c.got, want, j.verdict, j.why, c.verdict, c.word)
		}
		if strings.Contains(j.card("What?").text(), "7.25") {
			t.Errorf("the card of %v says what is right: %s", c.got, j.why)
		}
	}
	if j := judgeNumber(.494, .506, .005); j.verdict != wrong || !strings.Contains(j.why, "the rest") {
		t.Errorf("what is left for what is gone: %s: %s", j.verdict, j.why)
	}
	if j := judgeNumber(.005, 0, .01); j.verdict != right {
		t.Errorf("a zero that is right: %s: %s", j.verdict, j.why)
	}
	if j := judgeNumber(-.05, .001, .01); j.verdict != near {
		t.Errorf("near zero a sign says nothing: %s: %s", j.verdict, j.why)
	}
}

// TestExpectNeuron: as cards write it, and a wrong one says in which way.
func TestExpectNeuron(t *testing.T) {
	want := steer.Neuron{Layer: 3, Index: 17}
	for got, c := range map[string][2]string{
		"L3/N17": {right, ""}, " L3/N17 ": {right, ""}, "": {unsolved, "quotes"}, "three": {wrong, "how a neuron is written"},
		"L3/N18": {near, "right layer"}, "L2/N17": {near, "right number"}, "L1/N2": {wrong, "later"}, "L4/N2": {wrong, "earlier"},
		"L3/H1": {wrong, "not a head"}, "L3/N17, L3/N18": {wrong, "2 units"},
	} {
		if j := judgeNeuron(got, want); j.verdict != c[0] || !strings.Contains(j.why, c[1]) {
			t.Errorf("%q: %s: %s; want %s and %q", got, j.verdict, j.why, c[0], c[1])
		}
	}
	if j := judgeNeuron("L3/N1", steer.Neuron{Layer: 3, Index: 1, Head: true}); j.verdict != wrong || !strings.Contains(j.why, "a head is asked") {
		t.Errorf("a neuron for a head: %+v", j)
	}
}

// TestExpectCircuit: the mistakes of selecting have names: entries for neurons, those that oppose, too many, too few.
func TestExpectCircuit(t *testing.T) {
	s := run(t, steertest.NewModel().Attribute(france).Target(" Paris").Versus(" Rome"))
	one := func(n ...int) steer.Circuit {
		ns := make([]steer.Neuron, len(n))
		for i, x := range n {
			ns[i] = steer.Neuron{Index: x}
		}
		return steer.NewCircuit("", ns...)
	}
	for name, c := range map[string]struct {
		got, want     steer.Circuit
		verdict, word string
	}{
		"the same":       {s.TopK(4), s.TopK(4), right, "4 neurons"},
		"in any order":   {one(2, 1), one(1, 2), right, ""},
		"none":           {steer.Circuit{}, s.TopK(4), unsolved, "steer.Circuit{}"},
		"entries":        {s.TopEntries(12), s.TopK(12), wrong, "TopEntries counts"},
		"both signs":     {s.TopK(4), s.Positive().TopK(4), wrong, "Positive()"},
		"too many":       {one(1, 2, 3), one(1, 2), wrong, "1 too many"},
		"too few":        {one(1, 2), one(1, 2, 3), wrong, "2 of 3"},
		"nearly":         {one(1, 2, 3, 4, 9), one(1, 2, 3, 4, 5), near, "4 of 5"},
		"others":         {one(6, 7), one(1, 2), wrong, "other scores"},
		"another number": {one(1, 6, 7), one(1, 2), wrong, "1 of 2"},
		"half":           {one(1, 6), one(1, 2), wrong, "1 of 2 are right"},
		"other layers":   {steer.Neurons("L0/N1, L1/N1, L1/N2"), steer.Neurons("L1/N1, L1/N2, L1/N3"), wrong, "1 of a layer that no right one is in"},
		"of both signs":  {s.Negative().TopK(2).Union(s.Positive().TopK(8).Minus(s.Positive().TopK(5))), s.Positive().TopK(5), wrong, "none of them right"},
	} {
		if j := judgeCircuit(c.got, c.want); j.verdict != c.verdict || !strings.Contains(j.why, c.word) {
			t.Errorf("%s: %s: %s; want %s and %q", name, j.verdict, j.why, c.verdict, c.word)
		}
	}
}

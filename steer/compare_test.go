package steer_test

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestCompare: the reference's numbers, counted by hand, and chance beside them.
func TestCompare(t *testing.T) {
	v := cheer(t)
	d := run(t, fake.Decompose(v))
	c := steer.NewCircuit("mine", steer.Neuron{Layer: 1, Index: 3}, steer.Neuron{Layer: 1, Index: 0}, steer.Neuron{Layer: 2, Index: 6})
	cmp := steer.Compare(c, d).TopK(2)
	layers := cmp.Layers()
	top := map[steer.Neuron]bool{}
	for l := range 3 {
		for _, n := range d.Layers(l, l).TopK(2).Neurons() {
			top[n] = true
		}
	}
	shared := 0
	for _, n := range c.Neurons() {
		if top[n] {
			shared++
		}
	}
	ve := d.VarianceExplained(c)
	got, of, expected, p := cmp.Total()
	if len(layers) != 3 || got != shared || of != 6 || math.Abs(expected-3*2./8) > 1e-12 || layers[1].Circuit != 2 || layers[1].Top != 2 ||
		layers[1].VarianceExplained != ve[1] || math.Abs(layers[1].Expected-.5) > 1e-12 {
		t.Errorf("%+v; %d of %d, %v", layers, got, of, expected)
	}
	// By hand: layer 1 shares 0, 1, 2 with 15/28, 12/28, 1/28, layer 2 shares 0, 1 with 3/4, 1/4.
	want := map[int]float64{0: 1, 1: 1 - 15./28*.75, 2: 12./28*.25 + 1./28, 3: 1. / 28 * .25}[shared]
	if shared == 0 || math.Abs(p-want) > 1e-9 {
		t.Errorf("p is %v for %d shared, not %v", p, shared, want)
	}
	if m := cmp.MeanVarianceExplained(); math.Abs(m-(ve[0]+ve[1]+ve[2])/3) > 1e-12 {
		t.Error(m)
	}
	if n, expected, p := steer.Compare(d.TopK(10), d).Top(); n != 10 || math.Abs(expected-10) > 1e-9 || math.Abs(p-1) > 1e-9 {
		t.Errorf("the vector's 50 are all 24 neurons, yet %d of 10 are shared, by chance %v, p = %v", n, expected, p)
	}
	firsts := d.Layers(0, 0).TopK(1).Neurons()[0]
	two := steer.NewCircuit("two", firsts, d.Layers(2, 2).TopK(1).Neurons()[0])
	if n, expected, p := steer.Compare(two, d).TopK(1).Top(); n != 2 || math.Abs(expected-2./8) > 1e-9 || math.Abs(p-1./64) > 1e-9 {
		t.Errorf("both first neurons: %d shared, by chance %v, p = %v", n, expected, p)
	}
	if s := cmp.String(); !strings.Contains(s, "not R²") || !strings.Contains(s, "by chance") {
		t.Error(s)
	}
	ws := cmp.Warnings()
	if len(ws) == 0 || ws[len(ws)-1].Code != "variance" {
		t.Error(ws)
	}
	if n, of, _, p := steer.Compare(steer.Circuit{}, d).Total(); n != 0 || of == 0 || p != 1 {
		t.Error(n, of, p)
	}
	if n, of, _, p := steer.Compare(c, steer.Decomposition{}).Total(); n != 0 || of != 0 || p != 1 {
		t.Error(n, of, p)
	}
	if n, _, p := steer.Compare(c, steer.Decomposition{}).Top(); n != 0 || p != 1 {
		t.Error(n, p)
	}
}

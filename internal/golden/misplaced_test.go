package golden

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestMisplaced: a ranking by falling scores is one; what is in another order, left out, unknown or there twice is not.
func TestMisplaced(t *testing.T) {
	u := func(i int) engine.Neuron { return engine.Neuron{Index: i} }
	best := map[engine.Neuron]float64{u(0): 9, u(1): 5, u(2): 4, u(3): 1}
	for name, c := range map[string]struct {
		want []engine.Neuron
		by   float64
	}{
		"all":          {[]engine.Neuron{u(0), u(1), u(2), u(3)}, 0},
		"the first":    {[]engine.Neuron{u(0), u(1)}, 0},
		"swapped":      {[]engine.Neuron{u(0), u(2), u(1)}, 1},
		"left out":     {[]engine.Neuron{u(0), u(2), u(3)}, 4},
		"the last two": {[]engine.Neuron{u(2), u(3)}, 8},
		"twice":        {[]engine.Neuron{u(0), u(0)}, math.Inf(1)},
		"unknown":      {[]engine.Neuron{u(0), u(7)}, math.Inf(1)},
	} {
		if got := misplaced(c.want, best); got != c.by {
			t.Errorf("%s: %v, want %v", name, got, c.by)
		}
	}
}

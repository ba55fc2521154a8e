package engine

import (
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestEdgesRuns: targets that do not go down together, outputs among them, get what they get together.
func TestEdgesRuns(t *testing.T) {
	e := openRandom(t, small(), Options{})
	defer e.Close()
	ids := prompt(e.cfg, 7, 0)
	node := func(layer, index, position int, head bool) seam.Node {
		return seam.Node{Neuron: seam.Neuron{Layer: layer, Index: index, Head: head}, Position: position}
	}
	nodes := []seam.Node{node(2, 5, 6, false), node(1, 1, 4, true), node(0, 3, 2, false), node(1, 7, 6, false), node(0, 0, 5, true)}
	in := seam.Edges{IDs: ids, Sources: nodes, Targets: nodes, Metric: true, Outputs: []int32{4, 2, 9, 1}, Rule: seam.RelP,
		Terms: []seam.Term{{Position: 5, Target: 1, Versus: 2}, {Position: 1, Target: 3, Versus: -1, Weight: 2}}}
	run := func(together int) seam.EdgesResult {
		e.limits.together = together
		r, err := e.Edges(t.Context(), in, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	want := run(1000)
	for _, together := range []int{1, 12, 13, 20} { // an output has six rows
		got := run(together)
		within(t, "values", got.Value, want.Value, 1e-5)
		for i := range want.Weights {
			within(t, "edges", got.Weights[i], want.Weights[i], 1e-5)
			within(t, "tokens", got.Tokens[i], want.Tokens[i], 1e-5)
		}
	}
}

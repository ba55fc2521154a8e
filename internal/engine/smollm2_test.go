//go:build smollm2

package engine

import (
	"cmp"
	"math"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestSmolLM2 compares the engine with the golden data of SmolLM2-135M. It needs the published model, so it is built on
// request: neuronsteer pull smollm2, then go test -tags smollm2 -run SmolLM2 ./internal/engine
func TestSmolLM2(t *testing.T) {
	checkGolden(t, openModel(t, "smollm2", Options{}), "../../testdata/golden/smollm2")
}

// BenchmarkEdgesSmolLM2 is BenchmarkEdges on the published weights and the neurons that lead an attribution:
// GOMAXPROCS=1 go test -tags smollm2 -run xxx -bench EdgesSmolLM2 ./internal/engine
func BenchmarkEdgesSmolLM2(b *testing.B) {
	e := openModel(b, "smollm2-135m-instruct", Options{})
	ids := []int32{2427, 5099, 284, 2322, 3514, 288, 260, 4249, 28, 2322, 4502, 253, 5968, 288, 260, 1573} // the first 16 of bench/ours
	r, err := e.Attribute(b.Context(), seam.Attribution{IDs: [][]int32{ids}, Terms: [][]seam.Term{{{Position: len(ids) - 1, Target: 555, Versus: -1}}}, Rule: seam.RelP}, nil)
	if err != nil {
		b.Fatal(err)
	}
	scores, c := r.Scores[0], e.cfg
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(math.Abs(float64(scores[y])), math.Abs(float64(scores[x]))) })
	var nodes []seam.Node
	for _, i := range order[:200] {
		nodes = append(nodes, seam.Node{Neuron: seam.Neuron{Layer: i / (len(ids) * c.Neurons), Index: i % c.Neurons}, Position: i / c.Neurons % len(ids)})
	}
	edgesBeside(b, e, ids, nodes)
}

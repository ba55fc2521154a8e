package engine

import (
	"math"
	"path/filepath"
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// goldenEdges is what golden.json says of the edges of a prompt: [layer, position, neuron] of source and target, and the weight.
type goldenEdges struct {
	Circuit                 [][4]float64
	Targets                 int
	Floor                   float64
	TotalCount, DirectCount int
	Total, Direct           [][7]float64
}

// checkGoldenEdges compares an engine with the edges that a folder of golden data lists.
func checkGoldenEdges(t *testing.T, e *Engine, dir string) {
	t.Helper()
	var g struct {
		Prompts []struct {
			IDs   []int32
			Edges *goldenEdges
		}
		Tolerance struct{ AttributionRelL2, AttributionAbs float64 }
	}
	readJSON(t, filepath.Join(dir, "golden.json"), &g)
	compared := 0
	for _, p := range g.Prompts {
		if p.Edges == nil {
			continue
		}
		compared++
		var nodes []seam.Node
		place := map[seam.Node]int{}
		for i, x := range p.Edges.Circuit {
			n := seam.Node{Neuron: seam.Neuron{Layer: int(x[0]), Index: int(x[2])}, Position: int(x[1])}
			nodes = append(nodes, n)
			place[n] = i
		}
		for _, direct := range []bool{false, true} {
			want, count := p.Edges.Total, p.Edges.TotalCount
			if direct {
				want, count = p.Edges.Direct, p.Edges.DirectCount
			}
			r, err := e.Edges(t.Context(), seam.Edges{IDs: p.IDs, Sources: nodes, Targets: nodes[:p.Edges.Targets], Direct: direct, Rule: seam.RelP}, nil)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, w := range slices.Concat(r.Weights...) {
				if math.Abs(float64(w)) >= p.Edges.Floor {
					n++
				}
			}
			if n != count {
				t.Errorf("direct %v: %d edges reach the floor, want %d", direct, n, count)
			}
			var got, listed []float32
			for _, x := range want {
				s := seam.Node{Neuron: seam.Neuron{Layer: int(x[0]), Index: int(x[2])}, Position: int(x[1])}
				to := seam.Node{Neuron: seam.Neuron{Layer: int(x[3]), Index: int(x[5])}, Position: int(x[4])}
				got, listed = append(got, r.Weights[place[to]][place[s]]), append(listed, float32(x[6]))
			}
			if d := largest(got, listed); !(d <= g.Tolerance.AttributionAbs) {
				t.Errorf("direct %v: edges are up to %g away, tolerance %g", direct, d, g.Tolerance.AttributionAbs)
			}
			if d := relL2(got, listed); !(d <= g.Tolerance.AttributionRelL2) {
				t.Errorf("direct %v: edges are relative L2 %g away, tolerance %g", direct, d, g.Tolerance.AttributionRelL2)
			}
		}
	}
	if compared == 0 {
		t.Error("no prompt has edges")
	}
}

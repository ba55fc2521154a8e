//go:build cgo

package local_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLawGroupEdges: an edge between groups of a circuit is the sum of the edges between their members, total and direct.
func TestLawGroupEdges(t *testing.T) {
	for _, ref := range lawModels {
		t.Run(ref, func(t *testing.T) {
			m := engineOf(t, ref)
			e := faithful(t, m).All()[0]
			c := run(t, m.Attribute(e.Prompt).TargetTop().VersusRunnerUp()).TopK(24)
			groups := run(t, m.Profiles(c)).GroupsOf(3)
			of := map[steer.Neuron]string{}
			for i, g := range groups.All() {
				for _, n := range g.Circuit.Neurons() {
					of[n] = fmt.Sprint("group ", i) // names may be alike
				}
			}
			end := func(n steer.Node) string {
				if n.Kind == steer.GroupNode {
					return fmt.Sprint("group ", n.Index)
				}
				if name, ok := of[n.Neuron]; ok && n.Kind == steer.NeuronNode {
					return name
				}
				return n.String()
			}
			for kind, edges := range map[string]steer.EdgesTask{"total": m.Edges(c), "direct": m.Edges(c).Direct()} {
				graph := run(t, edges.Targets(c.Len()).MinWeight(0))
				want, largest := map[[2]string]float64{}, 0.
				for _, x := range graph.Edges() {
					if from, to := end(x.Source), end(x.Target); from != to {
						want[[2]string{from, to}] += x.Weight
					}
					largest = max(largest, math.Abs(x.Weight))
				}
				got := groups.Edges(graph)
				if len(got) != len(want) || len(got) < 3 {
					t.Errorf("%s: %d edges, the members' have %d pairs of ends", kind, len(got), len(want))
				}
				for _, x := range got {
					if w := want[[2]string{end(x.Source), end(x.Target)}]; math.Abs(w-x.Weight) > 1e-9*largest {
						t.Errorf("%s: %v, its members have %v", kind, x, w)
					}
				}
			}
		})
	}
}

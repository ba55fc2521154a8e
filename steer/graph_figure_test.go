package steer_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestGraphFigure: what figures draw are the nodes and edges themselves, also of a graph that was joined over positions or pruned.
func TestGraphFigure(t *testing.T) {
	_, total, direct := graphs(t)
	for name, g := range map[string]steer.Graph{"total": total, "direct": direct, "collapsed": total.Collapse(), "pruned": direct.Prune(.5, .9), "heavy": total.MinWeight(.1)} {
		kinds, names, layers, positions, scores := g.Placed()
		nodes, edges := g.Nodes(), g.Edges()
		if len(kinds) != len(nodes) || len(names) != len(nodes) || len(layers) != len(nodes) || len(positions) != len(nodes) || len(scores) != len(nodes) {
			t.Fatalf("%s: %d kinds, %d names, %d layers, %d positions, %d scores of %d nodes", name, len(kinds), len(names), len(layers), len(positions), len(scores), len(nodes))
		}
		for i, n := range nodes {
			if kinds[i] != string(n.Kind) || names[i] != n.Label || layers[i] != n.Layer || positions[i] != n.Position || scores[i] != n.Score {
				t.Errorf("%s: node %d is drawn as %s %s in layer %d at %d with %g, want %+v", name, i, kinds[i], names[i], layers[i], positions[i], scores[i], n)
			}
		}
		from, to, weights := g.Wires()
		if len(from) != len(edges) || len(to) != len(edges) || len(weights) != len(edges) || len(edges) == 0 {
			t.Fatalf("%s: %d sources, %d targets, %d weights of %d edges", name, len(from), len(to), len(weights), len(edges))
		}
		for i, e := range edges {
			if nodes[from[i]] != e.Source || nodes[to[i]] != e.Target || math.Abs(weights[i]) != math.Abs(e.Weight) && name != "collapsed" {
				t.Errorf("%s: edge %d is drawn from %v to %v with %g, want %v", name, i, nodes[from[i]], nodes[to[i]], weights[i], e)
			}
		}
		if name == "total" || name == "direct" {
			against := 0
			for _, b := range g.Balance() {
				sign := 1.
				if b.Value < 0 && b.Node.Kind != steer.MetricNode {
					sign, against = -1, against+1
				}
				for i, e := range edges {
					if e.Target == b.Node && weights[i] != sign*e.Weight {
						t.Errorf("%s: %v, of the value %g, is drawn as %g", name, e, b.Value, weights[i])
					}
				}
			}
			if against == 0 {
				t.Errorf("%s: no target is negative", name)
			}
		}
		if l := g.Labels(); len(l) != 6 || l[4] != " France" {
			t.Errorf("%s: tokens %q", name, l)
		}
	}
	if total.Method() != "total edges" || direct.Method() != "direct edges" || total.About() != `logit(" Paris") − logit(" Rome")` {
		t.Errorf("%q, %q of %q", total.Method(), direct.Method(), total.About())
	}
	if n, of := total.N(); n != 1 || of != "prompt" {
		t.Errorf("%d %s", n, of)
	}
	if zero := (steer.Graph{}); len(zero.Labels()) != 0 || zero.About() != "" {
		t.Error("a graph without numbers has tokens or a metric")
	}
}

package steer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// madeRecord is a record of edges written by hand: of four targets, C, E, the head H and I, and the nodes A and B of one neuron at
// two positions, and J, which has no edge; on two tokens of one id. C has a negative value.
func madeRecord(t *testing.T, metric bool) (body message.EdgesBody, tensors map[string]steer.Tensor) {
	t.Helper()
	body = message.EdgesBody{Shape: steertest.NewEngine().Shape(), Tokens: []steer.Token{{ID: 5, Text: "a"}, {ID: 5, Text: "a"}}, Rule: steer.RelP, Targets: 4}
	body.Shape.Layers = 3
	for _, n := range []struct {
		steer.Neuron
		at int
	}{
		{steer.Neuron{Layer: 1, Index: 0}, 1}, {steer.Neuron{Layer: 2, Index: 1}, 1}, {steer.Neuron{Layer: 1, Index: 0, Head: true}, 1}, {steer.Neuron{Layer: 2, Index: 2}, 1},
		{steer.Neuron{Layer: 0, Index: 0}, 0}, {steer.Neuron{Layer: 0, Index: 0}, 1}, {steer.Neuron{Layer: 0, Index: 3}, 0},
	} {
		body.Nodes = append(body.Nodes, message.EdgeNode{Neuron: n.Neuron, Position: n.at})
	}
	weights := []float32{ // C, E, H, I, A, B, J
		0, 0, 1, 0, 3, -1, 0, // into C
		2, 0, 0, 0, 1, 0, 0, // E
		0, 0, 0, 0, .5, 0, 0, // H
		0, 0, 1, 0, 1, 0, 0, // I
	}
	tokens := []float32{1, -2, 0, 0, 0, 0, 0, 0}
	balance := []float32{-2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	if metric {
		body.Metric = &message.Resolved{Target: steer.Token{ID: 7, Text: "b"}, Terms: []engine.Term{{Position: 0}, {Position: 1}, {Position: 0}}}
		weights = append(weights, -1, 4, 0, 0, 0, 0, 0)
		tokens = append(tokens, 0, .5)
		balance = append(balance, -3, 0, 0, 0, 0)
	}
	k := len(tokens) / 2
	return body, map[string]steer.Tensor{"weights": {Shape: []int{k, 7}, Data: weights}, "tokens": {Shape: []int{k, 2}, Data: tokens}, "balance": {Shape: []int{k, message.BalanceTerms}, Data: balance}}
}

func madeOf(t *testing.T, body message.EdgesBody, tensors map[string]steer.Tensor) steer.Graph {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return fake.Edges(pair).Result(func() steer.Record { return steer.Record{Header: steer.Header{Body: b}, Tensors: tensors} })
}

func made(t *testing.T, metric bool) steer.Graph {
	body, tensors := madeRecord(t, metric)
	return madeOf(t, body, tensors)
}

// TestMadePaths: paths lead to the metric, or without one to the targets that give to no other; a node that nothing enters and that
// gives to none is no path; a head comes before the neurons of its layer.
func TestMadePaths(t *testing.T) {
	type path struct {
		share float64
		sign  int
	}
	of := func(g steer.Graph, k int) map[string]path {
		all, last := map[string]path{}, 1.
		for _, p := range g.StrongestPaths(k) {
			var names []string
			for _, n := range p.Nodes {
				names = append(names, n.String())
			}
			if all[strings.Join(names, " ")] = (path{math.Round(p.Share*1e6) / 1e6, p.Sign}); p.Share > last {
				t.Errorf("%v comes after a share of %v", p, last)
			}
			last = p.Share
		}
		return all
	}
	third, sixth, twelfth := .333333, .166667, .083333
	for name, c := range map[string]struct {
		metric bool
		want   map[string]path
	}{
		"to targets": {false, map[string]path{
			"L0/N0@0 L2/N2@1": {.5, 1}, "L0/N0@0 L1/H0@1 L2/N2@1": {.5, 1}, "L0/N0@0 L2/N1@1": {third, 1}, "L0/N0@0 L1/N0@1 L2/N1@1": {.25, 1},
			`"a"@1 L1/N0@1 L2/N1@1`: {sixth, -1}, `"a"@0 L1/N0@1 L2/N1@1`: {twelfth, 1}, "L0/N0@1 L1/N0@1 L2/N1@1": {twelfth, -1}, "L0/N0@0 L1/H0@1 L1/N0@1 L2/N1@1": {twelfth, 1},
		}},
		"to the metric": {true, nil},
	} {
		g := made(t, c.metric)
		got := of(g, 100)
		if !c.metric && fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		sum := 0.
		for p, x := range got {
			if sum += x.share; c.metric && !strings.HasSuffix(p, nodeOf(t, g, steer.MetricNode).String()) {
				t.Errorf("%s: %s ends elsewhere", name, p)
			}
		}
		if c.metric && math.Abs(sum-1) > 1e-5 {
			t.Errorf("the paths to the metric are %v of it: %v", sum, got)
		}
		if len(g.StrongestPaths(0)) > 0 || len(g.StrongestPaths(-1)) > 0 || len(g.StrongestPaths(2)) != 2 {
			t.Errorf("%s: none and two are %v, %v, %v", name, g.StrongestPaths(0), g.StrongestPaths(-1), g.StrongestPaths(2))
		}
	}
}

// TestMadeHubs: hubs are neurons and heads that have an edge, by degree and then by weight; a bottleneck has its share of both degrees.
func TestMadeHubs(t *testing.T) {
	g := made(t, false)
	names := func(hubs []steer.Hub) (all []string) {
		for _, h := range hubs {
			all = append(all, fmt.Sprintf("%v %d %d", h.Neuron, h.In, h.Out))
		}
		return all
	}
	if got, want := names(g.Hubs()), []string{"L1/N0 4 1", "L0/N0 0 4", "L1/H0 1 2", "L2/N1 2 0", "L2/N2 2 0"}; !slices.Equal(got, want) {
		t.Errorf("hubs %v, want %v", got, want)
	}
	for share, want := range map[float64][]string{0: {"L1/N0 4 1", "L1/H0 1 2"}, .25: {"L1/N0 4 1", "L1/H0 1 2"}, .3: nil} {
		if got := names(g.Bottlenecks(share)); !slices.Equal(got, want) {
			t.Errorf("bottlenecks of a share of %v: %v, want %v", share, got, want)
		}
	}
	if got := g.SuperWeights(); len(got) > 0 {
		t.Errorf("super weights of few edges: %v", got)
	}
}

// TestMadeBalance: what enters by the circuit's neurons, without heads, and by tokens; and the sign of an edge towards where its
// target goes, which the metric, whatever its value, has only one of.
func TestMadeBalance(t *testing.T) {
	g := made(t, true)
	for i, want := range []struct{ circuit, tokens float64 }{{2, -1}, {3, 0}, {.5, 0}, {1, 0}, {3, .5}} {
		if b := g.Balance()[i]; b.Circuit != want.circuit || b.Tokens != want.tokens {
			t.Errorf("into %v: %+v, want %v", b.Node, b, want)
		}
	}
	from, to, toward := g.Wires()
	edges := g.Edges()
	nodes := g.Nodes()
	for i, e := range edges {
		want := e.Weight
		if e.Target.Label == "L1/N0" {
			want = -want
		}
		if toward[i] != want || nodes[from[i]] != e.Source || nodes[to[i]] != e.Target {
			t.Errorf("%v is drawn from %v to %v as %v", e, nodes[from[i]], nodes[to[i]], toward[i])
		}
	}
	if len(edges) != 13 || len(g.To(nodes[2])) != 1 || len(g.From(nodes[2])) != 2 {
		t.Errorf("%d edges, into and out of the head %v and %v", len(edges), g.To(nodes[2]), g.From(nodes[2]))
	}
	c := g.Collapse()
	at := map[steer.NodeKind][]int{}
	for _, n := range c.Nodes() {
		at[n.Kind] = append(at[n.Kind], n.Position)
	}
	if fmt.Sprint(at[steer.EmbeddingNode], at[steer.MetricNode], at[steer.HeadNode], len(at[steer.NeuronNode])) != "[0 1] [1] [-1] 5" {
		t.Errorf("positions together are %v", at)
	}
	if i := (steer.Graph{}).Inflation(); i != 1 {
		t.Errorf("no edges are %v times as many", i)
	}
}

// TestPruneKeepsEdges: what is left of a graph are edges of it, between the nodes that they were between.
func TestPruneKeepsEdges(t *testing.T) {
	_, random, _ := graphs(t)
	for _, g := range []steer.Graph{made(t, false), made(t, true), random} {
		known := map[string]bool{}
		for _, e := range g.Edges() {
			known[e.String()] = true
		}
		for _, share := range []float64{.01, .3, .5, .8, 1} {
			p := g.Prune(share, .9)
			for _, e := range p.Edges() {
				if !known[e.String()] {
					t.Errorf("of a share of %v there is %v, which the graph has not", share, e)
				}
			}
			if g.About() != "" && !slices.ContainsFunc(p.Nodes(), func(n steer.Node) bool { return n.Kind == steer.MetricNode }) {
				t.Errorf("of a share of %v there is no metric", share)
			}
		}
	}
}

// TestDamagedEdges: a record whose parts do not fit each other is an empty graph.
func TestDamagedEdges(t *testing.T) {
	for name, damage := range map[string]func(b *message.EdgesBody, ts map[string]steer.Tensor){
		"more targets than nodes": func(b *message.EdgesBody, ts map[string]steer.Tensor) {
			b.Targets = 8
			for name, n := range map[string]int{"weights": 9 * 7, "tokens": 9 * 2, "balance": 9 * message.BalanceTerms} {
				ts[name] = steer.Tensor{Data: make([]float32, n)}
			}
		},
		"few weights": func(_ *message.EdgesBody, ts map[string]steer.Tensor) {
			ts["weights"] = steer.Tensor{Data: ts["weights"].Data[1:]}
		},
		"few tokens": func(_ *message.EdgesBody, ts map[string]steer.Tensor) {
			ts["tokens"] = steer.Tensor{Data: ts["tokens"].Data[1:]}
		},
		"few terms": func(_ *message.EdgesBody, ts map[string]steer.Tensor) {
			ts["balance"] = steer.Tensor{Data: ts["balance"].Data[1:]}
		},
		"many": func(_ *message.EdgesBody, ts map[string]steer.Tensor) {
			ts["balance"] = steer.Tensor{Data: append(ts["balance"].Data, 1)}
		},
	} {
		body, tensors := madeRecord(t, true)
		damage(&body, tensors)
		if g := madeOf(t, body, tensors); len(g.Nodes()) > 0 || len(g.Edges()) > 0 {
			t.Errorf("%s: %v", name, g)
		}
	}
}

// TestMadeText: how a graph is written and drawn in text.
func TestMadeText(t *testing.T) {
	for name, c := range map[string]struct{ got, want string }{
		"a line":   {made(t, false).String(), "9 nodes, 10 total edges, the largest L0/N0@0 → L1/N0@1 +3"},
		"together": {made(t, false).Collapse().String(), "8 nodes, 9 total edges, the largest L0/N0 → L1/N0 +2; positions together, which had 1.1 edges for each"},
		"a drawing": {made(t, false).ASCII(), `tokens ██████████████████████████ (2)
       ↓↓↓↓↓ 3 → L1
L0     ████████████████████████████████████████ (3)
       ↓↓↓↓↓↓↓↓ 4.5
       ↓↓↓ 2 → L2
L1     ██████████████████████████ (2) bottleneck L1/N0 L1/H0
       ↓↓↓↓↓ 3
       ↓ 1 → L1
L2     ██████████████████████████ (2)
`},
		"with a metric": {made(t, true).ASCII(), `tokens ██████████████████████████ (2)
       ↓↓↓↓↓ 3 → L1
       ↓ 0.5 → metric
L0     ████████████████████████████████████████ (3)
       ↓↓↓↓↓↓↓↓ 4.5
       ↓↓↓ 2 → L2
L1     ██████████████████████████ (2) bottleneck L1/N0 L1/H0
       ↓↓↓↓↓ 3
       ↓ 1 → L1
       ↓ 1 → metric
L2     ██████████████████████████ (2) bottleneck L2/N1
       ↓↓↓↓↓↓↓ 4
metric █████████████ (1)
`},
		"for Graphviz": {made(t, false).DOT(3), `digraph circuit {
  rankdir=BT;
  node [fontname="sans-serif", shape=ellipse];
  subgraph cluster_0 {
    label="tokens"; style=dashed; color=gray;
    n7 [label="\"a\"@1"];
  }
  subgraph cluster_1 {
    label="L0"; style=dashed; color=gray;
    n4 [label="L0/N0"];
  }
  subgraph cluster_2 {
    label="L1"; style=dashed; color=gray;
    n0 [label="L1/N0", shape=doubleoctagon];
  }
  subgraph cluster_3 {
    label="L2"; style=dashed; color=gray;
    n1 [label="L2/N1"];
  }
  n4 -> n0 [color="#0072B2", penwidth=5.00, tooltip="+2"];
  n7 -> n0 [color="#D55E00", penwidth=5.00, tooltip="-2"];
  n0 -> n1 [color="#0072B2", penwidth=5.00, tooltip="+2"];
}
`},
	} {
		if c.got != c.want {
			t.Errorf("%s is\n%s\nwant\n%s", name, c.got, c.want)
		}
	}
}

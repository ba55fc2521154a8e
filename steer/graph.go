package steer

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Graph is a circuit as nodes and weighted edges. It is immutable, and lazy where its task is.
type Graph struct {
	load  func() graph
	least float64
	conditions
}

// graph is a loaded graph. Edges are sorted by falling size, and name their ends by their places.
type graph struct {
	body     message.EdgesBody
	header   Header
	warnings []Warning
	nodes    []Node
	edges    []link
	balance  []float32 // [K,5]; of a graph as it was computed
	from     int       // edges before Collapse; 0 without it
}

type link struct {
	source, target int
	weight         float64
	toward         float64 // the weight, positive where it pushes its target the way that it goes
}

// A NodeKind says what a node is.
type NodeKind string

// The kinds of nodes.
const (
	NeuronNode    NodeKind = "neuron"
	HeadNode      NodeKind = "head"
	EmbeddingNode NodeKind = "embedding" // of a token of the prompt, before layer 0
	MetricNode    NodeKind = "metric"    // after the last layer
	GroupNode     NodeKind = "group"     // units of a circuit together (Groups.Edges): Layer is their lowest, Index the group's place
)

// A Node is a part of the model at a position of a prompt: a neuron, a head, the embedding of a token (Layer −1, Index its id), or
// the metric (Layer L, Index the target's id).
type Node struct {
	Neuron
	Kind     NodeKind `json:"kind"`
	Position int      `json:"position"` // −1: at all positions together
	Label    string   `json:"label"`    // L5/N298, the token, or the metric
	Score    float64  `json:"score"`    // that chose it, in the unit of the circuit; of the metric its value
}

// An Edge is what a node gives to another: h_s·∂v_t/∂h_s, in the unit of its target: of a neuron its activation, of a head or the
// metric that of the metric.
type Edge struct {
	Source Node    `json:"source"`
	Target Node    `json:"target"`
	Weight float64 `json:"weight"`
}

func newGraph(held conditions, load func() graph) Graph {
	return Graph{load: sync.OnceValue(load), conditions: held}
}

func (g Graph) data() graph {
	if g.load == nil {
		return graph{}
	}
	d := g.load()
	if g.least > 0 {
		n := len(d.edges) // they are sorted
		for n > 0 && math.Abs(d.edges[n-1].weight) < g.least {
			n--
		}
		d.edges = d.edges[:n:n]
	}
	return d
}

// linked reads a record of edges.
func linked(r Record) graph {
	g := graph{body: decodeBody[message.EdgesBody](r), header: r.Header, warnings: r.Header.Warnings, balance: r.Tensors["balance"].Data}
	b := g.body
	weights, tokens := r.Tensors["weights"].Data, r.Tensors["tokens"].Data
	N, T, K := len(b.Nodes), len(b.Tokens), max(0, b.Targets)
	if b.Metric != nil {
		K++
	}
	if b.Targets > N || len(weights) != K*N || len(tokens) != K*T || len(g.balance) != K*message.BalanceTerms {
		return graph{}
	}
	for _, n := range b.Nodes {
		kind := NeuronNode
		if n.Head {
			kind = HeadNode
		}
		g.nodes = append(g.nodes, Node{n.Neuron, kind, n.Position, n.Neuron.String(), n.Score})
	}
	labels := engine.Labels(b.Tokens)
	for t, tok := range b.Tokens {
		g.nodes = append(g.nodes, Node{Neuron{Layer: -1, Index: int(tok.ID)}, EmbeddingNode, t, labels[t], 0})
	}
	if b.Metric != nil {
		at := 0
		for _, x := range b.Metric.Terms {
			at = max(at, x.Position)
		}
		g.nodes = append(g.nodes, Node{Neuron{Layer: b.Shape.Layers, Index: int(b.Metric.Target.ID)}, MetricNode, at, b.Metric.About(),
			float64(g.balance[(K-1)*message.BalanceTerms])})
	}
	add := func(s, t, k int, w float32) {
		if w == 0 {
			return
		}
		l := link{s, t, float64(w), float64(w)}
		if k < b.Targets && g.balance[k*message.BalanceTerms] < 0 {
			l.toward = -l.weight
		}
		g.edges = append(g.edges, l)
	}
	for k := range K {
		target := k
		if k == b.Targets {
			target = len(g.nodes) - 1
		}
		for s := range N {
			add(s, target, k, weights[k*N+s])
		}
		for t := range T {
			add(N+t, target, k, tokens[k*T+t])
		}
	}
	g.sort()
	return g
}

func (g graph) sort() {
	slices.SortStableFunc(g.edges, func(a, b link) int { return cmp.Compare(math.Abs(b.weight), math.Abs(a.weight)) })
}

// edge names the ends of an edge.
func (g graph) edge(l link) Edge { return Edge{g.nodes[l.source], g.nodes[l.target], l.weight} }

// MinWeight leaves out edges that are smaller in size than w.
func (g Graph) MinWeight(w float64) Graph { g.least = w; return g }

// Nodes returns all nodes: those of the circuit, strongest first, the tokens' embeddings, and the metric.
func (g Graph) Nodes() []Node { return slices.Clone(g.data().nodes) }

// Edges returns the edges, the largest in size first.
func (g Graph) Edges() []Edge {
	d := g.data()
	return each(d.edges, d.edge)
}

// Top returns the graph with its n largest edges alone, as MinWeight leaves the others out.
func (g Graph) Top(n int) Graph {
	all := g
	g.load = sync.OnceValue(func() graph {
		d := all.data()
		d.edges = d.edges[:min(max(n, 0), len(d.edges)):min(max(n, 0), len(d.edges))]
		return d
	})
	return g
}

// TopEdges returns the n largest edges in size.
func (g Graph) TopEdges(n int) []Edge {
	d := g.data()
	return each(d.edges[:min(max(n, 0), len(d.edges))], d.edge)
}

// From returns the edges that leave a node, the largest first.
func (g Graph) From(n Node) []Edge {
	return slices.DeleteFunc(g.Edges(), func(e Edge) bool { return !e.Source.is(n) })
}

// To returns the edges that enter a node, the largest first.
func (g Graph) To(n Node) []Edge {
	return slices.DeleteFunc(g.Edges(), func(e Edge) bool { return !e.Target.is(n) })
}

// is reports whether two nodes are one. Kinds are told apart by their layers, and heads by being such.
func (n Node) is(m Node) bool { return n.Neuron == m.Neuron && n.Position == m.Position }

// Direct reports whether paths through MLPs between the ends of an edge are left out.
func (g Graph) Direct() bool { return g.data().body.Direct }

// Shape returns the sizes of the model.
func (g Graph) Shape() Shape { return g.data().body.Shape }

// Warnings returns what a reader must know before concluding anything.
func (g Graph) Warnings() []Warning { return slices.Clone(g.data().warnings) }

// A Balance says what enters a node, in its unit. With direct edges Value = Neurons + Tokens + Biases + Injected + Attention, and
// without the same but for Neurons, for neurons pass on what they have; under the rule Gradient neither holds.
type Balance struct {
	Node      Node
	Value     float64 // of the node
	Circuit   float64 // edges from the circuit's neurons
	Neurons   float64 // direct edges from all neurons of the model
	Tokens    float64 // edges from the embeddings
	Biases    float64
	Injected  float64 // what interventions put in as constants
	Attention float64 // minus what queries and keys take
}

// Balance returns what enters each target; none of a graph that was collapsed or pruned.
func (g Graph) Balance() []Balance {
	d := g.data()
	var out []Balance
	for k := range len(d.balance) / message.BalanceTerms {
		at := k
		if k == d.body.Targets {
			at = len(d.nodes) - 1
		}
		x := func(i int) float64 { return float64(d.balance[k*message.BalanceTerms+i]) }
		b := Balance{Node: d.nodes[at], Value: x(0), Biases: x(1), Injected: x(2), Attention: x(3), Neurons: x(4)}
		for _, l := range g.load().edges {
			switch {
			case l.target != at:
			case d.nodes[l.source].Kind == NeuronNode:
				b.Circuit += l.weight
			case d.nodes[l.source].Kind == EmbeddingNode:
				b.Tokens += l.weight
			}
		}
		out = append(out, b)
	}
	return out
}

// Collapse joins the nodes of each neuron and head over the positions, and adds up their edges. Tokens stay apart.
func (g Graph) Collapse() Graph {
	return newGraph(g.conditions, func() graph {
		d := g.data()
		out := graph{body: d.body, header: d.header, warnings: d.warnings, from: len(d.edges)}
		place, of := map[Node]int{}, make([]int, len(d.nodes))
		for i, n := range d.nodes {
			key := Node{Neuron: n.Neuron, Kind: n.Kind, Position: -1}
			if n.Kind == EmbeddingNode || n.Kind == MetricNode {
				key.Position = n.Position
			}
			if _, ok := place[key]; !ok {
				place[key] = len(out.nodes)
				n.Position = key.Position
				out.nodes = append(out.nodes, n)
			}
			of[i] = place[key]
		}
		out.edges = d.summed(of)
		out.sort()
		return out
	})
}

// summed adds up the edges of nodes that come to stand at the same place.
func (g graph) summed(place []int) (out []link) {
	at := map[[2]int]int{}
	for _, l := range g.edges {
		ends := [2]int{place[l.source], place[l.target]}
		i, ok := at[ends]
		if !ok {
			i = len(out)
			at[ends], out = i, append(out, link{source: ends[0], target: ends[1]})
		}
		out[i].weight += l.weight
		out[i].toward += l.toward
	}
	return out
}

// Inflation is by how much positions multiply degrees: edges for each edge between distinct neurons. 1 is not at all.
func (g Graph) Inflation() float64 {
	d := g.data()
	from, n := d.from, len(d.edges)
	if from == 0 {
		from, n = len(d.edges), len(g.Collapse().data().edges)
	}
	if n == 0 {
		return 1
	}
	return float64(from) / float64(n)
}

// MarshalJSON writes nodes and edges.
func (g Graph) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Direct bool   `json:"direct"`
		Nodes  []Node `json:"nodes"`
		Edges  []Edge `json:"edges"`
	}{g.Direct(), g.Nodes(), g.Edges()})
}

package plotting

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Wired is what [Graph] and [LayerFlow] draw: the nodes of a circuit and its edges.
//
// What is drawn may also have
//
//	Labels() []string   // the token at each position [T]
type Wired interface {
	// Placed returns for each node [N] what it is ("neuron", "head", "embedding" or "metric"), its name, its layer (−1 of an
	// embedding, L of the metric), its position (−1: all together), and its score.
	Placed() (kinds, names []string, layers, positions []int, scores []float64)
	// Wires returns for each edge [E] the places of its ends among the nodes, and what its source gives to its target, in the unit
	// of the target; it is positive where it pushes the target the way that it goes.
	Wires() (from, to []int, weights []float64)
}

// A vertex is a node of a wiring.
type vertex struct {
	kind, name      string
	layer, position int
	score           float64
	influence       float64 // how much of what the ends get comes by way of it, or is it
}

// An arrow is an edge of a wiring.
type arrow struct {
	from, to  int
	weight    float64
	share     float64 // of Σ|weight| into its target
	influence float64 // how much of what the ends get comes by way of it
}

// wiring is the checked data of a Graph or LayerFlow figure; what edges give is comparable by their influence alone, for the units
// of their targets differ.
type wiring struct {
	source
	nodes  []vertex
	edges  []arrow
	ends   []int    // what a reader wants to explain: the metric, or the nodes that are given to and give to none
	labels []string // of positions, as drawn; nil where unknown
}

// kinds are what nodes may be.
var kinds = []string{"neuron", "head", "embedding", "metric"}

func newWiring(where string, x Wired) (*wiring, error) {
	if x == nil {
		return nil, problemf(ErrNoData, where, "pass the graph of a circuit", "got nil")
	}
	w := &wiring{}
	kind, names, layers, positions, scores := x.Placed()
	n := len(kind)
	switch {
	case n == 0:
		return nil, problemf(ErrNoData, where, "select at least one neuron, e.g. TopEntries(50)", "no node")
	case len(names) != n || len(layers) != n || len(positions) != n || len(scores) != n:
		return nil, problemf(ErrShape, where, "Placed() must return one value a node in all", "%d kinds, %d names, %d layers, %d positions and %d scores",
			n, len(names), len(layers), len(positions), len(scores))
	}
	if l, ok := x.(interface{ Labels() []string }); ok && len(l.Labels()) > 0 {
		w.labels = tokenLabels(l.Labels())
	}
	for i := range n {
		at := fmt.Sprintf("%s: node %d (%s)", where, i, names[i])
		if !slices.Contains(kinds, kind[i]) {
			return nil, problemf(ErrRange, at, "Placed() must return neuron, head, embedding or metric", "kind %q", kind[i])
		}
		if layers[i] < -1 || positions[i] < -1 || w.labels != nil && positions[i] >= len(w.labels) {
			return nil, problemf(ErrRange, at, "layers and positions begin at −1, and positions end with the tokens of Labels()", "layer %d, position %d of %d",
				layers[i], positions[i], len(w.labels))
		}
		if err := finite(at, scores[i]); err != nil {
			return nil, err
		}
		w.nodes = append(w.nodes, vertex{kind[i], names[i], layers[i], positions[i], scores[i], 0})
	}
	from, to, weights := x.Wires()
	if len(from) != len(to) || len(from) != len(weights) {
		return nil, problemf(ErrShape, where, "Wires() must return one value an edge in all", "%d sources, %d targets and %d weights", len(from), len(to), len(weights))
	}
	in := make([]float64, n)
	for i := range from {
		at := fmt.Sprintf("%s: edge %d", where, i)
		if min(from[i], to[i]) < 0 || max(from[i], to[i]) >= n {
			return nil, problemf(ErrRange, at, "Wires() must return places among the nodes", "from %d to %d of %s", from[i], to[i], count(n, "node"))
		}
		if w.nodes[from[i]].rank() >= w.nodes[to[i]].rank() {
			return nil, problemf(ErrRange, at, "edges lead to what is computed later", "from %s to %s", names[from[i]], names[to[i]])
		}
		if err := finite(at, weights[i]); err != nil {
			return nil, err
		}
		if weights[i] != 0 {
			w.edges = append(w.edges, arrow{from: from[i], to: to[i], weight: weights[i]})
			in[to[i]] += math.Abs(weights[i])
		}
	}
	for i, s := range in {
		if math.IsInf(s, 0) {
			return nil, problemf(ErrInfinity, where, "divide the weights by their largest", "the sum of the edges into %s overflows", names[i])
		}
	}
	for i, e := range w.edges {
		w.edges[i].share = math.Abs(e.weight) / in[e.to]
	}
	w.weigh()
	w.source = describe(x)
	return w, nil
}

// rank orders nodes as a model computes them: within a layer heads come first.
func (v vertex) rank() int {
	if v.kind == "head" {
		return 2 * v.layer
	}
	return 2*v.layer + 1
}

// weigh finds the ends, and the influence on them of every node and edge: an edge has its share of what its target has, which is
// all of an end (Ameisen et al., Circuit Tracing, 2025). So influence is neither made nor lost on the way. Edges are then sorted
// by it, the largest first.
func (w *wiring) weigh() {
	in, out := make([]bool, len(w.nodes)), make([]bool, len(w.nodes))
	for _, e := range w.edges {
		out[e.from], in[e.to] = true, true
	}
	for i, v := range w.nodes {
		if v.kind == "metric" {
			w.ends = append(w.ends, i)
		}
	}
	if len(w.ends) == 0 {
		for i := range w.nodes {
			if in[i] && !out[i] {
				w.ends = append(w.ends, i)
			}
		}
	}
	for _, i := range w.ends {
		w.nodes[i].influence = 1 / float64(len(w.ends))
	}
	slices.SortStableFunc(w.edges, func(a, b arrow) int { return cmp.Compare(w.nodes[b.to].rank(), w.nodes[a.to].rank()) })
	for i, e := range w.edges {
		w.edges[i].influence = e.share * w.nodes[e.to].influence
		w.nodes[e.from].influence += w.edges[i].influence
	}
	slices.SortStableFunc(w.edges, func(a, b arrow) int { return cmp.Compare(b.influence, a.influence) })
}

// strongest returns the path to an end whose edges have the largest product of shares, and that product: how much of the end it is.
// It begins with a node that nothing enters.
func (w *wiring) strongest() (path []int, share float64) {
	best, way := make([]float64, len(w.nodes)), make([]int, len(w.nodes))
	for i := range best {
		best[i], way[i] = 1, -1
	}
	rising := slices.Clone(w.edges)
	slices.SortStableFunc(rising, func(a, b arrow) int { return cmp.Compare(w.nodes[a.to].rank(), w.nodes[b.to].rank()) })
	for _, e := range rising {
		if s := best[e.from] * e.share; way[e.to] < 0 || s > best[e.to] {
			best[e.to], way[e.to] = s, e.from
		}
	}
	at := -1
	for _, i := range w.ends {
		if way[i] >= 0 && (at < 0 || best[i] > best[at]) {
			at = i
		}
	}
	if at < 0 {
		return nil, 0
	}
	share = best[at]
	for ; at >= 0; at = way[at] {
		path = append(path, at)
	}
	slices.Reverse(path)
	return path, share
}

// call names a node in a sentence.
func (w *wiring) call(i int) string {
	switch v := w.nodes[i]; v.kind {
	case "metric":
		return "the metric"
	case "embedding":
		if w.labels != nil && v.position >= 0 {
			return "“" + w.labels[v.position] + "”"
		}
		return "“" + tokenLabels([]string{v.name})[0] + "”"
	default:
		return v.name
	}
}

// layer names a layer of nodes on an axis.
func (w *wiring) layer(l int) string {
	for _, v := range w.nodes {
		if v.layer == l && v.kind == "metric" {
			return "metric"
		}
	}
	if l < 0 {
		return "tokens"
	}
	return fmt.Sprint(l)
}

// layers returns the layers of nodes, rising.
func (w *wiring) layers() (out []int) {
	for _, v := range w.nodes {
		out = append(out, v.layer)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

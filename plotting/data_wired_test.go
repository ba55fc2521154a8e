package plotting

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// wired is constructed data for Graph and LayerFlow.
type wired struct {
	kinds, names      []string
	layers, positions []int
	scores            []float64
	from, to          []int
	weights           []float64
	labels            []string
}

func (w wired) Placed() (kinds, names []string, layers, positions []int, scores []float64) {
	return w.kinds, w.names, w.layers, w.positions, w.scores
}
func (w wired) Wires() (from, to []int, weights []float64) { return w.from, w.to, w.weights }
func (w wired) Labels() []string                           { return w.labels }
func (w wired) About() string                              { return `logit(" wonderful") − logit(" terrible")` }
func (w wired) N() (int, string)                           { return 1, "prompt" }

func addNode(w *wired, kind, name string, layer, position int, score float64) int {
	w.kinds, w.names = append(w.kinds, kind), append(w.names, name)
	w.layers, w.positions, w.scores = append(w.layers, layer), append(w.positions, position), append(w.scores, score)
	return len(w.kinds) - 1
}

func addEdge(w *wired, from, to int, weight float64) {
	w.from, w.to, w.weights = append(w.from, from), append(w.to, to), append(w.weights, weight)
}

// network is a circuit of n neurons and heads, most of them late and at the last tokens, in a model of L layers that reads the tokens.
func network(n, L int, labels []string, together bool) wired {
	r := rand.New(rand.NewPCG(11, 12))
	w := wired{labels: labels}
	T := len(labels)
	for i := range n {
		l := min(L-1, int(float64(L)*(r.Float64()+r.Float64())/2*1.2))
		p := T - 1 - int(float64(T)*r.Float64()*r.Float64()*r.Float64())
		if together {
			p = -1
		}
		kind, name := "neuron", fmt.Sprintf("L%d/N%d", l, 3+17*i)
		if i%5 == 4 {
			kind, name = "head", fmt.Sprintf("L%d/H%d", l, i%4)
		}
		addNode(&w, kind, name, l, p, r.NormFloat64()+.5)
	}
	tokens := len(w.kinds)
	for t := range labels {
		addNode(&w, "embedding", labels[t], -1, t, 0)
	}
	end := addNode(&w, "metric", w.About(), L, T-1, 4)
	rank := func(i int) int { return vertex{kind: w.kinds[i], layer: w.layers[i]}.rank() }
	for i := range n {
		addEdge(&w, i, end, w.scores[i]*r.ExpFloat64())
		for j := range n {
			if rank(i) < rank(j) && (together || w.positions[i] <= w.positions[j]) && r.Float64() < .5 {
				addEdge(&w, i, j, r.NormFloat64()*r.ExpFloat64())
			}
		}
		for t := range labels {
			if together || t <= w.positions[i] {
				addEdge(&w, tokens+t, i, r.NormFloat64()*r.ExpFloat64()*.7)
			}
		}
	}
	return w
}

// node is a graph of one node.
func node(kind string, layer, position int, score float64) (w wired) {
	addNode(&w, kind, "a", layer, position, score)
	return w
}

// joined is a graph of two neurons and edges from one to another.
func joined(from, to int, weights ...float64) (w wired) {
	addNode(&w, "neuron", "a", 0, 0, 1)
	addNode(&w, "neuron", "b", 1, 0, -1)
	for _, x := range weights {
		addEdge(&w, from, to, x)
	}
	return w
}

// diamond is a graph in which two neurons read two tokens and give to the metric, one of them by way of a third.
func diamond() (w wired) {
	w.labels = []string{"<s>", " loved"}
	a, b, c := addNode(&w, "neuron", "L0/N1", 0, 1, 1), addNode(&w, "neuron", "L0/N2", 0, 1, -1), addNode(&w, "neuron", "L1/N3", 1, 1, 1)
	s, t, m := addNode(&w, "embedding", "<s>", -1, 0, 0), addNode(&w, "embedding", " loved", -1, 1, 0), addNode(&w, "metric", "m", 2, 1, 3)
	addEdge(&w, s, a, 1)
	addEdge(&w, t, a, 3)
	addEdge(&w, t, b, -2)
	addEdge(&w, a, c, 4)
	addEdge(&w, b, m, -1)
	addEdge(&w, c, m, 3)
	return w
}

// TestGraphTitle: the strongest path is the one with the largest product of shares.
func TestGraphTitle(t *testing.T) {
	no := joined(0, 1)
	for _, c := range []struct {
		fig  *Figure
		want string
	}{
		{Graph(diamond()), "The strongest path, 56 % of what arrives, is “·loved” → L0/N1 → L1/N3 → the metric"},
		{Graph(no), "No edge joins the 2 nodes"},
		{Graph(node("neuron", 0, 0, 1)), "a stands alone: no edge"},
		{Graph(joined(0, 1, -3)), "The strongest path, 100 % of what arrives, is a → b"},
		{LayerFlow(diamond()), "100 % of the influence passes from the tokens to layer 0; most, 100 %, goes through layer 0"},
		{LayerFlow(no), "Nothing flows: no edge"},
	} {
		if got := c.fig.TitleText(); got != c.want {
			t.Errorf("\n got %q\nwant %q", got, c.want)
		}
	}
}

// TestInfluenceIsNeitherMadeNorLost: what enters a node leaves it, and the ends have all of it.
func TestInfluenceIsNeitherMadeNorLost(t *testing.T) {
	for _, x := range []wired{diamond(), network(50, 12, tokens(6), false), network(50, 12, tokens(6), true)} {
		w, err := newWiring("test", x)
		if err != nil {
			t.Fatal(err)
		}
		in, out := make([]float64, len(w.nodes)), make([]float64, len(w.nodes))
		for _, e := range w.edges {
			out[e.from] += e.influence
			in[e.to] += e.influence
		}
		total := 0.
		for i, v := range w.nodes {
			if slices.Contains(w.ends, i) {
				total += v.influence
			} else if math.Abs(out[i]-v.influence) > 1e-12 {
				t.Errorf("%s has %g and gives %g", v.name, v.influence, out[i])
			}
			if in[i] > 0 && math.Abs(in[i]-v.influence) > 1e-12 {
				t.Errorf("%s has %g and gets %g", v.name, v.influence, in[i])
			}
		}
		if math.Abs(total-1) > 1e-12 {
			t.Errorf("the ends have %g", total)
		}
	}
}

// TestNodesStandApart: no two nodes of a column are at one place, and rows of positions keep their order.
func TestNodesStandApart(t *testing.T) {
	for _, x := range []wired{network(60, 6, tokens(7), false), network(60, 6, tokens(7), true), network(500, 30, tokens(16), false)} {
		w, err := newWiring("test", x)
		if err != nil {
			t.Fatal(err)
		}
		g := newGraphChart(w)
		drawn := 0
		for i := range w.nodes {
			if math.IsNaN(g.x[i]) {
				continue
			}
			drawn++
			for j := range i {
				if !math.IsNaN(g.x[j]) && math.Abs(g.x[i]-g.x[j]) < .1 && math.Abs(g.y[i]-g.y[j]) < .5 {
					t.Errorf("%s and %s stand at %.2f, %.2f and %.2f, %.2f", w.nodes[i].name, w.nodes[j].name, g.x[i], g.y[i], g.x[j], g.y[j])
				}
				a, b := w.nodes[i].position, w.nodes[j].position
				if !math.IsNaN(g.x[j]) && min(a, b) >= 0 && len(g.rows) > 1 && a != b && (a < b) != (g.y[i] < g.y[j]) {
					t.Errorf("%s at position %d and %s at %d exchange their rows", w.nodes[i].name, a, w.nodes[j].name, b)
				}
			}
		}
		if drawn < 10 {
			t.Errorf("%d nodes are drawn", drawn)
		}
	}
}

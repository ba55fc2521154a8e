package plotting

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Graph describes a figure of a circuit as a graph: layers are columns, from the tokens to the metric, and positions are rows. An
// edge is as wide as its influence on the metric, the share of it that comes by way of the edge; blue pushes its target the way that it
// goes, dashed vermillion against it. The most influential edges are drawn, and the nodes that they join; a node is hollow where its
// score is negative. Nodes of all positions together stand below one another, where their edges cross least. x is asked for its nodes
// and edges once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func Graph(x Wired) *Figure {
	return newFigure("plotting.Graph", func() (chart, error) {
		w, err := newWiring("plotting.Graph", x)
		if err != nil {
			return nil, err
		}
		return newGraphChart(w), nil
	})
}

// graphChart is the checked data of a Graph figure.
type graphChart struct {
	*wiring
	shown   []arrow   // the most influential edges
	columns []int     // the layers of the nodes that they join
	rows    []int     // their positions; one that is −1 where positions are together
	x, y    []float64 // [N] where nodes stand; NaN where they are not drawn
	lines   float64   // rows of nodes, with the gaps between positions
	path    []int     // the strongest
	share   float64   // of the end that it is
}

// edgesDrawn is how many edges a graph draws at most.
const edgesDrawn = 60

func newGraphChart(w *wiring) *graphChart {
	g := &graphChart{wiring: w, shown: w.edges[:min(edgesDrawn, len(w.edges))]}
	g.path, g.share = w.strongest()
	used := make([]bool, len(w.nodes))
	for _, e := range g.shown {
		used[e.from], used[e.to] = true, true
	}
	if len(g.shown) == 0 {
		for i := range min(edgesDrawn, len(used)) {
			used[i] = true
		}
	}
	g.place(used)
	return g
}

// title names the strongest path and how much of what arrives it is.
func (g *graphChart) title() string {
	switch {
	case len(g.edges) == 0 && len(g.nodes) == 1:
		return g.nodes[0].name + " stands alone: no edge"
	case len(g.edges) == 0:
		return fmt.Sprintf("No edge joins the %d nodes", len(g.nodes))
	}
	names := make([]string, len(g.path))
	for i, n := range g.path {
		names[i] = g.call(n)
	}
	if k := len(names); k > 6 {
		names = append(append(slices.Clone(names[:3]), "…"), names[k-2:]...)
	}
	return fmt.Sprintf("The strongest path, %s of what arrives, is %s", part(g.share), strings.Join(names, " → "))
}

// part prints a share that is not all.
func part(share float64) string {
	if share > 1-1e-9 {
		return "100 %"
	}
	return percent(share)
}

func (g *graphChart) subtitle() string {
	t := "edges by their influence"
	if g.method != "" {
		t = g.method + " by their influence"
	}
	if g.about != "" {
		t += " on " + g.about
	}
	if g.of != "" {
		t += ", " + grouped(g.n) + " " + g.of
	}
	if len(g.shown) < len(g.edges) {
		t += fmt.Sprintf("; the largest %d of %s", len(g.shown), grouped(len(g.edges)))
	} else {
		t += "; n = " + count(len(g.edges), "edge")
	}
	if g.name != "" {
		return g.name + ": " + t
	}
	return capitalized(t)
}

// edgesTold is how many edges the alternative text lists.
const edgesTold = 5

// alt gives the numbers of nodes and edges, and the most influential edges.
func (g *graphChart) alt() string {
	drawn := 0
	for _, x := range g.x {
		if !math.IsNaN(x) {
			drawn++
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "Graph of a circuit, %s and %s, of which %d and %d are drawn, layers across and positions down. %s.",
		count(len(g.nodes), "node"), count(len(g.edges), "edge"), drawn, len(g.shown), g.title())
	for i, e := range g.edges[:min(edgesTold, len(g.edges))] {
		if i == 0 {
			s.WriteString(" The most influential edges:")
		}
		verb := "supports"
		if e.weight < 0 {
			verb = "opposes"
		}
		fmt.Fprintf(&s, " %s %s %s (%s)", g.at(e.from), verb, g.at(e.to), part(e.influence))
		if i < min(edgesTold, len(g.edges))-1 {
			s.WriteString(";")
		}
	}
	if len(g.edges) > 0 {
		s.WriteString(".")
	}
	return s.String()
}

// at names a node with the token that it stands at.
func (g *graphChart) at(i int) string {
	v := g.nodes[i]
	if v.position < 0 || g.labels == nil || v.kind == "embedding" || v.kind == "metric" {
		return g.call(i)
	}
	return fmt.Sprintf("%s at “%s”", v.name, g.labels[v.position])
}

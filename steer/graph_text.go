package steer

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// String returns one line: how many nodes and edges, and the largest.
func (g Graph) String() string {
	d := g.data()
	kind := "total"
	if d.body.Direct {
		kind = "direct"
	}
	s := fmt.Sprintf("%d nodes, %d %s edges", len(d.nodes), len(d.edges), kind)
	if len(d.edges) > 0 {
		s += ", the largest " + d.edge(d.edges[0]).String()
	}
	if d.from > 0 {
		s += fmt.Sprintf("; positions together, which had %.1f edges for each", g.Inflation())
	}
	return s
}

// String returns an edge as L1/N8@7 → L2/N54@7 +0.998.
func (e Edge) String() string { return fmt.Sprintf("%v → %v %+.3g", e.Source, e.Target, e.Weight) }

// String returns a node as L5/N298@4, a token as " film"@3.
func (n Node) String() string {
	s := n.Label
	switch n.Kind {
	case EmbeddingNode:
		s = fmt.Sprintf("%q", s)
	case GroupNode:
		s = "[" + s + "]" // whose name has an arrow, as an edge has
	}
	if n.Position >= 0 && n.Kind != MetricNode {
		s += fmt.Sprintf("@%d", n.Position)
	}
	return s
}

// layer names a layer of nodes.
func (g graph) layer(l int) string {
	switch {
	case l < 0:
		return "tokens"
	case l >= g.body.Shape.Layers:
		return "metric"
	}
	return fmt.Sprintf("L%d", l)
}

// Table returns the edges as source,target,weight.
func (g Graph) Table() Table {
	t := Table{Caption: firstLine(g.String()), Columns: []string{"source", "target", "weight"}}
	for _, e := range g.Edges() {
		t.Add(e.Source, e.Target, e.Weight)
	}
	return t
}

// CSV returns the table as comma-separated values, with a line of the columns' names.
func (g Graph) CSV() string { return g.Table().CSV() }

// ASCII draws the layers from the first to the metric: a bar of as many blocks as nodes in scale, the bottlenecks among them, and
// beneath the three largest flows out of the layer.
func (g Graph) ASCII() string {
	const bar = 40
	d := g.data()
	counts := map[int]int{}
	for _, n := range d.nodes {
		counts[n.Layer]++
	}
	var layers []int
	most := 1
	for l, n := range counts {
		layers, most = append(layers, l), max(most, n)
	}
	slices.Sort(layers)
	flows, hubs := g.LayerFlow(), g.Bottlenecks(.2)
	var b strings.Builder
	for i, l := range layers {
		fmt.Fprintf(&b, "%-6s %s (%d)", d.layer(l), strings.Repeat("█", max(1, counts[l]*bar/most)), counts[l])
		var names []string
		for _, h := range hubs {
			if h.Layer == l && len(names) < 3 {
				names = append(names, h.Neuron.String())
			}
		}
		if len(names) > 0 {
			fmt.Fprintf(&b, " bottleneck %s", strings.Join(names, " "))
		}
		b.WriteByte('\n')
		n := 0
		for _, f := range flows {
			if f.From != l || n == 3 {
				continue
			}
			to := ""
			if i+1 == len(layers) || layers[i+1] != f.To {
				to = " → " + d.layer(f.To)
			}
			fmt.Fprintf(&b, "       %s %.3g%s\n", strings.Repeat("↓", max(1, int(8*f.Weight/flows[0].Weight))), f.Weight, to)
			n++
		}
	}
	return b.String()
}

// DOT returns the n largest edges between neurons, heads, tokens and the metric for Graphviz, positions together, so that no two edges
// are parallel; a layer is a cluster, blue supports and vermillion opposes, and the width of an edge is its size.
func (g Graph) DOT(n int) string {
	if g.data().from == 0 {
		g = g.Collapse()
	}
	d := g.data()
	d.edges = d.edges[:min(max(n, 0), len(d.edges))]
	used, layers := map[int]bool{}, map[int][]int{}
	for _, l := range d.edges {
		used[l.source], used[l.target] = true, true
	}
	var order []int
	for i, x := range d.nodes {
		if used[i] {
			if layers[x.Layer] == nil {
				order = append(order, x.Layer)
			}
			layers[x.Layer] = append(layers[x.Layer], i)
		}
	}
	slices.Sort(order)
	narrow := g.Bottlenecks(.2)
	var b strings.Builder
	b.WriteString("digraph circuit {\n  rankdir=BT;\n  node [fontname=\"sans-serif\", shape=ellipse];\n")
	for _, l := range order {
		fmt.Fprintf(&b, "  subgraph cluster_%d {\n    label=%s; style=dashed; color=gray;\n", l+1, quoteDOT(d.layer(l)))
		for _, i := range layers[l] {
			shape := ""
			if slices.ContainsFunc(narrow, func(h Hub) bool { return h.Node.is(d.nodes[i]) }) {
				shape = ", shape=doubleoctagon"
			}
			fmt.Fprintf(&b, "    n%d [label=%s%s];\n", i, quoteDOT(d.nodes[i].String()), shape)
		}
		b.WriteString("  }\n")
	}
	for _, l := range d.edges {
		color := "#0072B2"
		if l.weight < 0 {
			color = "#D55E00"
		}
		fmt.Fprintf(&b, "  n%d -> n%d [color=\"%s\", penwidth=%.2f, tooltip=\"%+.3g\"];\n", l.source, l.target, color,
			.5+4.5*math.Abs(l.weight/d.edges[0].weight), l.weight)
	}
	b.WriteString("}\n")
	return b.String()
}

// quoteDOT writes a string for Graphviz.
func quoteDOT(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

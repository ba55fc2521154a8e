package steer

import (
	"cmp"
	"math"
	"slices"
)

// rank orders nodes as the model computes them: an edge goes from a lower rank to a higher one.
func (n Node) rank() int {
	if n.Kind == HeadNode {
		return 2 * n.Layer
	}
	return 2*n.Layer + 1
}

// shares returns for every edge its share of Σ|weight| into its target.
func (g graph) shares() []float64 {
	in := make([]float64, len(g.nodes))
	for _, l := range g.edges {
		in[l.target] += math.Abs(l.weight)
	}
	out := make([]float64, len(g.edges))
	for i, l := range g.edges {
		if in[l.target] > 0 {
			out[i] = math.Abs(l.weight) / in[l.target]
		}
	}
	return out
}

// ends lists the nodes that a reader wants to explain: the metric, or, without one, the targets that give to none.
func (g graph) ends() []int {
	in, out := make([]bool, len(g.nodes)), make([]bool, len(g.nodes))
	for _, l := range g.edges {
		out[l.source], in[l.target] = true, true
	}
	var ends []int
	for i, n := range g.nodes {
		if n.Kind == MetricNode {
			return []int{i}
		}
		if in[i] && !out[i] {
			ends = append(ends, i)
		}
	}
	return ends
}

// rising lists edges so that all into a node come before those out of it.
func (g graph) rising() []int {
	order := make([]int, len(g.edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(g.nodes[g.edges[a].target].rank(), g.nodes[g.edges[b].target].rank())
	})
	return order
}

// A Path leads from a node that no edge enters to the metric, or to a target that gives to no other.
type Path struct {
	Nodes []Node
	Share float64 // the product over its edges of each one's share of Σ|weight| into its target
	Sign  int     // of the product of its weights
}

// StrongestPaths returns the k paths with the largest shares.
func (g Graph) StrongestPaths(k int) []Path {
	type trail struct {
		nodes []int
		share float64
		sign  int
	}
	d := g.data()
	if k <= 0 {
		return nil
	}
	share, best := d.shares(), make([][]trail, len(d.nodes))
	entered := make([]bool, len(d.nodes))
	for _, l := range d.edges {
		entered[l.target] = true
	}
	for i := range d.nodes {
		if !entered[i] {
			best[i] = []trail{{[]int{i}, 1, 1}}
		}
	}
	strongest := func(ts []trail) []trail {
		slices.SortStableFunc(ts, func(a, b trail) int { return cmp.Compare(b.share, a.share) })
		return ts[:min(k, len(ts))]
	}
	for _, i := range d.rising() {
		l, sign := d.edges[i], 1
		if l.weight < 0 {
			sign = -1
		}
		for _, t := range best[l.source] {
			best[l.target] = append(best[l.target], trail{append(slices.Clip(t.nodes), l.target), t.share * share[i], t.sign * sign})
		}
		best[l.target] = strongest(best[l.target])
	}
	var all []trail
	for _, e := range d.ends() {
		all = append(all, best[e]...)
	}
	return each(strongest(all), func(t trail) Path {
		return Path{each(t.nodes, func(i int) Node { return d.nodes[i] }), t.share, t.sign}
	})
}

// influence returns how much of what the ends get comes by way of each node: with A the sizes of edges, each as its share of what
// enters its target, and w the ends, w·(A + A² + …) (circuit-tracer's; Ameisen et al., Circuit Tracing, 2025).
func (g graph) influence() (nodes, ends []float64) {
	nodes, ends = make([]float64, len(g.nodes)), make([]float64, len(g.nodes))
	all := g.ends()
	for _, i := range all {
		ends[i] = 1 / float64(len(all))
	}
	share := g.shares()
	for _, i := range slices.Backward(g.rising()) {
		l := g.edges[i]
		nodes[l.source] += (nodes[l.target] + ends[l.target]) * share[i]
	}
	return nodes, ends
}

// Prune keeps the nodes that have a share of the whole influence on the metric (.8 is usual), the most influential first, of the edges
// between them those that have a share of theirs (.98), and no neuron whose edges all went. Tokens and the metric stay.
func (g Graph) Prune(nodes, edges float64) Graph {
	return newGraph(g.conditions, func() graph {
		d := g.data()
		influence, _ := d.influence()
		kept := leading(influence, nodes)
		for i, n := range d.nodes {
			kept[i] = kept[i] || n.Kind == EmbeddingNode || n.Kind == MetricNode
		}
		d = d.only(kept)
		influence, ends := d.influence()
		score, share := make([]float64, len(d.edges)), d.shares()
		for i, l := range d.edges {
			score[i] = share[i] * (influence[l.target] + ends[l.target])
		}
		keep, i := leading(score, edges), -1
		d.edges = slices.DeleteFunc(slices.Clone(d.edges), func(link) bool { i++; return !keep[i] })
		for {
			out, n := make([]bool, len(d.nodes)), len(d.nodes)
			for _, l := range d.edges {
				out[l.source] = true
			}
			for _, i := range d.ends() { // the metric, where there is one
				out[i] = true
			}
			for i, x := range d.nodes {
				out[i] = out[i] || x.Kind == EmbeddingNode
			}
			if d = d.only(out); len(d.nodes) == n {
				return d
			}
		}
	})
}

// leading marks the largest numbers that together are a share of the sum.
func leading(x []float64, share float64) []bool {
	order, sum := make([]int, len(x)), 0.
	for i, v := range x {
		order[i] = i
		sum += v
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	out, part := make([]bool, len(x)), 0.
	for _, i := range order {
		if part >= share*sum {
			break
		}
		out[i] = true
		part += x[i]
	}
	return out
}

// only returns the graph of some nodes and the edges between them.
func (g graph) only(kept []bool) graph {
	out := graph{body: g.body, header: g.header, warnings: g.warnings}
	place := make([]int, len(g.nodes))
	for i, n := range g.nodes {
		if kept[i] {
			place[i] = len(out.nodes)
			out.nodes = append(out.nodes, n)
		}
	}
	for _, l := range g.edges {
		if kept[l.source] && kept[l.target] {
			out.edges = append(out.edges, link{place[l.source], place[l.target], l.weight, l.toward})
		}
	}
	return out
}

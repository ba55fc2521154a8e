package steer

import (
	"cmp"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// A Flow is Σ|weight| of the edges from one layer to another; layer −1 is the embeddings, layer L the metric.
type Flow struct {
	From, To int
	Weight   float64
}

// LayerFlow returns the flows between layers, the largest first.
func (g Graph) LayerFlow() []Flow {
	d := g.data()
	sums := map[[2]int]float64{}
	for _, l := range d.edges {
		sums[[2]int{d.nodes[l.source].Layer, d.nodes[l.target].Layer}] += math.Abs(l.weight)
	}
	var out []Flow
	for k, w := range sums {
		out = append(out, Flow{k[0], k[1], w})
	}
	slices.SortFunc(out, func(a, b Flow) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}

// A Hub is a node with its edges, those of all positions of a neuron together: degrees count distinct neurons, heads, tokens and the
// metric at the other end, weights are Σ|weight|.
type Hub struct {
	Node
	In, Out             int
	InWeight, OutWeight float64
}

// Hubs returns the neurons and heads by falling degree, In + Out.
func (g Graph) Hubs() []Hub {
	d := g.Collapse().data()
	hubs := make([]Hub, len(d.nodes))
	for i, n := range d.nodes {
		hubs[i].Node = n
	}
	for _, l := range d.edges {
		w := math.Abs(l.weight)
		hubs[l.source].Out++
		hubs[l.source].OutWeight += w
		hubs[l.target].In++
		hubs[l.target].InWeight += w
	}
	hubs = slices.DeleteFunc(hubs, func(h Hub) bool {
		return h.Kind == EmbeddingNode || h.Kind == MetricNode || h.In+h.Out == 0
	})
	slices.SortStableFunc(hubs, func(a, b Hub) int {
		return cmp.Or(cmp.Compare(b.In+b.Out, a.In+a.Out), cmp.Compare(b.InWeight+b.OutWeight, a.InWeight+a.OutWeight))
	})
	return hubs
}

// Bottlenecks returns the nodes through which much passes: both degrees are at least the share of the largest of their kind (.2 is
// usual), by the lesser of the two, the largest first.
func (g Graph) Bottlenecks(share float64) []Hub {
	hubs := g.Hubs()
	in, out := 0, 0
	for _, h := range hubs {
		in, out = max(in, h.In), max(out, h.Out)
	}
	hubs = slices.DeleteFunc(hubs, func(h Hub) bool {
		return h.In == 0 || h.Out == 0 || float64(h.In) < share*float64(in) || float64(h.Out) < share*float64(out)
	})
	slices.SortStableFunc(hubs, func(a, b Hub) int { return cmp.Compare(min(b.In, b.Out), min(a.In, a.Out)) })
	return hubs
}

// A SuperWeight is a neuron whose edges are far larger than those of others.
type SuperWeight struct {
	Neuron
	Ratio float64 // of its mean |weight| to the median over the sources
	Mean  float64 // of its weights
	Edges int     // over all positions
}

// The least number of edges that a super weight has, and its least ratio.
const (
	superEdges = 5
	superRatio = 10
)

// SuperWeights returns the neurons with at least 5 edges whose mean |weight| is at least 10 times the median of the neurons that have
// as many. With other graphs, of other prompts, only those that stand out in every one: a neuron that is large whatever the prompt
// says nothing of a behavior. (The reference implementation probes with two prompts.)
func (g Graph) SuperWeights(others ...Graph) []SuperWeight {
	type sum struct{ size, signed, n float64 }
	d := g.data()
	sums := map[Neuron]sum{}
	for _, l := range d.edges {
		if s := d.nodes[l.source]; s.Kind == NeuronNode {
			x := sums[s.Neuron]
			sums[s.Neuron] = sum{x.size + math.Abs(l.weight), x.signed + l.weight, x.n + 1}
		}
	}
	var means []float64
	for _, x := range sums {
		if x.n >= superEdges {
			means = append(means, x.size/x.n)
		}
	}
	if len(means) == 0 {
		return nil
	}
	slices.Sort(means)
	middle := max(stats.Quantile(means, .5), 1e-8)
	var out []SuperWeight
	for n, x := range sums {
		if ratio := x.size / x.n / middle; x.n >= superEdges && ratio >= superRatio {
			out = append(out, SuperWeight{n, ratio, x.signed / x.n, int(x.n)})
		}
	}
	for _, o := range others {
		also := o.SuperWeights()
		out = slices.DeleteFunc(out, func(s SuperWeight) bool {
			return !slices.ContainsFunc(also, func(t SuperWeight) bool { return s.Neuron == t.Neuron })
		})
	}
	slices.SortFunc(out, func(a, b SuperWeight) int {
		return cmp.Or(cmp.Compare(b.Ratio, a.Ratio), cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Index, b.Index))
	})
	return out
}

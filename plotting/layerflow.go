package plotting

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// LayerFlow describes a figure of how what a circuit does passes through the layers: an arc from layer to layer, as thick as the
// influence on the metric that its edges carry together, and below each layer a bar of all that passes through it. Influence is
// neither made nor lost on the way, so what enters a layer leaves it; sums of weights, whose units differ by target, are not
// comparable so. x is asked for its nodes and edges once, when the figure is first drawn or its text first read.
//
// Drawing fails with [ErrNoData], [ErrShape], [ErrNaN], [ErrInfinity] or [ErrRange].
func LayerFlow(x Wired) *Figure {
	return newFigure("plotting.LayerFlow", func() (chart, error) {
		w, err := newWiring("plotting.LayerFlow", x)
		if err != nil {
			return nil, err
		}
		return newFlowChart(w), nil
	})
}

// flowChart is the checked data of a LayerFlow figure.
type flowChart struct {
	*wiring
	first   int       // the layer of the first place
	through []float64 // what passes through each layer, from the first to the last
	flows   []flow    // the largest first
}

// A flow is the influence that edges carry from one layer to another, or within one.
type flow struct {
	from, to int // places
	share    float64
}

func newFlowChart(w *wiring) *flowChart {
	layers := w.layers()
	f := &flowChart{wiring: w, first: layers[0], through: make([]float64, layers[len(layers)-1]-layers[0]+1)}
	for _, v := range w.nodes {
		f.through[v.layer-f.first] += v.influence
	}
	sums := map[[2]int]float64{}
	for _, e := range w.edges {
		sums[[2]int{w.nodes[e.from].layer - f.first, w.nodes[e.to].layer - f.first}] += e.influence
	}
	for ends, s := range sums {
		f.flows = append(f.flows, flow{ends[0], ends[1], s})
		if ends[0] == ends[1] { // from a head to a neuron of its layer: it passes through the layer once
			f.through[ends[0]] -= s
		}
	}
	slices.SortFunc(f.flows, func(a, b flow) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	return f
}

// place names a layer in a sentence.
func (f *flowChart) place(i int) string {
	switch s := f.layer(f.first + i); s {
	case "tokens":
		return "the tokens"
	case "metric":
		return "the metric"
	default:
		return "layer " + s
	}
}

// between reports whether a place is a layer, not an end, through which all passes.
func (f *flowChart) between(i int) bool {
	name := f.layer(f.first + i)
	return name != "tokens" && name != "metric"
}

// title names the largest flow, and the layer between the ends that most passes through.
func (f *flowChart) title() string {
	if len(f.flows) == 0 {
		return "Nothing flows: no edge"
	}
	top := f.flows[0]
	s := fmt.Sprintf("%s of the influence passes from %s to %s", part(top.share), f.place(top.from), f.place(top.to))
	if top.from == top.to {
		s = fmt.Sprintf("%s of the influence passes within %s", part(top.share), f.place(top.from))
	}
	best := -1
	for i := range f.through {
		if f.between(i) && (best < 0 || f.through[i] > f.through[best]) {
			best = i
		}
	}
	if best >= 0 && f.through[best] > 0 {
		s += fmt.Sprintf("; most, %s, goes through %s", part(f.through[best]), f.place(best))
	}
	return s
}

func (f *flowChart) subtitle() string {
	t := "influence by layer"
	if f.about != "" {
		t += " on " + f.about
	}
	if f.of != "" {
		t += ", " + grouped(f.n) + " " + f.of
	}
	t += "; n = " + grouped(len(f.edges)) + " " + plural(len(f.edges), "edge") + "; bars: all that passes through a layer"
	if f.name != "" {
		return f.name + ": " + t
	}
	return capitalized(t)
}

// alt lists the largest flows.
func (f *flowChart) alt() string {
	s := fmt.Sprintf("Diagram of what flows between layers, %s and %s. %s.", count(len(f.through), "layer"), count(len(f.flows), "flow"), f.title())
	var told []string
	for _, x := range f.flows[:min(edgesTold, len(f.flows))] {
		told = append(told, fmt.Sprintf("%s to %s %s", f.place(x.from), f.place(x.to), part(x.share)))
	}
	if len(told) > 0 {
		s += " The largest: " + strings.Join(told, "; ") + "."
	}
	return s
}

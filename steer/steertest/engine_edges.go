package steertest

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// edges runs the task and fails the test on an error.
func (b bench) edges(t *testing.T, in engine.Edges) engine.EdgesResult {
	t.Helper()
	r, err := b.e.Edges(t.Context(), in, nil)
	if err != nil {
		t.Fatalf("Edges: %v", err)
	}
	n := len(in.Targets)
	if in.Metric {
		n++
	}
	n += len(in.Outputs)
	if len(r.Weights) != n || len(r.Value) != n || len(r.Tokens) != n || len(r.Attention) != n || len(r.Biases) != n || len(r.Injected) != n ||
		in.Direct != (r.Neurons != nil) {
		t.Fatalf("Edges into %d targets gives another number of results", n)
	}
	for k := range n {
		if len(r.Weights[k]) != len(in.Sources) || len(r.Tokens[k]) != len(in.IDs) || len(r.Attention[k]) != b.shape.Layers {
			t.Fatalf("target %d: results of other sizes", k)
		}
	}
	return r
}

// nodes spreads some neurons over layers and positions, and heads among them.
func (b bench) nodes(T int, seed uint64) (all []engine.Node) {
	noise := splitMix(seed)
	draw := func(n int) int { return min(n-1, int((noise()+1)/2*float64(n))) }
	for l := range b.shape.Layers {
		for i := range 4 {
			n := engine.Node{Neuron: engine.Neuron{Layer: l, Index: draw(b.shape.Neurons)}, Position: draw(T)}
			if i == 3 {
				n.Index, n.Head = draw(b.shape.Heads), true
			}
			all = append(all, n)
		}
		all = append(all, engine.Node{Neuron: engine.Neuron{Layer: l, Index: l % b.shape.Neurons}, Position: T - 1})
	}
	return all
}

// edgesOf asks for all edges between nodes, and into the metric.
func (b bench) edgesOf(seed uint64) engine.Edges {
	ids := b.ids[len(b.ids)-1]
	nodes := b.nodes(len(ids), seed)
	return engine.Edges{IDs: ids, Sources: nodes, Targets: nodes, Metric: true, Terms: last([][]int32{ids})[0], Rule: engine.RelP}
}

// testEdges: what enters a node is its value, whichever way; what a node is worth to the metric is what an attribution says; and
// every node's value is what a forward pass or an attribution gives it.
func testEdges(t *testing.T, b bench) {
	in := b.edgesOf(91)
	T, injected := len(in.IDs), 0.
	edit := &engine.Edit{B: 1, T: 1, Scale: b.random(1, 1, 31).Scale, Add: b.constant(1, 1, .01), MLP: b.vectors(t, 1, 1, 35).MLP,
		Residual: b.vectors(t, 1, 1, 35).Residual, Heads: b.factors(1, 1, 79).Heads}
	for _, rule := range []engine.Rule{engine.RelP, engine.Frozen, engine.Gradient} {
		for _, in.Edit = range []*engine.Edit{nil, edit, b.conditional(t, engine.MLP, false), b.conditional(t, engine.Neurons, true)} {
			in.Rule = rule
			a := b.attribute(t, engine.Attribution{IDs: [][]int32{in.IDs}, Terms: [][]engine.Term{in.Terms}, Rule: rule, Edit: in.Edit})
			h := b.forward(t, engine.Forward{IDs: [][]int32{in.IDs}, Capture: engine.Neurons, Edit: in.Edit}).Neurons[0]
			var worth, value []float32
			for _, n := range in.Targets {
				at, all := (n.Layer*T+n.Position)*b.shape.Neurons+n.Index, a.Scores[0]
				if n.Head {
					at, all = (n.Layer*T+n.Position)*b.shape.Heads+n.Index, a.Heads[0]
				}
				worth = append(worth, all[at])
				if n.Head {
					value = append(value, all[at])
				} else {
					value = append(value, h[at])
				}
			}
			for _, in.Direct = range []bool{false, true} {
				what := fmt.Sprintf("%s, direct %v, edited %v", rule, in.Direct, in.Edit != nil)
				r := b.edges(t, in)
				near(t, what+": values", r.Value, append(value, a.Linear[0]), orderBound)
				if k := len(in.Targets); !in.Direct {
					near(t, what+": edges into the metric", r.Weights[k], worth, orderBound)
					near(t, what+": tokens into the metric", r.Tokens[k], a.Tokens[0], orderBound)
				}
				injected = max(injected, largest(r.Injected))
				if rule != engine.Gradient {
					b.closes(t, what, in, r)
				}
			}
		}
	}
	if injected == 0 {
		t.Error("nothing was injected; the test tests nothing")
	}
}

// closes checks that what enters each target is its value.
func (b bench) closes(t *testing.T, what string, in engine.Edges, r engine.EdgesResult) {
	t.Helper()
	for k, v := range r.Value {
		sum, size := float64(r.Biases[k])+float64(r.Injected[k])-float64(v), math.Abs(float64(v))
		take := func(factor float64, all []float32) {
			part := 0.
			for _, x := range all {
				part += factor * float64(x)
			}
			sum, size = sum+part, max(size, math.Abs(part), largest(all))
		}
		take(1, r.Tokens[k])
		take(-2, r.Attention[k])
		if in.Direct {
			take(1, r.Neurons[k])
		}
		if size = max(size, math.Abs(float64(r.Biases[k])), math.Abs(float64(r.Injected[k]))); !(math.Abs(sum) <= conservationBound*size) {
			t.Errorf("%s, target %d: what enters misses the value %v by %.2e, bound %.2e", what, k, v, sum, conservationBound*size)
		}
	}
}

// testEdgeOrder: edges go forward alone, in layers and positions, and between neighboring layers the direct one is the total.
func testEdgeOrder(t *testing.T, b bench) {
	in := b.edgesOf(93)
	total := b.edges(t, in)
	in.Direct = true
	direct := b.edges(t, in)
	var near1, near2 []float32
	other := false
	for k, r := range in.Targets {
		for s, n := range in.Sources {
			x, y := total.Weights[k][s], direct.Weights[k][s]
			earlier := n.Layer < r.Layer || n.Layer == r.Layer && n.Head && !r.Head
			if (!earlier || n.Position > r.Position) && (x != 0 || y != 0) {
				t.Fatalf("%v@%d → %v@%d weighs %v and direct %v, want no edge", n.Neuron, n.Position, r.Neuron, r.Position, x, y)
			}
			if r.Layer-n.Layer == 1 && !n.Head && !r.Head || r.Layer == n.Layer {
				near1, near2 = append(near1, x), append(near2, y)
			} else if x != y {
				other = true
			}
		}
	}
	near(t, "direct edges between neighboring layers", near2, near1, orderBound)
	if b.shape.Layers > 2 && !other {
		t.Error("direct edges over several layers are as the total ones")
	}
}

// testEdgesTogether: targets together have what each has alone, and the direct edges from all neurons of a layer add up.
func testEdgesTogether(t *testing.T, b bench) {
	in := b.edgesOf(95)
	for _, in.Direct = range []bool{false, true} {
		all := b.edges(t, in)
		for k, n := range append(in.Targets, engine.Node{}) {
			one := in
			if one.Targets, one.Metric = []engine.Node{n}, k == len(in.Targets); one.Metric {
				one.Targets = nil
			}
			r := b.edges(t, one)
			near(t, fmt.Sprintf("edges into target %d, alone", k), r.Weights[0], all.Weights[k], orderBound)
			near(t, fmt.Sprintf("tokens of target %d, alone", k), r.Tokens[0], all.Tokens[k], orderBound)
		}
	}
	layer := in
	layer.Sources, layer.Direct = nil, true
	for p := range in.IDs {
		for n := range b.shape.Neurons {
			layer.Sources = append(layer.Sources, engine.Node{Neuron: engine.Neuron{Layer: 0, Index: n}, Position: p})
		}
	}
	r := b.edges(t, layer)
	for k := range r.Weights {
		sum := 0.
		for _, w := range r.Weights[k] {
			sum += float64(w)
		}
		if d := math.Abs(sum - float64(r.Neurons[k][0])); !(d <= 1e-4*largest(r.Weights[k])+1e-6) {
			t.Errorf("target %d: the edges from all neurons of layer 0 add up to %v, Neurons says %v", k, sum, r.Neurons[k][0])
		}
	}
}

// testEdgeOutputs: an output is a target as the metric of its logit alone would be, whatever the metric beside it, and the logits are
// those of a forward pass. Without a metric to need them there are none.
func testEdgeOutputs(t *testing.T, b bench) {
	in := b.edgesOf(101)
	T, V := len(in.IDs), b.shape.Vocab
	in.Outputs = []int32{2, 0, int32(V - 1)}
	in.LogProb, in.Terms = true, []engine.Term{{Position: 0, Target: 1, Versus: -1}, {Position: T - 2, Target: 3, Versus: -1, Weight: -2}}
	all := b.forward(t, engine.Forward{IDs: [][]int32{in.IDs}, AllLogits: true}).Logits[0]
	for _, in.Direct = range []bool{false, true} {
		for _, in.Targets = range [][]engine.Node{in.Sources, nil} {
			for _, in.Metric = range []bool{true, false} {
				r := b.edges(t, in)
				first := len(r.Value) - len(in.Outputs)
				near(t, "logits beside edges", r.Logits, all[(T-2)*V:][:V], orderBound)
				for i, id := range in.Outputs {
					one := in
					one.Targets, one.Outputs, one.Metric, one.LogProb = nil, nil, true, false
					one.Terms = []engine.Term{{Position: T - 2, Target: id, Versus: -1}}
					x := b.edges(t, one)
					what := fmt.Sprintf("output %d, direct %v, beside %d targets", i, in.Direct, first)
					near(t, what+": edges", r.Weights[first+i], x.Weights[0], orderBound)
					near(t, what+": tokens", r.Tokens[first+i], x.Tokens[0], orderBound)
					near(t, what+": value", r.Value[first+i:][:1], x.Value, orderBound)
				}
				if in.Metric {
					one := in
					one.Targets, one.Outputs = nil, nil
					near(t, "edges into the metric beside outputs", r.Weights[first-1], b.edges(t, one).Weights[0], orderBound)
				}
			}
		}
	}
	in = b.edgesOf(103)
	in.Metric, in.Targets = false, slices.DeleteFunc(slices.Clone(in.Targets), func(n engine.Node) bool { return n.Head })
	if r := b.edges(t, in); r.Logits != nil {
		t.Error("edges between neurons come with logits")
	}
}

// testEdgeSlopes: under the rule Gradient an edge is the slope of its target's activation in the factor of its source, which two
// forward passes show.
func testEdgeSlopes(t *testing.T, b bench) {
	const step = .01
	in := b.edgesOf(97)
	in.Rule = engine.Gradient
	r := b.edges(t, in)
	T := len(in.IDs)
	compared := 0
	for s, n := range in.Sources {
		var h [2][]float32
		for side := range h {
			e := &engine.Edit{B: 1, T: T}
			units, to := b.shape.Neurons, &e.Scale
			if n.Head {
				units, to = b.shape.Heads, &e.Heads
			}
			*to = make([]float32, b.shape.Layers*T*units)
			for i := range *to {
				(*to)[i] = 1
			}
			(*to)[(n.Layer*T+n.Position)*units+n.Index] += step * float32(2*side-1)
			h[side] = b.forward(t, engine.Forward{IDs: [][]int32{in.IDs}, Edit: e, Capture: engine.Neurons}).Neurons[0]
		}
		for k, x := range in.Targets {
			if x.Head || r.Weights[k][s] == 0 {
				continue
			}
			at := (x.Layer*T+x.Position)*b.shape.Neurons + x.Index
			got, want := float64(r.Weights[k][s]), (float64(h[1][at])-float64(h[0][at]))/(2*step)
			size := max(math.Abs(got), .05*largest(r.Weights[k]), 1e-3*largest(h[0])) // and what float32 leaves of the difference
			if compared++; !(math.Abs(got-want) <= .05*size) {
				t.Errorf("%v@%d → %v@%d weighs %v, the slope is %v", n.Neuron, n.Position, x.Neuron, x.Position, got, want)
			}
		}
	}
	if compared == 0 {
		t.Error("no edge was compared")
	}
}

// testEdgeMistakes: what cannot be computed is an error.
func testEdgeMistakes(t *testing.T, b bench) {
	for name, change := range map[string]func(in *engine.Edges){
		"no prompt":             func(in *engine.Edges) { in.IDs = nil },
		"an unknown id":         func(in *engine.Edges) { in.IDs = []int32{-1} },
		"no target":             func(in *engine.Edges) { in.Targets, in.Metric = nil, false },
		"a layer outside":       func(in *engine.Edges) { in.Sources[0].Layer = b.shape.Layers },
		"a neuron outside":      func(in *engine.Edges) { in.Targets[0].Index = b.shape.Neurons },
		"a head outside":        func(in *engine.Edges) { in.Sources[3].Index = b.shape.Heads },
		"an output outside":     func(in *engine.Edges) { in.Outputs = []int32{0, int32(b.shape.Vocab)} },
		"an output, no metric":  func(in *engine.Edges) { in.Targets, in.Metric, in.Terms, in.Outputs = nil, false, nil, []int32{0} },
		"a position outside":    func(in *engine.Edges) { in.Targets[0].Position = len(in.IDs) },
		"a position below 0":    func(in *engine.Edges) { in.Sources[0].Position = -1 },
		"a head and no metric":  func(in *engine.Edges) { in.Metric, in.Terms = false, nil },
		"an unknown rule":       func(in *engine.Edges) { in.Rule = "guess" },
		"an edit of two models": func(in *engine.Edges) { in.Edit = &engine.Edit{B: 2, T: 1} },
	} {
		in := b.edgesOf(99)
		in.Targets = append([]engine.Node(nil), in.Targets...)
		in.Sources = append([]engine.Node(nil), in.Sources...)
		change(&in)
		refused(t, "Edges with "+name, func() error {
			_, err := b.e.Edges(t.Context(), in, nil)
			return err
		})
	}
}

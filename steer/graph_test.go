package steer_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// graphs are those of a circuit of neurons and heads on the fake model, total and direct.
func graphs(t *testing.T) (scores steer.Scores, total, direct steer.Graph) {
	t.Helper()
	scores = run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	c := scores.TopEntries(30).Union(scores.Heads().TopEntries(5))
	return scores, run(t, fake.Edges(c).MinWeight(0)), run(t, fake.Edges(c).Direct().MinWeight(0))
}

// TestGraphIsAttribution: total edges into the metric are the scores that chose the nodes, and the embeddings' relevance.
func TestGraphIsAttribution(t *testing.T) {
	scores, g, _ := graphs(t)
	metric := nodeOf(t, g, steer.MetricNode)
	tokens, n := scores.ByToken(), 0
	for _, e := range g.To(metric) {
		want := e.Source.Score
		if e.Source.Kind == steer.EmbeddingNode {
			want = tokens[e.Source.Position]
		}
		if n++; math.Abs(e.Weight-want) > 1e-5*math.Abs(scores.Metric()) {
			t.Errorf("%v, want %v", e, want)
		}
	}
	if n < 30 || math.Abs(metric.Score-scores.Metric()) > 1e-5 {
		t.Errorf("%d edges into the metric %v of %v", n, metric, scores.Metric())
	}
}

func nodeOf(t *testing.T, g steer.Graph, kind steer.NodeKind) steer.Node {
	t.Helper()
	all := g.Nodes()
	i := slices.IndexFunc(all, func(n steer.Node) bool { return n.Kind == kind })
	if i < 0 {
		t.Fatalf("no %s among %v", kind, all)
	}
	return all[i]
}

// TestBalance: what enters each target is its value.
func TestBalance(t *testing.T) {
	_, total, direct := graphs(t)
	for _, g := range []steer.Graph{total, direct} {
		all := g.Balance()
		if len(all) != 31 {
			t.Fatal(len(all), "targets")
		}
		for _, b := range all {
			sum := b.Tokens + b.Biases + b.Injected + b.Attention + b.Neurons
			if math.Abs(sum-b.Value) > 1e-5*max(math.Abs(b.Value), math.Abs(b.Tokens), math.Abs(b.Neurons)) {
				t.Errorf("direct %v: %+v adds up to %v", g.Direct(), b, sum)
			}
		}
	}
	if slices.ContainsFunc(total.Balance(), func(b steer.Balance) bool { return b.Neurons != 0 }) {
		t.Error("total edges have a sum over neurons, which pass on what they have")
	}
}

// TestCollapse: positions together keep every sum between two layers that has one sign, and no two edges are parallel.
func TestCollapse(t *testing.T) {
	_, g, _ := graphs(t)
	c := g.Collapse()
	type ends struct{ s, t string }
	sums, seen := map[ends]float64{}, map[ends]bool{}
	of := func(e steer.Edge) ends {
		name := func(n steer.Node) string {
			if n.Kind != steer.EmbeddingNode {
				n.Position = -1
			}
			return n.String()
		}
		return ends{name(e.Source), name(e.Target)}
	}
	for _, e := range g.Edges() {
		sums[of(e)] += e.Weight
	}
	for _, e := range c.Edges() {
		if k := of(e); seen[k] || math.Abs(e.Weight-sums[k]) > 1e-9 {
			t.Errorf("%v is there twice or not %v", e, sums[k])
		} else {
			seen[k] = true
		}
	}
	if len(seen) != len(sums) || c.Inflation() <= 1 || c.Inflation() != g.Inflation() {
		t.Errorf("%d edges of %d, inflation %v and %v", len(seen), len(sums), c.Inflation(), g.Inflation())
	}
	for _, e := range c.Edges() {
		if dot := c.DOT(1000); strings.Count(dot, " -> ") != len(c.Edges()) {
			t.Fatalf("DOT has %d edges, not %d (%v)", strings.Count(dot, " -> "), len(c.Edges()), e)
		}
	}
}

// TestHubs: degrees are those of the edges between distinct neurons, and bottlenecks have a share of both.
func TestHubs(t *testing.T) {
	_, g, _ := graphs(t)
	in, out := map[string]int{}, map[string]int{}
	for _, e := range g.Collapse().Edges() {
		out[e.Source.Label]++
		in[e.Target.Label]++
	}
	hubs := g.Hubs()
	for i, h := range hubs {
		if h.In != in[h.Label] || h.Out != out[h.Label] || i > 0 && h.In+h.Out > hubs[i-1].In+hubs[i-1].Out {
			t.Errorf("hub %d: %+v, want %d and %d", i, h, in[h.Label], out[h.Label])
		}
	}
	narrow := g.Bottlenecks(.2)
	if len(hubs) == 0 || len(narrow) == 0 || len(narrow) >= len(hubs) || slices.ContainsFunc(narrow, func(h steer.Hub) bool { return h.In == 0 || h.Out == 0 }) {
		t.Errorf("%d hubs, bottlenecks %v", len(hubs), narrow)
	}
	flow, sum := g.LayerFlow(), 0.
	for _, f := range flow {
		sum += f.Weight
		if f.From > f.To {
			t.Errorf("%+v goes back", f)
		}
	}
	want := 0.
	for _, e := range g.Edges() {
		want += math.Abs(e.Weight)
	}
	if math.Abs(sum-want) > 1e-6*want {
		t.Errorf("flows add up to %v, edges to %v", sum, want)
	}
}

// TestPaths: shares fall, each is the product of its edges' shares, and the paths of all add up to what leads to the metric.
func TestPaths(t *testing.T) {
	_, g, _ := graphs(t)
	paths := g.StrongestPaths(1 << 16)
	sum := 0.
	for i, p := range paths {
		want := 1.
		for k := 1; k < len(p.Nodes); k++ {
			all, one := 0., 0.
			for _, e := range g.To(p.Nodes[k]) {
				if all += math.Abs(e.Weight); e.Source == p.Nodes[k-1] {
					one = math.Abs(e.Weight)
				}
			}
			want *= one / all
		}
		if i < 50 && math.Abs(p.Share-want) > 1e-9 || i > 0 && p.Share > paths[i-1].Share || p.Nodes[len(p.Nodes)-1].Kind != steer.MetricNode {
			t.Fatalf("path %d: %+v, want a share of %v", i, p, want)
		}
		if sum += p.Share; i == 49 && testing.Short() {
			return
		}
	}
	if len(paths) < 10 || len(paths) < 1<<16 && math.Abs(sum-1) > 1e-9 {
		t.Errorf("%d paths have %v of the metric", len(paths), sum)
	}
	if few := g.StrongestPaths(3); len(few) != 3 || few[2].Share != paths[2].Share {
		t.Errorf("the three strongest are %v", few)
	}
}

// TestPrune: all of the influence is the whole graph but for what leads nowhere; less is less, and nothing is left dangling.
func TestPrune(t *testing.T) {
	_, g, _ := graphs(t)
	p := g.Prune(.8, .98)
	if n := len(p.Nodes()); n >= len(g.Nodes()) || n < 8 || len(p.Edges()) >= len(g.Edges()) {
		t.Errorf("%d of %d nodes, %d of %d edges", n, len(g.Nodes()), len(p.Edges()), len(g.Edges()))
	}
	for _, n := range p.Nodes() {
		if n.Kind != steer.EmbeddingNode && n.Kind != steer.MetricNode && len(p.From(n)) == 0 {
			t.Errorf("%v dangles", n)
		}
	}
	if whole := g.Prune(1, 1); len(whole.Edges()) < len(g.Edges())*9/10 {
		t.Errorf("all of the influence has %d edges of %d", len(whole.Edges()), len(g.Edges()))
	}
	if all, few := g.Prune(1, .98), g.Prune(1, .5); len(few.Edges()) >= len(all.Edges()) || len(few.Edges()) == 0 {
		t.Errorf("half of the influence of edges has %d, nearly all of it %d", len(few.Edges()), len(all.Edges()))
	}
	if top := p.TopEdges(1); len(top) != 1 || top[0].String() != g.TopEdges(1)[0].String() {
		t.Errorf("the largest edge was %v, now %v", g.TopEdges(1), top)
	}
}

// TestSuperWeights: a neuron whose mean weight is 10 times the median stands out, not one of 9 times or of fewer edges, and not where
// another graph denies it.
func TestSuperWeights(t *testing.T) {
	made := func(first, second float32) steer.Graph { // weights of neurons L0/N0 and L0/N1 beside seven of weight 1, into six targets
		body := message.EdgesBody{Shape: steertest.NewEngine().Shape(), Tokens: make([]steer.Token, 1), Rule: steer.RelP, Targets: 6}
		for i := range 6 {
			body.Nodes = append(body.Nodes, message.EdgeNode{Neuron: steer.Neuron{Layer: 2, Index: i}})
		}
		for i := range 10 {
			body.Nodes = append(body.Nodes, message.EdgeNode{Neuron: steer.Neuron{Layer: 0, Index: i}})
		}
		weights := make([]float32, 6*16)
		for k := range 6 {
			for i := range 10 {
				weights[k*16+6+i] = 1
			}
			weights[k*16+6], weights[k*16+7] = first, second
			if weights[k*16+15] = 1000; k > 3 {
				weights[k*16+15] = 0 // four edges
			}
		}
		b, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		rec := steer.Record{Header: steer.Header{Body: b}, Tensors: map[string]steer.Tensor{"weights": {Shape: []int{6, 16}, Data: weights},
			"tokens": {Shape: []int{6, 1}, Data: make([]float32, 6)}, "balance": {Shape: []int{6, 5}, Data: make([]float32, 30)}}}
		return fake.Edges(pair).Result(func() steer.Record { return rec })
	}
	g := made(-10, 9)
	if all := g.SuperWeights(); len(all) != 1 || all[0] != (steer.SuperWeight{Neuron: steer.Neuron{}, Ratio: 10, Mean: -10, Edges: 6}) {
		t.Errorf("%+v", all)
	}
	if both := g.SuperWeights(made(20, 30)); len(both) != 1 {
		t.Errorf("another graph confirms %+v", both)
	}
	if both := g.SuperWeights(made(2, 30)); len(both) != 0 {
		t.Errorf("another graph, where it is none, confirms %+v", both)
	}
	if both := g.SuperWeights(steer.Graph{}); len(both) != 0 {
		t.Errorf("an empty graph confirms %+v", both)
	}
}

// TestMinWeight: the setting selects from what is there, on the task and on the graph.
func TestMinWeight(t *testing.T) {
	scores, g, _ := graphs(t)
	c := scores.TopEntries(30)
	a, b := run(t, fake.Edges(c).MinWeight(.1)), run(t, fake.Edges(c)).MinWeight(.1)
	if len(a.Edges()) == 0 || len(a.Edges()) != len(b.Edges()) || len(a.Edges()) >= len(g.Edges()) {
		t.Errorf("%d and %d edges of %d", len(a.Edges()), len(b.Edges()), len(g.Edges()))
	}
	for _, e := range a.Edges() {
		if math.Abs(e.Weight) < .1 {
			t.Error(e)
		}
	}
}

// TestTracerJSON: the file has what circuit_tracer/frontend/graph_models.py asks for, every link has its ends, and no two nodes share
// a name.
func TestTracerJSON(t *testing.T) {
	_, g, _ := graphs(t)
	b, err := g.TracerJSON("france-paris")
	if err != nil {
		t.Fatal(err)
	}
	var f struct {
		Metadata map[string]any
		QParams  map[string]any `json:"qParams"`
		Nodes    []map[string]any
		Links    []struct{ Source, Target string }
	}
	if err := json.Unmarshal(b, &f); err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"slug", "scan", "transcoder_list", "prompt_tokens", "prompt"} {
		if f.Metadata[k] == nil {
			t.Error("no", k)
		}
	}
	for _, k := range []string{"pinnedIds", "supernodes", "linkType", "clickedId", "sg_pos"} {
		if f.QParams[k] == nil {
			t.Error("no", k)
		}
	}
	known := map[any]bool{}
	for _, n := range f.Nodes {
		for _, k := range []string{"node_id", "feature", "layer", "ctx_idx", "feature_type", "jsNodeId"} {
			if n[k] == nil {
				t.Error("no", k, n)
			}
		}
		if clerp, _ := n["clerp"].(string); n["feature_type"] == "logit" && !strings.Contains(clerp, "(p=") {
			t.Errorf("the front end finds no probability in %q", clerp)
		}
		if known[n["node_id"]] {
			t.Error("two nodes are", n["node_id"])
		}
		known[n["node_id"]] = true
	}
	values := 0
	for _, x := range g.Balance() {
		i := slices.Index(g.Nodes(), x.Node)
		if want := any(x.Value); x.Node.Kind == steer.NeuronNode && f.Nodes[i]["activation"] != want {
			t.Errorf("%v has the activation %v, want %v", x.Node, f.Nodes[i]["activation"], want)
		} else if x.Node.Kind == steer.NeuronNode {
			values++
		} else if f.Nodes[i]["activation"] != nil {
			t.Errorf("%v is no neuron and has the activation %v", x.Node, f.Nodes[i]["activation"])
		}
	}
	if values == 0 {
		t.Error("no target is a neuron")
	}
	for _, l := range f.Links {
		if !known[l.Source] || !known[l.Target] {
			t.Error("a link without its ends:", l)
		}
	}
	if len(f.Nodes) != len(g.Nodes()) || len(f.Links) != len(g.Edges()) {
		t.Errorf("%d nodes and %d links", len(f.Nodes), len(f.Links))
	}
	sum := run(t, fake.Edges(run(t, fake.Attribute(france).Metric(steer.Logit(" Paris"), steer.Logit(" Rome").Times(-2))).TopEntries(5)))
	if b, err := sum.TracerJSON("sum"); err != nil || !strings.Contains(string(b), "(p=") {
		t.Error(err, "the front end finds no probability of a sum of logits")
	}
	for name, refused := range map[string]steer.Graph{"": g, "a b": g, "../x": g, "collapsed": g.Collapse()} {
		if _, err := refused.TracerJSON(name); err == nil {
			t.Errorf("%q is no mistake", name)
		}
	}
}

// TestGraphText: every layer has its line, and an empty graph says that it is.
func TestGraphText(t *testing.T) {
	_, g, _ := graphs(t)
	text := g.ASCII()
	for _, want := range []string{"tokens", "L0", "L1", "metric", "█", "↓"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if s := (steer.Graph{}).String() + (steer.Graph{}).ASCII() + (steer.Graph{}).DOT(5); !strings.Contains(s, "0 nodes") {
		t.Error(s)
	}
}

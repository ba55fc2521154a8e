package engine

import (
	"github.com/gomlx/gomlx/core/graph"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// edgesKey is what decides the shapes of the inputs of an edgesGraph beside what other graphs have.
type edgesKey struct {
	direct, ragged bool
	targets        int // B
	above, rows    int // R1, R
	neurons, heads int // targets that enter
	from, fromRow  int // edges from neurons; with direct, the rows that they leave from
	fromHead       int // edges from heads
	pulled         int // rows whose gradients in the heads' outputs are asked for
}

// traced is the body of an edgesGraph.
func (key graphKey) traced(c decoder.Config, w decoder.Weights, tb decoder.Tables, form decoder.TapeForm, at *graph.Node,
	take func(n int) []*graph.Node) []*graph.Node {
	k := key.edges
	tape := decoder.ReadTape(c, form, take(decoder.TapeLen(c, form)))
	in := decoder.Edges{Direct: k.direct, B: k.targets, At: at, Key: take(1)[0]}
	fill := func(has bool, nodes ...**graph.Node) {
		if !has {
			return
		}
		for _, n := range nodes {
			*n = take(1)[0]
		}
	}
	fill(k.ragged, &in.Slots, &in.Rows, &in.Own)
	fill(k.above > 0, &in.Above, &in.AboveAt)
	fill(k.neurons > 0, &in.Neurons, &in.Position, &in.Self)
	fill(k.rows > k.above, &in.Enter)
	fill(k.heads > 0, &in.Heads, &in.EnterAt)
	fill(k.from > 0, &in.From, &in.Of)
	fill(k.from > 0 && k.direct, &in.FromRow)
	fill(k.fromHead > 0, &in.FromHead)
	fill(k.pulled > 0, &in.Pulled)
	gx, r := in.Back(c, key.rules, w, tb, form, tape)
	return append([]*graph.Node{gx}, r.Nodes()...)
}

// has says which of decoder.Traced a graph gives, in their order.
func (key graphKey) has(c decoder.Config) []bool {
	k := key.edges
	return []bool{k.from > 0, k.fromHead > 0, k.pulled > 0, k.neurons > 0, k.direct && k.above > 0, !key.rules.Pattern,
		c.QKVBias || c.OutBias, c.MLPBias && k.above > 0, c.MLPBias && k.neurons > 0, key.form != "" && k.above > 0, key.form != "" && k.neurons > 0}
}

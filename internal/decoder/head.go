package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Head is the output matrix [V,D] as nodes of a graph, in either layout.
type Head struct {
	Layout Layout
	Nodes  []*Node
}

// Logits returns the logits at the given rows of the residual stream.
func Logits(c Config, final *Node, head Head, x, rows *Node) *Node { // [1,D], [R,D], [N] → [N,V]
	n := rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	xn, _ := norm(c, Gather(x, InsertAxes(rows, -1)), final) // [N,D]
	logits := linear(head.Layout, head.Nodes, xn)            // [N,V]
	logits.AssertDims(n, c.Vocab)
	return logits
}

// Terms are the N summands of the metrics of a batch as nodes of a graph: logit[Target] − logit[Versus] at a row.
type Terms struct {
	Rows   *Node // [N] int32, of the residual stream: b·T + position
	Target *Node // [N] int32
	Versus *Node // [N] int32; 0 where Sign is 0
	Sign   *Node // [N,1], 1, or 0 where the term has no versus
	Place  *Node // [R,N], 1 where a term belongs to a row, else 0
}

// Seed evaluates the terms and begins the backward pass at the residual stream after the last layer. The logits enter a
// metric linearly, so a term needs two rows of the output matrix, table [V,D], and no logits.
func Seed(c Config, rules Rules, final, table, x *Node, t Terms) (terms, gx *Node) { // → [N], [R,D]
	n := t.Rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	table.AssertDims(c.Vocab, c.Width)
	t.Sign.AssertDims(n, 1)
	t.Place.AssertDims(x.Shape().Dim(0), n)
	row := func(from, ids *Node) *Node { return Gather(from, InsertAxes(ids, -1)) } // [·,D], [N] → [N,D]

	xn, tape := norm(c, row(x, t.Rows), final)                           // [N,D]
	diff := Sub(row(table, t.Target), Mul(row(table, t.Versus), t.Sign)) // ∂m/∂xn [N,D]
	terms = ReduceSum(Mul(xn, diff), -1)                                 // [N]
	gx = matmul(t.Place, tape.back(rules, diff), 0)                      // [R,D]
	gx.AssertDims(x.Shape().Dimensions...)
	return terms, gx
}

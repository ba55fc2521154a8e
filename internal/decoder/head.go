package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Logits returns the logits at the given rows of the residual stream.
func Logits(c Config, final, head, x, rows *Node) *Node { // [1,D], [V,D], [R,D], [N] → [N,V]
	x.AssertDims(-1, c.Width)
	head.AssertDims(c.Vocab, c.Width)
	xn, _ := norm(c, Gather(x, InsertAxes(rows, -1)), final) // [N,D]
	return matmul(xn, head, 1)                               // [N,V]
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
// metric linearly, so a term needs two rows of the output matrix and no logits.
func Seed(c Config, rules Rules, final, head, x *Node, t Terms) (terms, gx *Node) { // → [N], [R,D]
	n := t.Rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	head.AssertDims(c.Vocab, c.Width)
	t.Sign.AssertDims(n, 1)
	t.Place.AssertDims(x.Shape().Dim(0), n)
	row := func(table, ids *Node) *Node { return Gather(table, InsertAxes(ids, -1)) } // [·,D], [N] → [N,D]

	xn, tape := norm(c, row(x, t.Rows), final)                         // [N,D]
	diff := Sub(row(head, t.Target), Mul(row(head, t.Versus), t.Sign)) // ∂m/∂xn [N,D]
	terms = ReduceSum(Mul(xn, diff), -1)                               // [N]
	gx = matmul(t.Place, tape.back(rules, diff), 0)                    // [R,D]
	gx.AssertDims(x.Shape().Dimensions...)
	return terms, gx
}

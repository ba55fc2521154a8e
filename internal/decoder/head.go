package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Logits returns the logits at the given rows of the residual stream; head is the output matrix.
func Logits(c Config, final, head, x, rows *Node) *Node { // [1,D], [V,D], [R,D], [N] → [N,V]
	n := rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	xn, _ := norm(c, rowsOf(x, rows), final) // [N,D]
	logits := matmul(xn, head, 1)            // [N,V]
	logits.AssertDims(n, c.Vocab)
	return logits
}

// Unembed returns W_U x without the final norm.
func Unembed(c Config, head, x *Node) *Node { // [V,D], [N,D] → [N,V]
	x.AssertDims(-1, c.Width)
	return matmul(x, head, 1)
}

// LogitGradient returns ∂m/∂xn of logit differences, m = ⟨W_U[target] − sign·W_U[versus], xn⟩, xn being the normed residual
// stream. The logits enter m linearly, so that it takes two rows of the output matrix table and no logits. sign is 1, or 0
// where there is no versus.
func LogitGradient(c Config, table, target, versus, sign *Node) *Node { // [V,D], [N], [N], [N,1] → [N,D]
	table.AssertDims(c.Vocab, c.Width)
	sign.AssertDims(target.Shape().Dim(0), 1)
	return Sub(rowsOf(table, target), Mul(rowsOf(table, versus), sign))
}

// Pull returns ∂m/∂xn of a metric whose gradient in the logits is g.
func Pull(c Config, table, g *Node) *Node { // [V,D], [N,V] → [N,D]
	table.AssertDims(c.Vocab, c.Width)
	return matmul(g, table, 0)
}

// Seed begins the backward pass at the residual stream x after the last layer, given the gradient ∂m/∂xn of N terms, each
// at a row of x; place [R,N] is a term's weight where it belongs to a row, else 0. linear is ⟨∂m/∂z, z⟩ of each term over the logits
// z = W_U xn, which is ⟨∂m/∂xn, xn⟩.
func Seed(c Config, rules Rules, final, x, rows, place, gradient *Node) (linear, gx *Node) { // → [N], [R,D]
	n := rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	place.AssertDims(x.Shape().Dim(0), n)
	gradient.AssertDims(n, c.Width)
	xn, tape := norm(c, rowsOf(x, rows), final)       // [N,D]
	linear = ReduceSum(Mul(xn, gradient), -1)         // [N]
	gx = matmul(place, tape.back(rules, gradient), 0) // [R,D]
	gx.AssertDims(x.Shape().Dimensions...)
	return linear, gx
}

// rowsOf looks up rows of a matrix.
func rowsOf(from, ids *Node) *Node { return Gather(from, InsertAxes(ids, -1)) } // [·,D], [N] → [N,D]

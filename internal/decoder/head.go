package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Logits returns the logits at the given rows of the residual stream, before their cap; head is the output matrix.
func Logits(c Config, final, head, x, rows *Node) *Node { // [1,D], [V,D], [R,D], [N] → [N,V]
	n := rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	xn, _ := norm(c, rowsOf(x, rows), final) // [N,D]
	logits := Unembed(c, head, xn)           // [N,V]
	logits.AssertDims(n, c.Vocab)
	return logits
}

// LogitsAt returns the logits of some tokens alone at the given rows, before their cap.
func LogitsAt(c Config, final, head, x, rows, tokens *Node) *Node { // [1,D], [V,D], [R,D], [N], [n] → [N,n]
	x.AssertDims(-1, c.Width)
	xn, _ := norm(c, rowsOf(x, rows), final) // [N,D]
	return Unembed(c, rowsOf(head, tokens), xn)
}

// Unembed returns the logits of x, before their cap, without the final norm: a linear map.
func Unembed(c Config, head, x *Node) *Node { // [V,D], [N,D] → [N,V]
	x.AssertDims(-1, c.Width)
	return scaled(matmul(x, head, 1), c.LogitScale)
}

// CapLogits caps logits as the model does.
func CapLogits(c Config, z *Node) *Node { // [N,V] → [N,V]
	y, _ := softCap(z, c.LogitCap)
	return y
}

// LogitGradient returns ∂m/∂xn of logit differences, m = ⟨W_U[target] − sign·W_U[versus], xn⟩, xn being the normed residual
// stream. The logits enter m linearly, so that it takes two rows of the output matrix table and no logits. sign is 1, or 0
// where there is no versus.
func LogitGradient(c Config, table, target, versus, sign *Node) *Node { // [V,D], [N], [N], [N,1] → [N,D]
	table.AssertDims(c.Vocab, c.Width)
	sign.AssertDims(target.Shape().Dim(0), 1)
	return scaled(Sub(rowsOf(table, target), Mul(rowsOf(table, versus), sign)), c.LogitScale)
}

// CappedGradient is LogitGradient in a model that caps its logits: then the gradient depends on the logits of the terms, at
// rows of the residual stream x, and m is not linear in them, so that it is returned too.
func CappedGradient(c Config, rules Rules, final, table, x, rows, target, versus, sign *Node) (gradient, m *Node) { // → [N,D], [N]
	table.AssertDims(c.Vocab, c.Width)
	sign.AssertDims(target.Shape().Dim(0), 1)
	xn, _ := norm(c, rowsOf(x, rows), final)         // [N,D]
	one := func(ids *Node) (gradient, logit *Node) { // [N] → [N,D], [N,1]
		w := scaled(rowsOf(table, ids), c.LogitScale)  // [N,D]
		z := InsertAxes(ReduceSum(Mul(w, xn), -1), -1) // [N,1]
		y, slope := softCap(z, c.LogitCap)             // [N,1]
		return Mul(w, capFactor(rules, z, y, slope)), y
	}
	gt, yt := one(target)
	gv, yv := one(versus)
	return Sub(gt, Mul(gv, sign)), Reshape(Sub(yt, Mul(yv, sign)), rows.Shape().Dim(0))
}

// Pull returns ∂m/∂xn of a metric whose gradient in the logits before their cap is g.
func Pull(c Config, table, g *Node) *Node { // [V,D], [N,V] → [N,D]
	table.AssertDims(c.Vocab, c.Width)
	return scaled(matmul(g, table, 0), c.LogitScale)
}

// Seed begins the backward pass at the residual stream x after the last layer, given the gradient ∂m/∂xn of N terms, each
// at a row of x; place [R',N] is a term's weight where it belongs to a row of the backward pass, else 0. linear is ⟨∂m/∂z, z⟩ of each term over the
// logits z before their cap, which is ⟨∂m/∂xn, xn⟩.
func Seed(c Config, rules Rules, final, x, rows, place, gradient *Node) (linear, gx *Node) { // → [N], [R',D]
	n := rows.Shape().Dim(0)
	x.AssertDims(-1, c.Width)
	place.AssertDims(-1, n)
	gradient.AssertDims(n, c.Width)
	xn, tape := norm(c, rowsOf(x, rows), final)            // [N,D]
	linear = ReduceSum(Mul(xn, gradient), -1)              // [N]
	gx = matmul(place, tape.back(rules.Norm, gradient), 0) // [R',D]
	gx.AssertDims(-1, c.Width)
	return linear, gx
}

// Rows looks up rows of a matrix.
func Rows(from, ids *Node) *Node { return rowsOf(from, ids) } // [·,D], [N] → [N,D]

// rowsOf is Rows.
func rowsOf(from, ids *Node) *Node { return Gather(from, InsertAxes(ids, -1)) } // [·,D], [N] → [N,D]

package decoder

import . "github.com/gomlx/gomlx/core/graph"

// attended is what the backward pass of attention needs of its forward pass.
type attended struct {
	q *Node // [B·K, G·T, C], turned by position and scaled by 1/√C
	k *Node // [B·K, T, C], turned by position
	v *Node // [B·K, T, C]
	p *Node // [B·K, G·T, T], the attention pattern; nil where it is made in blocks
}

// toHeads puts the head axis before the positions and joins the heads that share a key.
func toHeads(c Config, x *Node) *Node { // [B,T,heads,C] → [B·K, heads/K·T, C]
	b, t, heads := x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2)
	if t > 1 { // a single position needs no exchange
		x = TransposeAllAxes(x, 0, 2, 1, 3) // [B,heads,T,C]
	}
	return Reshape(x, b*c.KVHeads, heads/c.KVHeads*t, c.HeadDim) // [B·K, heads/K·T, C]
}

// fromHeads is the inverse of toHeads, and so its transpose.
func fromHeads(c Config, x *Node, heads int) *Node { // [B·K, heads/K·T, C] → [B,T,heads,C]
	b, t := x.Shape().Dim(0)/c.KVHeads, x.Shape().Dim(1)*c.KVHeads/heads
	if t == 1 {
		return Reshape(x, b, 1, heads, c.HeadDim) // [B,1,heads,C]
	}
	return TransposeAllAxes(Reshape(x, b, heads, t, c.HeadDim), 0, 2, 1, 3) // [B,T,heads,C]
}

// batched multiplies the matrices of two batches. The Go backend is several times faster at this order of the axes than
// at the three others; turning the smaller factor first costs less.
func batched(x, y *Node) *Node { // [n,i,j], [n,j,k] → [n,i,k]
	return DotGeneral(x, []int{2}, []int{0}, y, []int{1}, []int{0})
}

// flip transposes the matrices of a batch.
func flip(x *Node) *Node { return TransposeAllAxes(x, 0, 2, 1) } // [n,i,j] → [n,j,i]

// project makes queries, keys and values.
func project(c Config, w Weights, tb Tables, xn *Node) (q, k, v *Node) { // [R,D] → [B·K, G·T, C], [B·K, T, C] twice
	b, t := tb.QCos.Shape().Dim(0), tb.QCos.Shape().Dim(1)
	xn.AssertDims(b*t, c.Width)
	tb.QCos.AssertDims(b, t, c.Heads, c.HeadDim)
	tb.KCos.AssertDims(b, t, c.KVHeads, c.HeadDim)
	q = Reshape(w.apply(xn, Query), b, t, c.Heads, c.HeadDim)   // [B,T,H,C]
	k = Reshape(w.apply(xn, Key), b, t, c.KVHeads, c.HeadDim)   // [B,T,K,C]
	v = Reshape(w.apply(xn, Value), b, t, c.KVHeads, c.HeadDim) // [B,T,K,C]
	q = toHeads(c, rope(c, q, tb.QCos, tb.QSin))                // [B·K, G·T, C]
	k = toHeads(c, rope(c, k, tb.KCos, tb.KSin))                // [B·K, T, C]
	return q, k, toHeads(c, v)
}

// attention is grouped-query attention (Ainslie et al., arXiv 2305.13245): W_out softmax(q kᵀ + mask) v.
func attention(c Config, w Weights, tb Tables, xn *Node) (y *Node, a attended) { // xn [R,D] → y [R,D]
	r, t := xn.Shape().Dim(0), tb.QCos.Shape().Dim(1)
	a.q, a.k, a.v = project(c, w, tb, xn)
	var o *Node // [B·K, G·T, C]
	if blocks := tb.blocks(); len(blocks) == 1 {
		tb.Mask.AssertDims(r/t*c.KVHeads, c.Group()*t, t)
		s := batched(a.q, flip(a.k))       // [B·K, G·T, T]
		a.p = Softmax(Add(s, tb.Mask), -1) // [B·K, G·T, T]
		o = batched(a.p, a.v)              // [B·K, G·T, C]
	} else {
		o = a.inBlocks(c, tb, blocks)
	}
	y = w.apply(Reshape(fromHeads(c, o, c.Heads), r, c.Heads*c.HeadDim), Out) // [R,D]
	y.AssertDims(r, c.Width)
	return y, a
}

// back is the backward pass of attention: the ordinary gradient through queries, keys, values and the softmax, or, where
// the pattern is constant, through the values alone (the AH-rule of Ali et al., arXiv 2202.07304).
//
// score is ⟨∂m/∂S, S⟩ of every row of the attention scores S = q kᵀ before mask and softmax. It needs no S: the gradient of
// q is gq = gS k, so ⟨gS_i, S_i⟩ = ⟨gq_i, q_i⟩. It is nil where the pattern is constant.
func (a attended) back(c Config, rules Rules, w Weights, tb Tables, g *Node) (gx, score *Node) { // [R,D] → [R,D], [B·K, G·T]
	r, t := g.Shape().Dim(0), tb.QCos.Shape().Dim(1)
	g.AssertDims(r, c.Width)
	flat := func(x *Node, heads int) *Node { return Reshape(x, r, heads*c.HeadDim) } // [B,T,heads,C] → [R, heads·C]

	ga := toHeads(c, Reshape(w.pull(g, Out), r/t, t, c.Heads, c.HeadDim)) // [B·K, G·T, C]
	var gq, gk, gv *Node
	if blocks := tb.blocks(); len(blocks) == 1 {
		gq, gk, gv = softmaxBack(rules, a.q, a.k, a.v, a.p, ga)
	} else {
		gq, gk, gv = a.backInBlocks(c, rules, tb, blocks, ga)
	}
	gx = w.pull(flat(fromHeads(c, gv, c.KVHeads), c.KVHeads), Value) // [R,D]
	if rules.Pattern {
		return gx, nil
	}
	score = ReduceSum(Mul(gq, a.q), -1)                             // [B·K, G·T]
	gq = ropeBack(c, fromHeads(c, gq, c.Heads), tb.QCos, tb.QSin)   // [B,T,H,C]
	gk = ropeBack(c, fromHeads(c, gk, c.KVHeads), tb.KCos, tb.KSin) // [B,T,K,C]
	gx = Add(gx, w.pull(flat(gq, c.Heads), Query))                  // [R,D]
	gx = Add(gx, w.pull(flat(gk, c.KVHeads), Key))                  // [R,D]
	gx.AssertDims(r, c.Width)
	return gx, score
}

// softmaxBack is the backward pass of softmax(q kᵀ + mask) v for n queries that see m keys, p being the pattern
// [B·K, G·n, m]. gq and gk are nil where the pattern is constant.
func softmaxBack(rules Rules, q, k, v, p, g *Node) (gq, gk, gv *Node) { // q, g [B·K, G·n, C], k, v [B·K, m, C] → the same
	p.AssertDims(q.Shape().Dim(0), q.Shape().Dim(1), k.Shape().Dim(1))
	gv = batched(flip(p), g) // [B·K, m, C]
	if rules.Pattern {
		return nil, nil, gv
	}
	gp := batched(g, flip(v))                                // [B·K, G·n, m]
	pg := Mul(p, gp)                                         // [B·K, G·n, m]
	gs := Sub(pg, Mul(p, InsertAxes(ReduceSum(pg, -1), -1))) // [B·K, G·n, m]
	gq = batched(gs, k)                                      // [B·K, G·n, C]
	gk = batched(flip(gs), q)                                // [B·K, m, C]
	return gq, gk, gv
}

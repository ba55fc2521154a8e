package decoder

import . "github.com/gomlx/gomlx/core/graph"

// attended is what the backward pass of attention needs of its forward pass.
type attended struct {
	q      *Node // [B·K, G·T', C], normed, turned by position and scaled; T' is T, or less where few rows go on
	k      *Node // [B·K, T, C], normed and turned by position
	v      *Node // [B·K, T, C]
	p      *Node // [B·K, G·T', T], the attention pattern; nil where it is made in blocks
	slope  *Node // [B·K, G·T', T], of the cap of the scores; nil without one, and in blocks
	qn, kn normed
	z      *Node // the heads' outputs, after an edit [N, H·C]
	heads  *Node // the edit's factors of the heads' outputs [N,H]; nil without an edit
}

// toHeads puts the head axis before the positions and joins the heads that share a key.
func toHeads(c Config, x *Node) *Node { // [B,T,heads,n] → [B·K, heads/K·T, n]
	b, t, heads, n := x.Shape().Dim(0), x.Shape().Dim(1), x.Shape().Dim(2), x.Shape().Dim(3)
	if t > 1 { // a single position needs no exchange
		x = TransposeAllAxes(x, 0, 2, 1, 3) // [B,heads,T,n]
	}
	return Reshape(x, b*c.KVHeads, heads/c.KVHeads*t, n) // [B·K, heads/K·T, n]
}

// fromHeads is the inverse of toHeads, and so its transpose.
func fromHeads(c Config, x *Node, heads int) *Node { // [B·K, heads/K·T, n] → [B,T,heads,n]
	b, t, n := x.Shape().Dim(0)/c.KVHeads, x.Shape().Dim(1)*c.KVHeads/heads, x.Shape().Dim(2)
	if t == 1 {
		return Reshape(x, b, 1, heads, n) // [B,1,heads,n]
	}
	return TransposeAllAxes(Reshape(x, b, heads, t, n), 0, 2, 1, 3) // [B,T,heads,n]
}

// batched multiplies the matrices of two batches. The Go backend is several times faster at this order of the axes than
// at the three others; turning the smaller factor first costs less.
func batched(x, y *Node) *Node { // [n,i,j], [n,j,k] → [n,i,k]
	return DotGeneral(x, []int{2}, []int{0}, y, []int{1}, []int{0})
}

// flip transposes the matrices of a batch.
func flip(x *Node) *Node { return TransposeAllAxes(x, 0, 2, 1) } // [n,i,j] → [n,j,i]

// project makes queries of the rows that go on, and keys and values of all.
func project(c Config, w Weights, tb Tables, xn *Node) (a attended) { // [R,D] → [B·K, G·T', C], [B·K, T, C] twice
	xn.AssertDims(tb.R, c.Width)
	on := tb.on()
	q, k, v := w.apply(tb.pick(xn), Query), w.apply(xn, Key), w.apply(xn, Value) // [N,H·C], [R,K·C] twice
	q, a.qn = normHeads(c, q, w[QueryNorm])                                      // [N,H·C]
	k, a.kn = normHeads(c, k, w[KeyNorm])                                        // [R,K·C]
	split := func(x *Node, heads int) *Node { return Reshape(x, -1, heads, c.HeadDim) }
	q, k = on.queries(c, split(q, c.Heads)), tb.keys(c, split(k, c.KVHeads)) // [N,H,C], [R,K,C]
	a.q, a.k, a.v = toHeads(c, on.toSlots(q)), toHeads(c, tb.toSlots(k)), toHeads(c, tb.toSlots(split(v, c.KVHeads)))
	return a
}

// attention is grouped-query attention (Ainslie et al., arXiv 2305.13245): W_out softmax(cap(q kᵀ) + mask) v.
func attention(c Config, w Weights, tb Tables, e *Edit, xn *Node) (y *Node, a attended) { // xn [R,D] → y [N,D]
	a = project(c, w, tb, xn)
	on := tb.on()
	var o *Node // [B·K, G·T', C]
	if tb.Blocks() {
		o = a.inBlocks(c, tb)
	} else {
		a.p, a.slope = pattern(c, a.q, a.k, on.Mask) // [B·K, G·T', T]
		o = batched(a.p, a.v)                        // [B·K, G·T', C]
	}
	z := on.toRows(fromHeads(c, o, c.Heads)) // [N, H·C]
	if e != nil {
		z = e.onHeads(c, z)                 // [N, H·C]
		a.heads = spread(on.R, e.factors()) // [N,H]
	}
	a.z = z
	y = w.apply(z, Out) // [N,D]
	y.AssertDims(on.R, c.Width)
	return y, a
}

// pattern returns the attention pattern of n queries that see m keys, and the slope of the cap of its scores, nil without one.
func pattern(c Config, q, k, mask *Node) (p, slope *Node) { // [B·K, G·n, C], [B·K, m, C], [1 or B,1,n,m] → [B·K, G·n, m] twice
	s, slope := softCap(batched(q, flip(k)), c.AttentionCap)
	b, n, m := q.Shape().Dim(0)/c.KVHeads, q.Shape().Dim(1)/c.Group(), k.Shape().Dim(1)
	mask.AssertDims(-1, 1, n, m)
	s = Add(Reshape(s, b, c.Heads, n, m), mask) // [B,H,n,m]
	return Reshape(Softmax(s, -1), b*c.KVHeads, c.Group()*n, m), slope
}

// flows are gradients in queries, keys and values, and the relevance of the heads' outputs.
type flows struct {
	q, k, v *Node // nil where the pattern is constant, but for v
	heads   *Node // Σ_c z·∂m/∂z of every row of z = p v [B·K, G·T', 1]
	sources *Node // Σ_i p_ij ⟨v_j, ∂m/∂z_i⟩: the same by the key j that it comes from [B·K, T, G]
}

// flow is what the backward pass of attention finds beside gradients, by row.
type flow struct {
	heads   *Node // [R,H]
	sources *Node // [R,H]
	score   *Node // half of what queries and keys take [R,1]; nil where the pattern is constant
	biases  *Node // [R,1]; nil where there are none
	slopes  *Node // ∂m/∂z' of the heads' outputs as an edit leaves them [N, H·C]
}

// back is the backward pass of attention: the ordinary gradient through queries, keys, values and the softmax, or, where
// the pattern is constant, through the values alone (the AH-rule of Ali et al., arXiv 2202.07304).
//
// score is half of ⟨∂m/∂q, q⟩ + ⟨∂m/∂k, k⟩ at the outputs of the projections. Without norms of queries and keys, or where they
// are constant, both are ⟨∂m/∂S, S⟩ of the attention scores S = q kᵀ before cap, mask and softmax, which needs no S: the
// gradient of q is gq = gS k, so ⟨gS_i, S_i⟩ = ⟨gq_i, q_i⟩. A differentiable norm leaves of it what its eps does.
func (a attended) back(c Config, rules Rules, w Weights, tb Tables, g *Node) (gx *Node, r flow) { // [N,D] → [R,D]
	g.AssertDims(tb.on().R, c.Width)
	return a.backFrom(c, rules, w, tb, w.pull(g, Out), w.bias(g, Out))
}

// backFrom is back from the gradient in the heads' outputs; bias is what the bias after them takes, nil where there is none.
func (a attended) backFrom(c Config, rules Rules, w Weights, tb Tables, gr, bias *Node) (gx *Node, r flow) { // [N, H·C], [N,1] → [R,D]
	on := tb.on()
	gr.AssertDims(on.R, c.queries())
	flat := func(x *Node) *Node { return Reshape(x, x.Shape().Dim(0), -1) }             // [R,heads,C] → [R, heads·C]
	split := func(x *Node, heads int) *Node { return Reshape(x, -1, heads, c.HeadDim) } // the inverse
	queries := func(x *Node) *Node { return on.toRows(fromHeads(c, x, c.Heads)) }       // [B·K, G·T', n] → [N, H·n]
	keys := func(x *Node, heads int) *Node { return tb.toRows(fromHeads(c, x, heads)) } // [B·K, heads/K·T, n] → [R, heads·n]

	r.slopes = gr
	if a.heads != nil {
		gr = onHeads(c, gr, a.heads)
	}
	gz := toHeads(c, on.toRowsBack(gr, c.Heads)) // [B·K, G·T', C]
	var f flows
	if tb.Blocks() {
		f = a.backInBlocks(c, rules, tb, gz)
	} else {
		f = softmaxBack(c, rules, a.q, a.k, a.v, a.p, a.slope, gz)
	}
	r.heads = tb.pickBack(queries(f.heads))                                                // [R,H]
	r.sources = keys(Reshape(flip(f.sources), tb.B*c.KVHeads, c.Group()*tb.T, 1), c.Heads) // [R,H]
	gv := keys(f.v, c.KVHeads)                                                             // [R,K·C]
	gx, r.biases = w.pull(gv, Value), total(tb.pickBack(bias), w.bias(gv, Value))
	if rules.Pattern {
		return gx, r
	}
	r.score = a.taken(c, rules, tb, f)                                              // [R,1]
	gq, gk := queries(f.q), keys(f.k, c.KVHeads)                                    // [N,H·C], [R,K·C]
	fq := a.qn.backHeads(rules.QKNorm, flat(on.queriesBack(c, split(gq, c.Heads)))) // [N,H·C]
	fk := a.kn.backHeads(rules.QKNorm, flat(tb.keysBack(c, split(gk, c.KVHeads))))  // [R,K·C]
	gx = Add(gx, w.pull(fk, Key))                                                   // [R,D], as one product of all rows
	gx = Add(gx, tb.pickBack(w.pull(fq, Query)))                                    // [R,D]
	r.biases = total(r.biases, tb.pickBack(w.bias(fq, Query)), w.bias(fk, Key))
	gx.AssertDims(tb.R, c.Width)
	return gx, r
}

// taken returns half of what queries and keys take, by row.
func (a attended) taken(c Config, rules Rules, tb Tables, f flows) *Node { // → [R,1]
	side := func(tb Tables, g, x *Node, n normed, heads int) *Node { // [B·K, heads/K·T, C] twice
		s := tb.toRows(fromHeads(c, InsertAxes(ReduceSum(Mul(g, x), -1), -1), heads)) // [R,heads]
		rows := tb.R
		if n.root == nil || rules.QKNorm {
			return InsertAxes(ReduceSum(s, -1), -1) // [R,1]
		}
		normed := n.root.Shape().Dim(0)                                                     // R·heads, or R where all are normed together
		s = n.left(c, InsertAxes(ReduceSum(Reshape(s, normed, rows*heads/normed), -1), -1)) // [normed,1]
		return InsertAxes(ReduceSum(Reshape(s, rows, normed/rows), -1), -1)                 // [R,1]
	}
	q := tb.pickBack(side(tb.on(), f.q, a.q, a.qn, c.Heads))
	if a.qn.root == nil || rules.QKNorm {
		return q // keys take as much
	}
	return MulScalar(Add(q, side(tb, f.k, a.k, a.kn, c.KVHeads)), .5)
}

// softmaxBack is the backward pass of softmax(cap(q kᵀ) + mask) v for n queries that see m keys, p being the pattern and
// slope that of the cap, both [B·K, G·n, m]; slope is nil without a cap.
func softmaxBack(c Config, rules Rules, q, k, v, p, slope, g *Node) (f flows) { // q, g [B·K, G·n, C], k, v [B·K, m, C] → the same
	p.AssertDims(q.Shape().Dim(0), q.Shape().Dim(1), k.Shape().Dim(1))
	of := func(x *Node) *Node { // a matrix for each query head: [B·K, G·n, ·] → [B·K·G, n, ·]
		return Reshape(x, x.Shape().Dim(0)*c.Group(), x.Shape().Dim(1)/c.Group(), x.Shape().Dim(2))
	}
	f.v, f.sources = c.sum(batched(flip(of(g)), of(p)), v) // [B·K, m, C], [B·K, m, G]
	pg := Mul(p, batched(g, flip(v)))                      // [B·K, G·n, m]
	f.heads = InsertAxes(ReduceSum(pg, -1), -1)            // Σ_j p_ij ⟨v_j, g_i⟩ = ⟨z_i, g_i⟩ [B·K, G·n, 1]
	if rules.Pattern {
		return f
	}
	gs := Sub(pg, Mul(p, f.heads)) // [B·K, G·n, m]
	if slope != nil {
		gs = Mul(gs, slope)
	}
	f.q = batched(gs, k)             // [B·K, G·n, C]
	f.k = flip(batched(flip(q), gs)) // gSᵀ q, by the smaller matrices turned [B·K, m, C]
	return f
}

// sum takes the gradients in the values by query head to those in the values, and to what each head reads at each: ⟨v_j, gv_j⟩.
func (c Config) sum(gv, v *Node) (all, sources *Node) { // [B·K·G, C, m], [B·K, m, C] → [B·K, m, C], [B·K, m, G]
	n, m, g := v.Shape().Dim(0), v.Shape().Dim(1), c.Group()
	gv = Reshape(gv, n, g, c.HeadDim, m)                    // [B·K, G, C, m]
	sources = ReduceSum(Mul(gv, InsertAxes(flip(v), 1)), 2) // [B·K, G, m]
	heads := make([]*Node, g)
	for i := range heads {
		heads[i] = Reshape(Slice(gv, AxisRange(), AxisRange(i, i+1)), n, c.HeadDim, m)
	}
	return flip(total(heads...)), flip(sources)
}

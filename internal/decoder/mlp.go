package decoder

import . "github.com/gomlx/gomlx/core/graph"

// gated is what the backward pass of an MLP needs of its forward pass: everything nonlinear, as coefficients.
type gated struct {
	h      *Node // h' [R,F], the neurons after the edit: the input of down_proj
	dgate  *Node // ∂h'/∂gate [R,F]
	dup    *Node // ∂h'/∂up [R,F]
	rest   *Node // the constant part of h' [R,F]; nil without an edit
	vector *Node // what the edit adds to the output [R,D]; nil without an edit
	outs   []taken
}

// A gated MLP (Shazeer, arXiv 2002.05202, equation 6) is W_down edit(act(W_gate x)·(W_up x)), plus the edit's vector.
//
// Half rule (the Half-rule and the Identity-rule of RelP, arXiv 2508.21258; on these neurons, Arora et al., arXiv
// 2601.22594): act(g) = g·c(g) with c(g) a constant, and each factor of the product a·u, a = g·c, receives half of its
// gradient: ∂h/∂g = ½·c·u, ∂h/∂u = ½·a. Then ⟨∂h/∂g, g⟩ + ⟨∂h/∂u, u⟩ = h: relevance is conserved. Without it these are the
// ordinary derivatives.
//
// neurons is the part of it before the edit, down the rest.
func neurons(c Config, rules Rules, w Weights, xn *Node) (m gated) { // [R,D]
	xn.AssertDims(-1, c.Width)
	g := w.apply(xn, Gate)    // [R,F]
	u := w.apply(xn, Up)      // [R,F]
	s, ds := activation(c, g) // [R,F] twice
	a := Mul(g, s)            // [R,F]
	m.h = Mul(a, u)           // [R,F]
	m.dgate, m.dup = Mul(u, s), a
	if rules.Half {
		m.dgate, m.dup = MulScalar(m.dgate, .5), MulScalar(m.dup, .5) // [R,F]
	} else {
		rise := Sub(g, a) // g·(1 − c), so that act' = c + g·c' = c·(1 + g·(1 − c)·ds) [R,F]
		if ds != nil {
			rise = Mul(rise, ds)
		}
		m.dgate = Mul(m.dgate, AddScalar(rise, 1)) // [R,F]
	}
	return m
}

// down edits the neurons, of which there may be no more than h, and goes on from them.
func (m gated) down(c Config, w Weights, e *Edit) (y *Node, all gated) { // → [R,D]
	m.h.AssertDims(-1, c.Neurons)
	var d edited
	m.h, d = e.apply(m.h) // [R,F]
	if e != nil && m.dup != nil {
		m.dgate, m.dup, m.rest = Mul(m.dgate, d.slope), Mul(m.dup, d.slope), d.rest // [R,F]
	}
	y, m.vector, m.outs = e.vectors(AtMLP, w.apply(m.h, Down)) // [R,D]
	y.AssertDims(m.h.Shape().Dim(0), c.Width)
	return y, m
}

// back is the backward pass of both. scores is h'·∂m/∂h'; injected and biases are the relevance of the edit's constants and
// of the biases by row, nil where there are none.
func (m gated) back(c Config, w Weights, g *Node) (gx, scores, injected, biases *Node) { // [R,D] → [R,D], [R,F], [R,1] twice
	g.AssertDims(-1, c.Width)
	if m.vector != nil {
		injected = row(Mul(m.vector, g)) // [R,1]
	}
	g = outsBack(m.outs, g)
	gh := w.pull(g, Down) // ∂m/∂h' [R,F]
	scores = Mul(m.h, gh) // [R,F]
	if m.rest != nil {
		injected = Add(row(Mul(m.rest, gh)), injected) // [R,1]
	}
	gg, gu := Mul(gh, m.dgate), Mul(gh, m.dup)                        // [R,F]
	biases = total(w.bias(g, Down), w.bias(gg, Gate), w.bias(gu, Up)) // [R,1]
	gx = Add(w.pull(gg, Gate), w.pull(gu, Up))                        // [R,D]
	gx.AssertDims(g.Shape().Dimensions...)
	return gx, scores, injected, biases
}

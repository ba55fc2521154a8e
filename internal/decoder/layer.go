package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Forward runs one layer on the residual stream: x + attention(norm x), then x + mlp(norm x), with the norms and multipliers
// that the model has. rules choose what the tape holds; they do not change y. A nil edit is none. The N rows of y are those
// that go on: all R, but where the tables pick some.
func Forward(c Config, rules Rules, w Weights, tb Tables, e *Edit, x *Node) (y *Node, tape Tape) { // [R,D] → [N,D]
	all := e
	e = e.picked(tb)
	x, tape = toNeurons(c, rules, w, tb, e, x) // [N,D]
	y, tape = tape.fromNeurons(c, w, e, x)     // [N,D]
	all.decided(e)
	y.AssertDims(tb.on().R, c.Width)
	return y, tape
}

// ToNeurons is the part of a layer that no edit of its neurons changes, nor one of what comes after them: the stream x that the MLP
// adds to, and the neurons h. FromNeurons is the rest.
func ToNeurons(c Config, w Weights, tb Tables, x *Node) (mid, h *Node) { // [R,D] → [N,D], [N,F]
	mid, tape := toNeurons(c, RelP, w, tb, nil, x)
	return mid, tape.h
}

// FromNeurons ends a layer from what ToNeurons gives; nobody decides there for rows that are not.
func FromNeurons(c Config, w Weights, e *Edit, mid, h *Node) (y *Node) { // [R,D], [R,F] → [R,D]
	y, _ = Tape{gated: gated{h: h}}.fromNeurons(c, w, e, mid)
	return y
}

func toNeurons(c Config, rules Rules, w Weights, tb Tables, e *Edit, x *Node) (mid *Node, t Tape) { // [R,D] → [N,D]
	x.AssertDims(tb.R, c.Width)
	var xn, d *Node
	xn, t.norm1 = norm(c, x, w[Norm1])                 // [R,D]
	d, t.attended = attention(c, w, tb, e, xn)         // [N,D]
	mid, t.post1 = add(c, tb.pick(x), d, w[PostNorm1]) // [N,D]
	xn, t.norm2 = norm(c, mid, w[Norm2])               // [N,D]
	t.gated = neurons(c, rules, w, xn)                 // [N,F]
	return mid, t
}

func (t Tape) fromNeurons(c Config, w Weights, e *Edit, mid *Node) (y *Node, all Tape) { // [N,D] → [N,D]
	t.mlp, t.gated = t.gated.down(c, w, e)         // [N,D]
	y, t.post2 = add(c, mid, t.mlp, w[PostNorm2])  // [N,D]
	y, t.vector, t.outs = e.vectors(AtResidual, y) // [N,D]
	return y, t
}

// add gives what a sub-layer writes to the residual stream: x + scale·norm(d).
func add(c Config, x, d, w *Node) (y *Node, n normed) { // [R,D] twice, [1,D] → [R,D]
	d, n = norm(c, d, w)
	return Add(x, scaled(d, c.ResidualScale)), n
}

// addBack is the backward pass of add in d.
func addBack(c Config, rules Rules, n normed, g *Node) *Node { // [R,D] → [R,D]
	return n.back(rules.Norm, scaled(g, c.ResidualScale))
}

// Relevance is what the backward pass of a layer finds. Rows that do not go on have none of their own, but as what others
// attend to.
type Relevance struct {
	Scores    *Node // h'·∂m/∂h' [R,F]
	Heads     *Node // Σ_c z'·∂m/∂z' of the heads' outputs [R,H]
	Sources   *Node // the same sums by the position that each head reads [R,H]
	Attention *Node // half of what queries and keys take, by row [R,1]; nil where patterns are constant
	Biases    *Node // ⟨∂m/∂b, b⟩ of all biases, by row [R,1]; nil in a model without any
	Injected  *Node // of the edit's constants, by row [R,1]; nil without an edit

	slopes *Node // ∂m/∂z' [N, H·C]
}

// HeadSlopes returns the gradient in the heads' outputs as an edit leaves them, ∂m/∂z'.
func (r Relevance) HeadSlopes(tb Tables) *Node { return tb.pickBack(r.slopes) } // → [R, H·C]

// Nodes lists what there is.
func (r Relevance) Nodes() (all []*Node) {
	for _, n := range []*Node{r.Scores, r.Heads, r.Sources, r.Attention, r.Biases, r.Injected} {
		if n != nil {
			all = append(all, n)
		}
	}
	return all
}

// put is what the edit added to the residual stream takes, nil without one.
func (t Tape) put(g *Node) *Node { // [N,D] → [N,1]
	if t.vector == nil {
		return nil
	}
	return row(Mul(t.vector, g))
}

// Backward takes g = ∂m/∂y to gx = ∂m/∂x through one layer.
func Backward(c Config, rules Rules, w Weights, tb Tables, tape Tape, g *Node) (gx *Node, r Relevance) { // [N,D] → [R,D]
	g.AssertDims(tb.on().R, c.Width)
	put := tape.put(g)                                                                     // [N,1]
	g = outsBack(tape.outs, g)                                                             // [N,D]
	d, scores, injected, biases := tape.gated.back(c, w, addBack(c, rules, tape.post2, g)) // [N,D]
	if put != nil {
		injected = Add(injected, put) // [N,1]
	}
	g = Add(g, tape.norm2.back(rules.Norm, d))                                    // [N,D]
	d, f := tape.attended.back(c, rules, w, tb, addBack(c, rules, tape.post1, g)) // [R,D]
	r.Scores, r.Injected, r.Biases = tb.pickBack(scores), tb.pickBack(injected), total(tb.pickBack(biases), f.biases)
	r.Heads, r.Sources, r.Attention, r.slopes = f.heads, f.sources, f.score, f.slopes
	gx = Add(tb.pickBack(g), tape.norm1.back(rules.Norm, d)) // [R,D]
	gx.AssertDims(tb.R, c.Width)
	return gx, r
}

package decoder

import . "github.com/gomlx/gomlx/core/graph"

// A Tape is what the backward pass of one layer needs of its forward pass. Once it is made, the backward pass is linear
// and needs no activation of its own.
type Tape struct {
	norm1, norm2 normed
	attended
	gated
	mlp     *Node // [R,D]
	vectors *Node // what the edit adds to the residual stream [R,D]; nil without an edit
}

// Neurons returns h' [R,F], the input of down_proj.
func (t Tape) Neurons() *Node { return t.h }

// MLP returns the output of the MLP, an edit's vector included [R,D].
func (t Tape) MLP() *Node { return t.mlp }

// Pattern returns the attention pattern [B·K, G·T, T], which is [B,H,T,T] in memory; nil where attention goes in blocks.
func (t Tape) Pattern() *Node { return t.p }

// Keys and Values return what later positions attend to: [B·K, T, C].
func (t Tape) Keys() *Node { return t.k }

// Values is described at Keys.
func (t Tape) Values() *Node { return t.v }

// Nodes lists the tape, to pass it from the graph of the forward pass to that of the backward pass. edited says whether
// there was an edit; ReadTape takes the same list.
func (t Tape) Nodes(rules Rules, edited bool) []*Node {
	n := []*Node{t.norm1.scale, t.norm2.scale, t.q, t.k, t.v, t.h, t.dgate, t.dup}
	if t.p != nil {
		n = append(n, t.p)
	}
	if !rules.Norm {
		n = append(n, t.norm1.unit, t.norm2.unit)
	}
	if edited {
		n = append(n, t.rest, t.vectors)
	}
	return n
}

// TapeLen returns the length of Tape.Nodes; blocks says whether attention goes in blocks.
func TapeLen(rules Rules, edited, blocks bool) int {
	n := 8
	if !blocks {
		n++
	}
	if !rules.Norm {
		n += 2
	}
	if edited {
		n += 2
	}
	return n
}

// TapeSize returns how many numbers Tape.Nodes hold for b prompts of t positions.
func (c Config) TapeSize(rules Rules, edited, blocks bool, b, t int) int {
	row := 2*c.Width + (c.Heads+2*c.KVHeads)*c.HeadDim + 3*c.Neurons
	if !rules.Norm {
		row += 2 * c.Width
	}
	if edited {
		row += c.Neurons + c.Width
	}
	if !blocks {
		row += c.Heads * t
	}
	return b * t * row
}

// ReadTape is the inverse of Tape.Nodes.
func ReadTape(rules Rules, edited, blocks bool, n []*Node) Tape {
	var t Tape
	t.norm1.scale, t.norm2.scale, t.q, t.k, t.v, t.h, t.dgate, t.dup = n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]
	n = n[8:]
	if !blocks {
		t.p, n = n[0], n[1:]
	}
	if !rules.Norm {
		t.norm1.unit, t.norm2.unit, n = n[0], n[1], n[2:]
	}
	if edited {
		t.rest, t.vectors = n[0], n[1]
	}
	return t
}

// Forward runs one layer on the residual stream: x + attention(norm x), then x + mlp(norm x). rules choose what the tape
// holds; they do not change y. A nil edit is none.
func Forward(c Config, rules Rules, w Weights, tb Tables, e *Edit, x *Node) (y *Node, tape Tape) { // [R,D] → [R,D]
	b, t := tb.QCos.Shape().Dim(0), tb.QCos.Shape().Dim(1)
	x.AssertDims(b*t, c.Width)
	var xn, d *Node
	xn, tape.norm1 = norm(c, x, w[Norm1])         // [R,D]
	d, tape.attended = attention(c, w, tb, xn)    // [R,D]
	x = Add(x, d)                                 // [R,D]
	xn, tape.norm2 = norm(c, x, w[Norm2])         // [R,D]
	d, tape.gated = mlp(c, rules, w, e, b, t, xn) // [R,D]
	tape.mlp = d
	y = Add(x, d) // [R,D]
	if e != nil {
		y = shift(b, t, y, e.Residual) // [R,D]
		tape.vectors = e.vectors(b, t) // [R,D]
	}
	y.AssertDims(b*t, c.Width)
	return y, tape
}

// Relevance is what the backward pass of a layer finds.
type Relevance struct {
	Scores    *Node // h'·∂m/∂h' [R,F]
	Attention *Node // ⟨∂m/∂S, S⟩ by query and head [B·K, G·T]; nil where patterns are constant
	Injected  *Node // of the edit's constants, by row [R]; nil without an edit
}

// Backward takes g = ∂m/∂y to gx = ∂m/∂x through one layer.
func Backward(c Config, rules Rules, w Weights, tb Tables, tape Tape, g *Node) (gx *Node, r Relevance) { // [R,D] → [R,D]
	g.AssertDims(tape.h.Shape().Dim(0), c.Width)
	var d *Node
	d, r.Scores, r.Injected = tape.gated.back(c, w, g) // [R,D]
	if tape.vectors != nil {
		r.Injected = Add(r.Injected, ReduceSum(Mul(tape.vectors, g), -1)) // [R]
	}
	g = Add(g, tape.norm2.back(rules, d))                   // [R,D]
	d, r.Attention = tape.attended.back(c, rules, w, tb, g) // [R,D]
	gx = Add(g, tape.norm1.back(rules, d))                  // [R,D]
	gx.AssertDims(g.Shape().Dimensions...)
	return gx, r
}

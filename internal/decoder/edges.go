package decoder

import (
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Edges says how targets pass through a layer on the way down of one backward pass: B of them, each with the prompt's rows
// up to its own position, R in all; the first R1 rows belong to those that come from layers above. The tape and the tables of the
// layer are of the prompt alone, its rows being its positions.
//
// A neuron h'[t,n] enters with its own gradient in what its MLP reads, dgate·W_gate[n] + dup·W_up[n] at row t, a head with a
// gradient that is given in what its outputs are, z'. Where there are none, their nodes are nil.
type Edges struct {
	Direct bool  // of what comes from above nothing passes through the MLP
	B      int   // targets below the layer's MLP
	At     *Node // the position of each row [R]
	Key    *Node // the number of a key head, of each of B targets and of each key head [B·K]
	Ragged       // of the rows [R]

	Above    *Node // gradient of those from above after the layer [R1,D]
	AboveAt  *Node // the position of each of its rows [R1]
	Neurons  *Node // of each that enters as a neuron, its index n [N]
	Position *Node // its position t [N]
	Self     *Node // and t·F + n [N]
	Enter    *Node // of the rows after the first R1, which neuron enters there, N: none [R−R1]
	Heads    *Node // gradients in the heads' outputs of those that enter so [M, H·C]
	EnterAt  *Node // of every row, which of them it gets, M: none [R]

	From     *Node // of each edge from a neuron, its row r among the R1 and its index n: r·F + n [·]
	FromRow  *Node // with Direct: the rows whose neurons are asked for; From then counts these [·]
	Of       *Node // the same neurons in the prompt: t·F + n [·]
	FromHead *Node // of each edge from a head, r·H + h, r among R [·]
	Pulled   *Node // the rows whose gradients in the heads' outputs are asked for [·]
}

// Traced is what Edges finds in a layer.
type Traced struct {
	Neurons  *Node // h'·∂/∂h' at From [·,1]
	Heads    *Node // z'·∂/∂z' at FromHead [·,1]
	Pulled   *Node // ∂/∂z' at the rows of Edges.Pulled [·, H·C]
	Value    *Node // h' of the neurons that enter [N,1]
	Sum      *Node // with Direct: Σ_n h'·∂/∂h' of what comes from above, by row [R1,1]
	Score    *Node // half of what queries and keys take [R,1]; nil where patterns are constant
	Biases   *Node // ⟨∂/∂b, b⟩ by row [R,1], but of the MLP
	Passed   *Node // of the MLP that those from above pass through [R1,1]
	Own      *Node // of the gate and up biases of the neurons that enter [N,1]
	Injected *Node // of the edit's constants, by row [R1,1]
	Put      *Node // the constant part of h' of the neurons that enter [N,1]
}

// Nodes lists what there is.
func (t *Traced) Nodes() (all []*Node) {
	for _, f := range t.Fields() {
		if *f != nil {
			all = append(all, *f)
		}
	}
	return all
}

// Fields lists where each is, in their order.
func (t *Traced) Fields() []**Node {
	return []**Node{&t.Neurons, &t.Heads, &t.Pulled, &t.Value, &t.Sum, &t.Score, &t.Biases, &t.Passed, &t.Own, &t.Injected, &t.Put}
}

// Back takes the gradients of all targets from after a layer, or from where they enter, to before it.
func (e Edges) Back(c Config, rules Rules, w Weights, tb Tables, f TapeForm, tape Tape) (gx *Node, r Traced) { // → [R,D]
	rows := e.At.Shape().Dim(0)
	var g *Node // after the attention [R,D]
	if e.Above != nil {
		g = e.passMLP(c, rules, w, tb, f, tape, &r) // [R1,D]
	}
	if e.Enter != nil {
		if in := e.enter(c, rules, w, tb, f, tape, &r); g == nil {
			g = in
		} else {
			g = Concatenate([]*Node{g, in}, 0)
		}
	}
	g.AssertDims(rows, c.Width)

	a := Tape{norm1: tape.norm1, post1: tape.post1, attended: tape.attended}.copies(c, f, tb, e.At, e.Key)
	tb = e.tables(c, tb)
	d := addBack(c, rules, a.post1, g) // [R,D]
	gz := w.pull(d, Out)               // [R, H·C]
	if e.Heads != nil {
		gz = Add(gz, rowsOf(padded(e.Heads), e.EnterAt))
	}
	if e.Pulled != nil {
		r.Pulled = rowsOf(gz, e.Pulled)
	}
	d, flow := a.attended.backFrom(c, rules, w, tb, gz, w.bias(d, Out))
	if e.FromHead != nil {
		r.Heads = rowsOf(column(flow.heads), e.FromHead)
	}
	r.Score, r.Biases = flow.score, flow.biases
	gx = Add(g, a.norm1.back(rules.Norm, d)) // [R,D]
	gx.AssertDims(rows, c.Width)
	return gx, r
}

// passMLP takes the targets from above through the MLP, or past it.
func (e Edges) passMLP(c Config, rules Rules, w Weights, tb Tables, f TapeForm, tape Tape, r *Traced) *Node { // → [R1,D]
	n := e.Above.Shape().Dim(0)
	e.Above.AssertDims(n, c.Width)
	at := e.AboveAt
	part := Tape{post2: tape.post2, gated: gated{vector: tape.gated.vector, outs: tape.gated.outs}, vector: tape.vector, outs: tape.outs}
	if !e.Direct {
		part.norm2, part.dgate, part.dup, part.rest = tape.norm2, tape.dgate, tape.dup, tape.rest
	}
	t := part.copies(c, f, tb, at, e.Key)
	put := t.put(e.Above)                    // [R1,1]
	e.Above = outsBack(t.outs, e.Above)      // [R1,D]
	d := addBack(c, rules, t.post2, e.Above) // [R1,D]
	if put != nil {
		r.Injected = Add(put, row(Mul(t.gated.vector, d)))
	}
	d = outsBack(t.gated.outs, d)
	if e.Direct {
		r.Sum = row(Mul(rowsOf(matmul(tape.h, w[Down], 1), at), d)) // ⟨W_down h', d⟩, of which the products are of the prompt alone
		if r.Passed = w.bias(d, Down); e.From != nil {
			gh := w.pull(rowsOf(d, e.FromRow), Down) // [·,F]
			r.Neurons = Mul(rowsOf(column(gh), e.From), rowsOf(column(tape.h), e.Of))
		}
		return e.Above
	}
	gh := w.pull(d, Down) // [R1,F]
	if e.From != nil {
		r.Neurons = Mul(rowsOf(column(gh), e.From), rowsOf(column(tape.h), e.Of))
	}
	if t.rest != nil {
		r.Injected = Add(r.Injected, row(Mul(t.rest, gh)))
	}
	gg, gu := Mul(gh, t.dgate), Mul(gh, t.dup) // [R1,F]
	r.Passed = total(w.bias(d, Down), w.bias(gg, Gate), w.bias(gu, Up))
	return Add(e.Above, t.norm2.back(rules.Norm, Add(w.pull(gg, Gate), w.pull(gu, Up)))) // [R1,D]
}

// enter gives the rows of the targets that enter in this layer.
func (e Edges) enter(c Config, rules Rules, w Weights, tb Tables, f TapeForm, tape Tape, r *Traced) *Node { // → [R−R1,D]
	if e.Neurons == nil { // heads enter further down
		return Zeros(e.At.Graph(), shapes.Make(w[Down].DType(), e.Enter.Shape().Dim(0), c.Width))
	}
	n := e.Neurons.Shape().Dim(0)
	pick := func(x *Node) *Node { return rowsOf(column(x), e.Self) }                     // [T,F] → [N,1]
	dgate, dup := pick(tape.dgate), pick(tape.dup)                                       // [N,1] twice
	g := Add(Mul(rowsOf(w[Gate], e.Neurons), dgate), Mul(rowsOf(w[Up], e.Neurons), dup)) // [N,D]
	if r.Value = pick(tape.h); tape.rest != nil {
		r.Put = pick(tape.rest)
	}
	if c.MLPBias {
		r.Own = Add(Mul(rowsOf(column(w[GateBias]), e.Neurons), dgate), Mul(rowsOf(column(w[UpBias]), e.Neurons), dup)) // [N,1]
	}
	t := Tape{norm2: tape.norm2}.copies(c, f, tb, e.Position, e.Key)
	g = t.norm2.back(rules.Norm, g) // [N,D]
	g.AssertDims(n, c.Width)
	return rowsOf(padded(g), e.Enter)
}

// tables repeats the tables of the prompt for the rows of the targets.
func (e Edges) tables(c Config, tb Tables) Tables {
	rows := e.At.Shape().Dim(0)
	turns := func(x *Node, heads int) *Node { // [T,heads,C] → [R,heads,C]
		if x == nil {
			return nil
		}
		return Reshape(rowsOf(Reshape(x, tb.R, heads*c.HeadDim), e.At), rows, heads, c.HeadDim)
	}
	out := Tables{B: e.B, T: tb.T, R: rows, Attention: tb.Attention, Mask: tb.Mask, Ragged: e.Ragged}
	out.QCos, out.QSin = turns(tb.QCos, c.Heads), turns(tb.QSin, c.Heads)
	out.KCos, out.KSin = turns(tb.KCos, c.KVHeads), turns(tb.KSin, c.KVHeads)
	return out
}

// copies returns the tape of rows at the given positions, from that of the one prompt that has them; of attention's slots it has
// as many copies as key says. What the tape lacks stays out.
func (t Tape) copies(c Config, f TapeForm, tb Tables, at, key *Node) Tape {
	rows := at.Shape().Dim(0)
	for _, s := range slotsOf(&t, c, f, 0) {
		switch {
		case *s.node == nil:
		case s.of == ofSlots:
			*s.node = matrices(*s.node, key)
		default:
			d := (*s.node).Shape().Dimensions
			x := rowsOf(Reshape(*s.node, tb.R, d[0]*d[1]/tb.R), at) // [R,·]
			*s.node = Reshape(x, rows*d[0]/tb.R, d[1])              // some have several rows of their own for a row
		}
	}
	return t
}

// matrices looks up matrices of a batch.
func matrices(x, ids *Node) *Node { // [K,n,m], [·] → [·,n,m]
	d := x.Shape().Dimensions
	return Reshape(rowsOf(Reshape(x, d[0], d[1]*d[2]), ids), ids.Shape().Dim(0), d[1], d[2])
}

// padded appends a row of zeros, to look up where there is nothing.
func padded(x *Node) *Node { // [n,D] → [n+1,D]
	return Concatenate([]*Node{x, Zeros(x.Graph(), shapes.Make(x.DType(), 1, x.Shape().Dim(1)))}, 0)
}

// column is x as one column, to look up single numbers.
func column(x *Node) *Node { return Reshape(x, x.Shape().Size(), 1) } // [n,m] → [n·m,1]

// row sums rows.
func row(x *Node) *Node { return InsertAxes(ReduceSum(x, -1), -1) } // [n,m] → [n,1]

package decoder

import (
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Picked says which rows of the residual stream go on from a layer, where not all do: after the last layer only the rows are
// read whose logits are asked for. Keys and values are made of every row, all the rest of the layer of N rows alone: queries,
// what attention gives, the MLP, and backward their gradients.
type Picked struct {
	Row   *Node // of each that goes on its row of the stream [N]
	Place *Node // of each row of the stream its place among those, or N where it does not go on [R]; for the backward pass
	on    Tables
}

// Pick returns the tables of a layer from which the rows p go on. They are t queries of each prompt, or fewer, in slots [B,t]
// of their own, which r tells of; mask [B,1,t,T] hides from each query what it may not see.
func (tb Tables) Pick(c Config, p Picked, t int, mask *Node, r Ragged) Tables {
	n := p.Row.Shape().Dim(0)
	p.on = Tables{B: tb.B, T: t, R: n, Attention: tb.Attention, Mask: mask, Ragged: r}
	if tb.QCos != nil {
		turns := func(x *Node) *Node { // [R,H,C] → [N,H,C]
			return Reshape(rowsOf(Reshape(x, tb.R, c.queries()), p.Row), n, c.Heads, c.HeadDim)
		}
		p.on.QCos, p.on.QSin = turns(tb.QCos), turns(tb.QSin)
	}
	tb.picked = &p
	return tb
}

// on returns the tables of the rows that go on.
func (tb Tables) on() Tables {
	if tb.picked == nil {
		return tb
	}
	return tb.picked.on
}

// pick takes the rows that go on.
func (tb Tables) pick(x *Node) *Node { // [R,n] → [N,n]
	if tb.picked == nil {
		return x
	}
	return rowsOf(x, tb.picked.Row)
}

// pickBack is the transpose of pick: of a row that does not go on the gradient is 0. That of nothing is nothing.
func (tb Tables) pickBack(g *Node) *Node { // [N,n] → [R,n]
	if tb.picked == nil || g == nil {
		return g
	}
	none := Zeros(g.Graph(), shapes.Make(g.DType(), 1, g.Shape().Dim(1))) // [1,n]
	return rowsOf(Concatenate([]*Node{g, none}, 0), tb.picked.Place)      // [R,n]
}

// picked gives the rows that go on their parts of an edit.
func (e *Edit) picked(tb Tables) *Edit { // [R',·] each → [N',·], N' being N, or 1 where R' is
	if e == nil || tb.picked == nil {
		return e
	}
	out := e.each(func(x *Node) *Node {
		if x.Shape().Dim(0) == 1 {
			return x
		}
		return tb.pick(x)
	}, tb.pick)
	for s := out; s != nil; s = s.Next {
		if g := s.Gate; g != nil && g.Row != nil { // the last row of a prompt is one of them
			column := func(x *Node) *Node { return InsertAxes(x, -1) }
			row := Squeeze(rowsOf(column(g.Row), tb.picked.Row), -1)  // [N]
			g.Row = Squeeze(rowsOf(column(tb.picked.Place), row), -1) // [N]
		}
	}
	return out
}

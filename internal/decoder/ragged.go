package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Ragged says how rows of the residual stream stand for prompts of different lengths. Everything but attention is computed
// by row, R in all: padding costs nothing, and prompts that begin alike share the rows of their common beginning, since by
// causality a row depends on the tokens up to it alone. Attention sees slots, [B,T]: where a prompt is shorter than T the
// slots after it hold any row. No key of theirs is seen from a slot of a token, and nothing reads what they attend to.
//
// Backward every token has a row of its own, since prompts with different metrics have different gradients.
type Ragged struct {
	Slots *Node // the row of every slot [B·T]; nil where slots are rows
	Rows  *Node // the slot of every row: one of those that it fills [R]
	Own   *Node // 1 at a slot that is a row's, else 0 [B·T,1]; for the backward pass
}

// toSlots takes rows to the slots that they fill.
func (tb Tables) toSlots(x *Node) *Node { // [R,heads,n] → [B,T,heads,n]
	heads, n := x.Shape().Dim(1), x.Shape().Dim(2)
	if tb.Slots != nil {
		x = rowsOf(Reshape(x, tb.R, heads*n), tb.Slots) // [B·T, heads·n]
	}
	return Reshape(x, tb.B, tb.T, heads, n)
}

// toRows takes slots to rows. It is the transpose of toSlots for gradients that are zero at slots of no row, where every
// row has one slot.
func (tb Tables) toRows(x *Node) *Node { // [B,T,heads,n] → [R, heads·n]
	heads, n := x.Shape().Dim(2), x.Shape().Dim(3)
	x = Reshape(x, tb.B*tb.T, heads*n)
	if tb.Slots == nil {
		return x
	}
	return rowsOf(x, tb.Rows)
}

// toRowsBack is the transpose of toRows.
func (tb Tables) toRowsBack(g *Node, heads int) *Node { // [R, heads·n] → [B,T,heads,n]
	n := g.Shape().Dim(1) / heads
	if tb.Slots != nil {
		g = Mul(rowsOf(g, tb.Slots), tb.Own) // [B·T, heads·n]
	}
	return Reshape(g, tb.B, tb.T, heads, n)
}

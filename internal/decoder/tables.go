package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Tables are what positions contribute to the attention of a layer, as nodes of a graph.
type Tables struct {
	B, T       int   // prompts, and positions of the longest
	R          int   // rows of the residual stream
	Attention        // the layer's; a window of T or more is given as none
	QCos, QSin *Node // [R,H,C], times the scale of the attention scores; nil in a layer without positions
	KCos, KSin *Node // [R,K,C]
	Mask       *Node // what Mask returns, [B·K, G·n, before+n]; n is T, or less where attention goes in blocks
	Ragged           // where prompts of different lengths, or shared beginnings, make R another number than B·T
}

// place turns queries and keys by their positions, and scales queries.
func (tb Tables) place(c Config, q, k *Node) (*Node, *Node) { // [R,H,C], [R,K,C] → the same
	if tb.QCos == nil {
		return scaled(q, c.QueryScale), k
	}
	tb.QCos.AssertDims(tb.R, c.Heads, c.HeadDim)
	tb.KCos.AssertDims(tb.R, c.KVHeads, c.HeadDim)
	return rope(c, q, tb.QCos, tb.QSin), rope(c, k, tb.KCos, tb.KSin)
}

// placeBack is the transpose of place.
func (tb Tables) placeBack(c Config, gq, gk *Node) (*Node, *Node) { // [R,H,C], [R,K,C] → the same

	if tb.QCos == nil {
		return scaled(gq, c.QueryScale), gk
	}
	return ropeBack(c, gq, tb.QCos, tb.QSin), ropeBack(c, gk, tb.KCos, tb.KSin)
}

// Hidden is what a mask adds to the score of a key that a query may not see. It is finite, so that no product with zero
// can become NaN, and so low that the softmax gives exactly 0.
const Hidden = -1e9

// Before returns how many keys before a block of n queries out of t its mask covers: those that a window hides from some of
// its queries and not from others. Without a window it is 0, for all of them are seen.
func Before(a Attention, t, n int) int {
	return max(0, min(a.Window-1, (t-1)/n*n))
}

// Mask returns the mask of blocks of n queries of B prompts of t positions, [B·K, G·n, before+n]: Hidden where a key comes
// after the query, or so long before it that the window does not reach it. The keys of the block itself are the last n.
func (c Config) Mask(a Attention, batch, t, n int) []float32 {
	before := Before(a, t, n)
	width := before + n
	mask := make([]float32, batch*c.Heads*n*width)
	for i := range batch * c.Heads {
		for q := range n {
			row := mask[(i*n+q)*width:][:width]
			for k := range row {
				if back := q + before - k; back < 0 || a.Window > 0 && back >= a.Window {
					row[k] = Hidden
				}
			}
		}
	}
	return mask
}

package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Tables are what positions contribute to the attention of a layer, as nodes of a graph.
type Tables struct {
	B, T       int   // prompts, and positions of the longest
	R          int   // rows of the residual stream
	Attention        // the layer's; a window of T or more is given as none
	QCos, QSin *Node // [R,H,C], times the scale of the attention scores; nil in a layer without positions
	KCos, KSin *Node // [R,K,C]
	Mask       *Node // what Mask returns, [1,1,n,before+n]; n is T, or less where attention goes in blocks
	Ragged           // where prompts of different lengths, or shared beginnings, make R another number than B·T

	picked *Picked // which rows go on from the layer; nil: all do
}

// queries turns queries by their positions, and scales them.
func (tb Tables) queries(c Config, q *Node) *Node { // [R,H,C] → the same
	if tb.QCos == nil {
		return scaled(q, c.QueryScale)
	}
	tb.QCos.AssertDims(tb.R, c.Heads, c.HeadDim)
	return rope(c, q, tb.QCos, tb.QSin)
}

// keys turns keys by their positions.
func (tb Tables) keys(c Config, k *Node) *Node { // [R,K,C] → the same
	if tb.KCos == nil {
		return k
	}
	tb.KCos.AssertDims(tb.R, c.KVHeads, c.HeadDim)
	return rope(c, k, tb.KCos, tb.KSin)
}

// queriesBack is the transpose of queries.
func (tb Tables) queriesBack(c Config, g *Node) *Node { // [R,H,C] → the same
	if tb.QCos == nil {
		return scaled(g, c.QueryScale)
	}
	return ropeBack(c, g, tb.QCos, tb.QSin)
}

// keysBack is the transpose of keys.
func (tb Tables) keysBack(c Config, g *Node) *Node { // [R,K,C] → the same
	if tb.KCos == nil {
		return g
	}
	return ropeBack(c, g, tb.KCos, tb.KSin)
}

// Hidden is what a mask adds to the score of a key that a query may not see. It is finite, so that no product with zero
// can become NaN, and so low that the softmax gives exactly 0.
const Hidden = -1e9

// Before returns how many keys before a block of n queries out of t its mask covers: all that any block may see.
func Before(a Attention, t, n int) int {
	before := (t - 1) / n * n
	if a.Window > 0 {
		before = min(before, a.Window-1)
	}
	return before
}

// Mask returns the mask of blocks of n queries out of t positions, [n, before+n]: Hidden where a key comes after the query, or so
// long before it that the window does not reach it. The keys of the block itself are the last n. It depends on how far a key
// lies before a query alone, so that the last columns are the mask of every block, and of every head and prompt.
func Mask(a Attention, t, n int) []float32 {
	before := Before(a, t, n)
	width := before + n
	mask := make([]float32, n*width)
	for q := range n {
		hide(a, mask[q*width:][:width], q+before)
	}
	return mask
}

// MaskAt returns the mask of queries at some positions of t alone, n of each of B prompts: [B,n,t].
func MaskAt(a Attention, at [][]int, t int) (mask []float32) { // at [B,n]
	for _, queries := range at {
		for _, q := range queries {
			keys := make([]float32, t)
			hide(a, keys, q)
			mask = append(mask, keys...)
		}
	}
	return mask
}

// hide puts Hidden at the keys that the query at a position may not see.
func hide(a Attention, keys []float32, query int) {
	for k := range keys {
		if back := query - k; back < 0 || a.Window > 0 && back >= a.Window {
			keys[k] = Hidden
		}
	}
}

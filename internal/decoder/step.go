package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Cache is the keys and values of S positions of one layer as nodes of a graph. Positions not yet written may hold
// anything finite.
type Cache struct {
	Keys   *Node // [K,C,S], as the product with queries reads it fastest
	Values *Node // [K,S,C]
}

// Step runs one layer on one new position that attends to the cache and to itself. The tables are of that position, B, T
// and R are 1; tb.Mask is [K,G,S], Hidden where the cache has not been written, or the layer's window does not reach. It returns the
// new position's key and value, which the caller writes into the cache.
func Step(c Config, w Weights, tb Tables, e *Edit, cache Cache, x *Node) (y, key, value *Node) { // [1,D] → [1,D], [K,1,C] twice
	s := cache.Keys.Shape().Dim(2)
	x.AssertDims(1, c.Width)
	cache.Keys.AssertDims(c.KVHeads, c.HeadDim, s)
	cache.Values.AssertDims(c.KVHeads, s, c.HeadDim)
	tb.Mask.AssertDims(c.KVHeads, c.Group(), s)

	xn, _ := norm(c, x, w[Norm1])                               // [1,D]
	a := project(c, w, tb, xn)                                  // q [K,G,C], k and v [K,1,C]
	old, _ := softCap(batched(a.q, cache.Keys), c.AttentionCap) // [K,G,S]
	self, _ := softCap(batched(a.q, flip(a.k)), c.AttentionCap) // [K,G,1]
	p := Softmax(Concatenate([]*Node{Add(old, tb.Mask), self}, -1), -1)
	pOld := Slice(p, AxisRange(), AxisRange(), AxisRange(0, s))        // [K,G,S]
	pSelf := Slice(p, AxisRange(), AxisRange(), AxisRange(s))          // [K,G,1]
	o := batched(pOld, cache.Values)                                   // [K,G,C]
	z := tb.toRows(fromHeads(c, Add(o, batched(pSelf, a.v)), c.Heads)) // [1, H·C]
	if e != nil {
		z = onHeads(c, z, e.Heads)
	}
	x, _ = add(c, x, w.apply(z, Out), w[PostNorm1]) // [1,D]
	xn, _ = norm(c, x, w[Norm2])                    // [1,D]
	d, _ := mlp(c, RelP, w, e, xn)                  // [1,D]
	y, _ = add(c, x, d, w[PostNorm2])               // [1,D]
	if e != nil {
		y = Add(y, e.Residual) // [1,D]
	}
	y.AssertDims(1, c.Width)
	return y, a.k, a.v
}

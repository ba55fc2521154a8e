package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Cache is the keys and values of S positions of one layer and one session as nodes of a graph. Positions not yet written
// may hold anything finite.
type Cache struct {
	Keys   *Node // [K,C,S], as the product with queries reads it fastest
	Values *Node // [K,S,C]
	Mask   *Node // [K,G,S], Hidden where the cache has not been written, or the layer's window does not reach
}

// Step runs one layer on one new position of each of B sessions, which attends to the session's cache and to itself. The
// tables are of those positions: B and R are the number of sessions, T is 1, and there is no mask. It returns the new
// positions' keys and values, which the caller writes into the caches. Sessions meet in the products with weights alone.
func Step(c Config, w Weights, tb Tables, e *Edit, caches []Cache, x *Node) (y, keys, values *Node) { // [B,D] → [B,D], [B·K,1,C] twice
	x.AssertDims(len(caches), c.Width)
	xn, _ := norm(c, x, w[Norm1])    // [B,D]
	a := project(c, w, tb, xn)       // q [B·K,G,C], k and v [B·K,1,C]
	os := make([]*Node, len(caches)) // [K,G,C]
	for i, cache := range caches {
		of := func(x *Node) *Node { // [B·K,·,C] → [K,·,C]
			if len(caches) == 1 {
				return x
			}
			return Slice(x, AxisRange(i*c.KVHeads, (i+1)*c.KVHeads))
		}
		os[i] = attendOne(c, cache, of(a.q), of(a.k), of(a.v))
	}
	o := os[0]
	if len(os) > 1 {
		o = Concatenate(os, 0) // [B·K,G,C]
	}
	z := tb.toRows(fromHeads(c, o, c.Heads)) // [B, H·C]
	z = e.onHeads(c, z)
	x, _ = add(c, x, w.apply(z, Out), w[PostNorm1]) // [B,D]
	xn, _ = norm(c, x, w[Norm2])                    // [B,D]
	d, _ := neurons(c, RelP, w, xn).down(c, w, e)   // [B,D]
	y, _ = add(c, x, d, w[PostNorm2])               // [B,D]
	y, _, _ = e.vectors(AtResidual, y)              // [B,D]
	y.AssertDims(len(caches), c.Width)
	return y, a.k, a.v
}

// attendOne is the attention of one position to a cache and to itself.
func attendOne(c Config, cache Cache, q, k, v *Node) *Node { // [K,G,C], [K,1,C] twice → [K,G,C]
	s := cache.Keys.Shape().Dim(2)
	cache.Keys.AssertDims(c.KVHeads, c.HeadDim, s)
	cache.Values.AssertDims(c.KVHeads, s, c.HeadDim)
	cache.Mask.AssertDims(c.KVHeads, c.Group(), s)
	old, _ := softCap(batched(q, cache.Keys), c.AttentionCap) // [K,G,S]
	self, _ := softCap(batched(q, flip(k)), c.AttentionCap)   // [K,G,1]
	p := Softmax(Concatenate([]*Node{Add(old, cache.Mask), self}, -1), -1)
	pOld := Slice(p, AxisRange(), AxisRange(), AxisRange(0, s)) // [K,G,S]
	pSelf := Slice(p, AxisRange(), AxisRange(), AxisRange(s))   // [K,G,1]
	return Add(batched(pOld, cache.Values), batched(pSelf, v))  // [K,G,C]
}

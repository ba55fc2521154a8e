package decoder

import . "github.com/gomlx/gomlx/core/graph"

// Cache is the keys and values of S positions of one layer as nodes of a graph. Positions not yet written may hold
// anything finite.
type Cache struct {
	Keys   *Node // [K,C,S], as the product with queries reads it fastest
	Values *Node // [K,S,C]
}

// Step runs one layer on one new position that attends to the cache and to itself. The tables are of that position and B
// is 1; tb.Mask is [K,G,S], Hidden where the cache has not been written. It returns the new position's key and value,
// which the caller writes into the cache.
func Step(c Config, w Weights, tb Tables, e *Edit, cache Cache, x *Node) (y, key, value *Node) { // [1,D] → [1,D], [K,1,C] twice
	s := cache.Keys.Shape().Dim(2)
	x.AssertDims(1, c.Width)
	cache.Keys.AssertDims(c.KVHeads, c.HeadDim, s)
	cache.Values.AssertDims(c.KVHeads, s, c.HeadDim)
	tb.Mask.AssertDims(c.KVHeads, c.Group(), s)

	xn, _ := norm(c, x, w[Norm1])                               // [1,D]
	q, key, value := project(c, w, tb, xn)                      // [K,G,C], [K,1,C] twice
	old := Add(batched(q, cache.Keys), tb.Mask)                 // [K,G,S]
	self := batched(q, flip(key))                               // [K,G,1]
	p := Softmax(Concatenate([]*Node{old, self}, -1), -1)       // [K,G,S+1]
	pOld := Slice(p, AxisRange(), AxisRange(), AxisRange(0, s)) // [K,G,S]
	pSelf := Slice(p, AxisRange(), AxisRange(), AxisRange(s))   // [K,G,1]
	o := batched(pOld, cache.Values)                            // [K,G,C]
	o = Add(o, batched(pSelf, value))                           // [K,G,C]
	x = Add(x, w.apply(Reshape(o, 1, c.Heads*c.HeadDim), Out))  // [1,D]
	xn, _ = norm(c, x, w[Norm2])                                // [1,D]
	d, _ := mlp(c, RelP, w, e, 1, 1, xn)                        // [1,D]
	y = Add(x, d)                                               // [1,D]
	if e != nil {
		y = shift(1, 1, y, e.Residual) // [1,D]
	}
	y.AssertDims(1, c.Width)
	return y, key, value
}

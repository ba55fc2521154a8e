package decoder

import . "github.com/gomlx/gomlx/core/graph"

// A block is the queries [from, to) of every prompt. By causality they see the keys [low, to) alone, low being 0 or what the
// window reaches: a long prompt in blocks takes half the work, or less, and no pattern [H,T,T] is ever whole, so that memory
// grows with T, not with its square.
type block struct{ low, from, to int }

func (b block) len() int { return b.to - b.from }

// blocks cuts the positions, into as many queries each as the mask has.
func (tb Tables) blocks() []block {
	n := tb.Mask.Shape().Dim(2)
	var all []block
	for at := 0; at < tb.T; at += n {
		low := 0
		if tb.Window > 0 {
			low = max(0, at-tb.Window+1)
		}
		all = append(all, block{low, at, min(at+n, tb.T)})
	}
	return all
}

// Blocks reports whether attention goes in more than one block. The queries of rows that go on where few do are one.
func (tb Tables) Blocks() bool { return tb.picked == nil && tb.Mask.Shape().Dim(2) < tb.T }

// after returns x, made only once y is: a backend may run everything whose inputs are there at once, and then would hold
// the patterns of all blocks.
func after(x, y *Node) *Node { // [n,·,C] both → x
	if y == nil {
		return x
	}
	one := Slice(y, AxisRange(), AxisRange(0, 1))                            // [n,1,C]
	return Slice(Concatenate([]*Node{one, x}, 1), AxisRange(), AxisRange(1)) // the shape of x
}

// queries takes a block's rows of something that every query head has.
func (b block) queries(c Config, x *Node) *Node { // [B·K, G·T, C] → [B·K, G·n, C]
	n, g := x.Shape().Dim(0), c.Group()
	x = Reshape(x, n, g, x.Shape().Dim(1)/g, c.HeadDim)             // [B·K, G, T, C]
	x = Slice(x, AxisRange(), AxisRange(), AxisRange(b.from, b.to)) // [B·K, G, n, C]
	return Reshape(x, n, g*b.len(), c.HeadDim)
}

// keys takes what the queries of a block see of keys or values.
func (b block) keys(x *Node) *Node { return Slice(x, AxisRange(), AxisRange(b.low, b.to)) } // [B·K, T, C] → [B·K, to−low, C]

// join is the inverse of queries.
func join(c Config, parts []*Node) *Node { // [B·K, G·n, m] each → [B·K, G·T, m]
	n, m, g, t := parts[0].Shape().Dim(0), parts[0].Shape().Dim(2), c.Group(), 0
	for i, x := range parts {
		rows := x.Shape().Dim(1) / g
		parts[i] = Reshape(x, n, g, rows, m) // [B·K, G, n, m]
		t += rows
	}
	return Reshape(Concatenate(parts, 2), n, g*t, m)
}

// grow adds what a block finds of its keys or values to that of the blocks before it, which reach from 0 to where it begins.
func (b block) grow(sum, g *Node) *Node { // [B·K, from, C], [B·K, to−low, C] → [B·K, to, C]
	if sum == nil {
		return g
	}
	at := func(x *Node, from, to int) *Node { return Slice(x, AxisRange(), AxisRange(from, to)) }
	var parts []*Node
	if b.low > 0 {
		parts = append(parts, at(sum, 0, b.low))
	}
	if old := b.from - b.low; old > 0 {
		parts = append(parts, Add(at(sum, b.low, b.from), at(g, 0, old)))
	}
	return Concatenate(append(parts, at(g, b.from-b.low, b.to-b.low)), 1)
}

// mask returns what a block needs of the mask: as many rows as it has queries, and the columns of its keys, which are the last.
func (b block) mask(tb Tables) *Node { // → [1,1,n,to−low]
	size, width := tb.Mask.Shape().Dim(2), tb.Mask.Shape().Dim(3)
	first := width - size - (b.from - b.low)
	return Slice(tb.Mask, AxisRange(), AxisRange(), AxisRange(0, b.len()), AxisRange(first, first+b.to-b.low))
}

// inBlocks is softmax(cap(q kᵀ) + mask) v, a block at a time.
func (a attended) inBlocks(c Config, tb Tables) *Node { // → [B·K, G·T, C]
	var out []*Node
	var last *Node
	for _, b := range tb.blocks() {
		q, k, v := b.queries(c, after(a.q, last)), b.keys(after(a.k, last)), b.keys(after(a.v, last))
		p, _ := pattern(c, q, k, b.mask(tb))
		last = batched(p, v) // [B·K, G·n, C]
		out = append(out, last)
	}
	return join(c, out)
}

// backInBlocks is softmaxBack a block at a time; it makes each block's pattern anew.
func (a attended) backInBlocks(c Config, rules Rules, tb Tables, g *Node) (r flows) { // [B·K, G·T, C] → as q, k, v
	var queries, heads []*Node
	for _, b := range tb.blocks() {
		q, k, v := b.queries(c, after(a.q, r.v)), b.keys(after(a.k, r.v)), b.keys(after(a.v, r.v))
		p, slope := pattern(c, q, k, b.mask(tb)) // [B·K, G·n, to−low] twice
		one := softmaxBack(c, rules, q, k, v, p, slope, b.queries(c, g))
		r.v = b.grow(r.v, one.v)
		heads, r.sources = append(heads, one.heads), b.grow(r.sources, one.sources)
		if !rules.Pattern {
			r.k = b.grow(r.k, one.k)
			r.v = after(after(r.v, one.q), one.k) // the next block waits for all of this one
			queries = append(queries, one.q)
		}
	}
	r.heads = join(c, heads)
	if !rules.Pattern {
		r.q = join(c, queries)
	}
	return r
}

package decoder

import . "github.com/gomlx/gomlx/core/graph"

// A block is the queries [from, to) of every prompt. By causality they see the keys [0, to) alone, so that a long prompt in
// blocks takes half the work, and no pattern [H,T,T] is ever whole: memory grows with T, not with its square.
type block struct{ from, to int }

func (b block) len() int { return b.to - b.from }

// blocks cuts the positions as the mask says, whose last axis is as long as a block.
func (tb Tables) blocks() []block {
	t, n := tb.QCos.Shape().Dim(1), tb.Mask.Shape().Dim(2)
	var all []block
	for at := 0; at < t; at += n {
		all = append(all, block{at, min(at+n, t)})
	}
	return all
}

// Blocks reports whether attention goes in more than one block.
func (tb Tables) Blocks() bool { return len(tb.blocks()) > 1 }

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
func (b block) keys(x *Node) *Node { return Slice(x, AxisRange(), AxisRange(0, b.to)) } // [B·K, T, C] → [B·K, to, C]

// join is the inverse of queries.
func join(c Config, parts []*Node) *Node { // [B·K, G·n, C] each → [B·K, G·T, C]
	n, g, t := parts[0].Shape().Dim(0), c.Group(), 0
	for i, x := range parts {
		rows := x.Shape().Dim(1) / g
		parts[i] = Reshape(x, n, g, rows, c.HeadDim) // [B·K, G, n, C]
		t += rows
	}
	return Reshape(Concatenate(parts, 2), n, g*t, c.HeadDim)
}

// grow adds the gradient of a block's keys or values to that of the blocks before it, which have fewer.
func (b block) grow(sum, g *Node) *Node { // [B·K, from, C], [B·K, to, C] → [B·K, to, C]
	if sum == nil {
		return g
	}
	old := Add(sum, Slice(g, AxisRange(), AxisRange(0, b.from)))                        // [B·K, from, C]
	return Concatenate([]*Node{old, Slice(g, AxisRange(), AxisRange(b.from, b.to))}, 1) // [B·K, to, C]
}

// pattern returns a block's rows of the attention pattern. Only the keys of the block itself need a mask.
func (b block) pattern(c Config, tb Tables, q, k *Node) *Node { // [B·K, G·n, C], [B·K, to, C] → [B·K, G·n, to]
	n, size := q.Shape().Dim(0), tb.Mask.Shape().Dim(2)
	mask := tb.Mask // [B·K, G·size, size]
	if b.len() < size {
		mask = Reshape(mask, n, c.Group(), size, size)
		mask = Slice(mask, AxisRange(), AxisRange(), AxisRange(0, b.len()), AxisRange(0, b.len()))
		mask = Reshape(mask, n, c.Group()*b.len(), b.len()) // [B·K, G·n, n]
	}
	s := Add(batched(q, flip(Slice(k, AxisRange(), AxisRange(b.from, b.to)))), mask) // [B·K, G·n, n]
	if b.from > 0 {
		old := batched(q, flip(Slice(k, AxisRange(), AxisRange(0, b.from)))) // [B·K, G·n, from]
		s = Concatenate([]*Node{old, s}, -1)                                 // [B·K, G·n, to]
	}
	return Softmax(s, -1)
}

// inBlocks is softmax(q kᵀ + mask) v, a block at a time.
func (a attended) inBlocks(c Config, tb Tables, blocks []block) *Node { // → [B·K, G·T, C]
	var out []*Node
	var last *Node
	for _, b := range blocks {
		q, k, v := b.queries(c, after(a.q, last)), b.keys(after(a.k, last)), b.keys(after(a.v, last))
		last = batched(b.pattern(c, tb, q, k), v) // [B·K, G·n, C]
		out = append(out, last)
	}
	return join(c, out)
}

// backInBlocks is softmaxBack a block at a time; it makes each block's pattern anew.
func (a attended) backInBlocks(c Config, rules Rules, tb Tables, blocks []block, g *Node) (gq, gk, gv *Node) { // [B·K, G·T, C] → as q, k, v
	var rows []*Node
	for _, b := range blocks {
		q, k, v := b.queries(c, after(a.q, gv)), b.keys(after(a.k, gv)), b.keys(after(a.v, gv))
		p := b.pattern(c, tb, q, k) // [B·K, G·n, to]
		bq, bk, bv := softmaxBack(rules, q, k, v, p, b.queries(c, g))
		gv = b.grow(gv, bv)
		if !rules.Pattern {
			gk = b.grow(gk, bk)
			gv = after(after(gv, bq), bk) // the next block waits for all of this one
			rows = append(rows, bq)
		}
	}
	if rules.Pattern {
		return nil, nil, gv
	}
	return join(c, rows), gk, gv
}

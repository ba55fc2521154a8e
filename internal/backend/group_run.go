package backend

import "slices"

import "unsafe"

// A place is where a row of a value begins: in a storage, or in the worker's scratch memory.
type place struct {
	store  int // −1: in the scratch memory
	base   int // bytes
	dims   []int
	rows   []int // bytes
	size   int   // of an element
	step   int
	width  int
	linear int // bytes from row to row, where dims has at most one axis
}

// An operation of a group as it runs.
type op struct {
	fn   rowFunc
	n    int
	dst  place
	args []place
}

// step makes the group runnable. needed are the storages that others read.
func (g *group) step(c *compiler, needed map[int]bool) *step {
	s := &step{name: g.name(), reads: g.external(c)}
	flat := g.flatten()
	split := g.rows > 0
	width := 0
	for i, in := range g.instrs {
		if i == 0 {
			width = in.width
		}
		split = split && in.plain && in.width == width
	}
	const block = 1024 // elements of a value in the first-level cache
	split = split && (flat || width > 4*block && g.parallel())

	// where values of the group lie
	ops := make([]op, len(g.instrs))
	homes := make([]place, len(g.instrs))
	scratchSize := 0
	cost := 0
	for i, in := range g.instrs {
		size := in.n.shape.DType.Size()
		p := place{store: -1, size: size, step: 1, width: in.width}
		if id := c.storage(in.n); needed[id] {
			p.store, p.linear = id, in.width*size
			s.writes = append(s.writes, id)
		} else {
			w := in.width
			if split {
				w = min(w, block)
			}
			p.base = scratchSize
			scratchSize += (w*size + align - 1) &^ (align - 1)
		}
		homes[i] = p
		cost += max(in.width, 8)
		o := op{fn: in.fn, n: in.width, dst: p}
		for _, a := range in.args {
			var q place
			if j, own := g.of[a.v.root]; own {
				q = homes[j]
				q.base += a.v.off * a.size
				q.step, q.width = a.step, a.width
			} else {
				q = place{store: c.storage(a.v.root), base: a.v.off * a.size, size: a.size, step: a.step, width: a.width}
				switch len(a.dims) {
				case 0:
				case 1:
					q.linear = a.rows[0] * a.size
				default:
					q.dims = a.dims
					for _, r := range a.rows {
						q.rows = append(q.rows, r*a.size)
					}
				}
			}
			o.args = append(o.args, q)
		}
		ops[i] = o
	}
	s.over = g.over(c)
	blocks := 1
	if split {
		blocks = (width + block - 1) / block
		cost = len(ops) * min(width, block)
	}
	units := g.rows * blocks
	chunk := max(1, groupChunk/max(cost, 1))
	s.run = func(c *call) {
		c.each(units, chunk, func(sc *scratch, from, to int) {
			temp := sc.bytes(scratchSize)
			for u := from; u < to; u++ {
				row, col := u, 0
				if blocks > 1 {
					row, col = u/blocks, u%blocks*block
				}
				for i := range ops {
					o := &ops[i]
					n := o.n
					if blocks > 1 {
						n = min(block, n-col)
					}
					if cap(sc.args) < len(o.args) {
						sc.args = make([]operand, len(o.args))
					}
					in := sc.args[:len(o.args)]
					for k := range o.args {
						in[k] = operand{o.args[k].pointer(c, temp, row, col), o.args[k].step, o.args[k].width}
					}
					o.fn(sc, n, o.dst.pointer(c, temp, row, col), in)
				}
			}
		})
	}
	return s
}

// over lists what the group makes that may take the place of what it reads: pairs of storages. Every reader of the old one must read
// the same part of the same row as the new one's maker writes, and not after it.
func (g *group) over(c *compiler) (pairs [][2]int) {
	last := map[int]int{} // the last instruction that reads a storage; −1 where one reads it otherwise
	for i, in := range g.instrs {
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; own {
				continue
			}
			id := c.storage(a.v.root)
			full := a.v.off == 0 && a.width == in.width && (a.step == 1 || a.width == 1) && a.size == in.n.shape.DType.Size() &&
				(len(a.dims) == 0 && g.rows <= 1 || len(a.dims) == 1 && a.rows[0] == in.width)
			if !full || last[id] < 0 {
				last[id] = -1
				continue
			}
			last[id] = i
		}
	}
	for i, in := range g.instrs {
		w := c.storage(in.n)
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; own {
				continue
			}
			r := c.storage(a.v.root)
			if l := last[r]; l >= 0 && l <= i && c.e.stores[r].size == c.e.stores[w].size {
				pairs = append(pairs, [2]int{w, r})
			}
		}
	}
	return pairs
}

// groupChunk is how many elements one worker computes at a time: enough to be worth a hand-over.
const groupChunk = 16 << 10

// pointer returns where a row begins, or its part from a column on.
func (p *place) pointer(c *call, temp unsafe.Pointer, row, col int) unsafe.Pointer {
	if p.store < 0 {
		return unsafe.Add(temp, p.base) // parts of rows follow one another
	}
	at := p.base + row*p.linear + col*p.step*p.size
	for i, v := range slices.Backward(p.dims) {
		at += row % v * p.rows[i]
		row /= v
	}
	return unsafe.Add(c.ptr[p.store], at)
}

// flatten makes one row of all rows, where every value runs through all of them alike.
func (g *group) flatten() bool {
	width := -1
	for _, in := range g.instrs {
		if !in.plain || width >= 0 && in.width != width {
			return false
		}
		width = in.width
		for _, a := range in.args {
			full := len(a.dims) == 0 && g.rows <= 1 || len(a.dims) == 1 && a.rows[0] == width && (a.step == 1 || width == 1)
			same := a.step == 0 && (len(a.dims) == 0 || len(a.dims) == 1 && a.rows[0] == 0)
			if !full && !same {
				return false
			}
		}
	}
	for _, in := range g.instrs {
		for i := range in.args {
			a := &in.args[i]
			if len(a.dims) == 1 && a.rows[0] != 0 {
				a.step = 1
			}
			a.dims, a.rows = nil, nil
			if a.step == 1 {
				a.width = width * g.rows
			}
		}
		in.width = width * g.rows
	}
	g.rows = 1
	return true
}

// parallel reports whether a part of a row needs the same part of the group's own values.
func (g *group) parallel() bool {
	for _, in := range g.instrs {
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; own && (a.v.off != 0 || a.step == 0) {
				return false
			}
		}
	}
	return true
}

func (g *group) name() string {
	if len(g.instrs) == 1 {
		return g.instrs[0].n.op.String()
	}
	return "Group"
}

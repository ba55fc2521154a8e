package backend

// tileBytes is how much of all that a group touches a tile has: less than a first-level cache.
const tileBytes = 20 << 10

// groupChunk is how many elements one worker computes at a time: enough to be worth a hand-over.
const groupChunk = 16 << 10

// step makes the group runnable. needed are the storages that others read.
func (g *group) step(c *compiler, needed map[int]bool) *step {
	s := &step{name: g.name(), reads: g.external(c)}
	width, split := g.divides()
	homes := make([]place, len(g.instrs))
	cost := 0 // elements of a row
	for i, in := range g.instrs {
		homes[i] = place{store: -1, size: in.n.shape.DType.Size(), step: 1, width: in.width}
		homes[i].linear = in.width * homes[i].size
		if id := c.storage(in.n); needed[id] {
			homes[i].store = id
			s.writes = append(s.writes, id)
		}
		cost += max(in.width, 8)
	}
	slots := g.slots(homes)
	touched := max(1, slots.row+g.outside(homes))

	units, rows := g.rows, max(1, tileBytes/touched)
	parts, cols := 1, 0 // of a row
	if split {
		cols = min(width, max(256, tileBytes*width/touched&^63))
		parts = (width + cols - 1) / cols
		units, rows = g.rows*parts, 1
		cost = len(g.instrs) * cols
	}
	room := slots.lay(homes, func(bytes int) int {
		if split {
			return bytes / width * cols
		}
		return bytes * rows
	})
	ops := g.ops(c, homes)
	s.over = g.over(c)
	s.run = func(c *call) {
		c.each(units, max(1, groupChunk/max(cost, 1)), func(sc *scratch, from, to int) {
			t := tile{c: c, s: sc, temp: sc.bytes(room), cols: cols}
			for u := from; u < to; u += rows {
				t.row, t.rows = u, min(rows, to-u)
				if split {
					t.row, t.col = u/parts, u%parts*cols
				}
				for i := range ops {
					ops[i].run(&t)
				}
			}
		})
	}
	return s
}

// outside returns how many bytes of a row the group reads and writes in storages.
func (g *group) outside(homes []place) (bytes int) {
	for i, in := range g.instrs {
		if homes[i].store >= 0 {
			bytes += homes[i].linear
		}
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; !own {
				bytes += a.width * a.step * a.size
			}
		}
	}
	return bytes
}

// divides reports whether rows are divided in parts, and how long they are: they must all be as long, and a part of a value need the
// same part of others alone.
func (g *group) divides() (width int, yes bool) {
	const long = 4096 // elements
	flat := g.flatten()
	width = g.instrs[0].width
	for _, in := range g.instrs {
		if !in.plain || in.width != width {
			return width, false
		}
	}
	return width, g.rows > 0 && width > 0 && (flat || width > long && g.parallel())
}

// ops are the group's operations with the places of all that they read and write.
func (g *group) ops(c *compiler, homes []place) []op {
	ops := make([]op, len(g.instrs))
	for i, in := range g.instrs {
		o := op{fn: in.fn, n: in.width, dst: homes[i], whole: in.plain && homes[i].follows(in.width)}
		for _, a := range in.args {
			q := place{store: c.storage(a.v.root), size: a.size}
			if j, own := g.of[a.v.root]; own {
				q = homes[j]
			} else if len(a.dims) == 1 {
				q.linear = a.rows[0] * a.size
			} else {
				q.dims = a.dims
				for _, r := range a.rows {
					q.rows = append(q.rows, r*a.size)
				}
			}
			q.base += a.v.off * a.size
			q.step, q.width = a.step, a.width
			o.whole = o.whole && (q.follows(in.width) || q.step == 0 && q.linear == 0 && len(q.dims) == 0)
			o.args = append(o.args, q)
		}
		ops[i] = o
	}
	return ops
}

// over lists what the group makes that may take the place of what it reads: pairs of storages. Every reader of the old one must read
// all of it, row by row as the new one's maker writes, and not after it: rows of another length would be read when others have been
// written.
func (g *group) over(c *compiler) (pairs [][2]int) {
	last := map[int]int{} // the last instruction that reads a storage; −1 where one reads it otherwise
	for i, in := range g.instrs {
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; own {
				continue
			}
			id := c.storage(a.v.root)
			full := c.e.stores[id].size == byteSize(in.n.shape) && a.size == in.n.shape.DType.Size() && // and so from its beginning
				a.width == in.width && (a.step == 1 || a.width == 1) && (len(a.dims) == 0 || len(a.dims) == 1 && a.rows[0] == in.width)
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
			if l := last[r]; l >= 0 && l <= i {
				pairs = append(pairs, [2]int{w, r})
			}
		}
	}
	return pairs
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
			full := len(a.dims) == 0 || len(a.dims) == 1 && a.rows[0] == width && (a.step == 1 || width == 1)
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
			if _, own := g.of[a.v.root]; own && a.step == 0 {
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

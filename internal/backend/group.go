package backend

import (
	"slices"

	"github.com/gomlx/compute"
)

// A group is a run of elementwise and rowwise operations over the same number of rows. It goes over the rows once: what one
// operation makes of a row the next one finds in the first-level cache, and what nobody else reads is never whole in memory.
//
// A row of a value is everything in its last axes; how wide it is differs from value to value: the sum of a row is one number
// wide. Rows are independent of one another, so that it decides no result who computes which.
type group struct {
	rows   int
	instrs []*instr
	of     map[*node]int // the instruction that makes a node
}

// An instr computes one row of one node.
type instr struct {
	n     *node
	fn    rowFunc
	width int
	args  []access
	plain bool // elementwise: a part of a row needs the same part of the operands
}

// An access says where an operand's part of a row lies.
type access struct {
	v     view
	size  int   // of an element, in bytes
	dims  []int // rows are counted along these axes …
	rows  []int // … with these strides, in elements; one axis, or none for a single row
	step  int   // from number to number in a row: 1, or 0
	width int
}

// maxInstrs bounds a group, so that its values stay in the first-level cache.
const maxInstrs = 24

// cut says how many axes come before a row where there are so many rows; ok is whether that many can be had.
func cut(dims []int, rows int) (axes int, ok bool) {
	n := 1
	for a, d := range dims {
		if n == rows {
			return a, true
		}
		n *= d
	}
	return len(dims), n == rows
}

// accessTo returns the access to a value through strides along dims, whose first axes are counted as rows.
func accessTo(v view, strides, dims []int, axes int, size int) (access, bool) {
	a := access{v: v, size: size}
	a.dims, a.rows = collapse(dims[:axes], strides[:axes])
	n, step, ok := single(dims[axes:], strides[axes:])
	if !ok || step != 0 && step != 1 {
		return a, false
	}
	a.step, a.width = step, n
	return a, true
}

// naturalRows is how many rows an operation has when nothing else decides.
func naturalRows(n *node) int {
	dims := n.shape.Dimensions
	if n.op == compute.OpTypeConcatenate {
		return product(dims[:n.attr.(int)])
	}
	if r, ok := n.attr.(rowwise); ok {
		in := n.in[0].shape.Dimensions
		return product(in[:len(in)-r.axes])
	}
	last := len(dims) - 1
	for last > 0 && dims[last] == 1 {
		last--
	}
	return product(dims[:max(last, 0)])
}

// instrOf returns the instruction of an operation over so many rows; ok is whether there is one. view tells where operands lie.
func instrOf(n *node, rows int, viewOf func(i int, x *node) view) (*instr, bool) {
	out := n.shape.Dimensions
	in := &instr{n: n}
	switch attr := n.attr.(type) {
	case rowFunc: // elementwise
		axes, ok := cut(out, rows)
		if !ok {
			return nil, false
		}
		in.fn, in.plain, in.width = attr, true, product(out[axes:])
		for i, x := range n.in {
			v := viewOf(i, x)
			a, ok := accessTo(v, v.broadcast(x.shape.Dimensions, out), out, axes, x.shape.DType.Size())
			if !ok {
				return nil, false
			}
			in.args = append(in.args, a)
		}
	case rowwise:
		x := n.in[0]
		dims := x.shape.Dimensions
		axes := len(dims) - attr.axes
		if product(dims[:axes]) != rows {
			return nil, false
		}
		v := viewOf(0, x)
		a, ok := accessTo(v, v.strides, dims, axes, x.shape.DType.Size())
		if !ok || a.step != 1 && a.width != 1 {
			return nil, false
		}
		a.step = 1
		in.fn, in.args = attr.fn, []access{a}
		in.width = n.shape.Size() / max(rows, 1)
	case int: // Concatenate
		if product(out[:attr]) != rows {
			return nil, false
		}
		in.fn, in.width = joinOf(n.shape.DType.Size()), product(out[attr:])
		for i, x := range n.in {
			v := viewOf(i, x)
			a, ok := accessTo(v, v.strides, x.shape.Dimensions, attr, x.shape.DType.Size())
			if !ok || a.step != 1 && a.width > 1 {
				return nil, false
			}
			a.step = 1
			in.args = append(in.args, a)
		}
	default:
		return nil, false
	}
	return in, true
}

// rowsOf reports whether an operation can read an input through a view in a group of its own.
func (c *compiler) rowsOf(u, n *node, v view) bool {
	_, ok := instrOf(u, naturalRows(u), func(_ int, x *node) view {
		if x == n {
			return v
		}
		return view{root: x, strides: rowMajor(x.shape.Dimensions)}
	})
	return ok
}

// join puts an operation into the first group that can take it, or a new one.
func (c *compiler) join(n *node) {
	c.own(n)
	from := 0
	for _, x := range n.in {
		from = max(from, c.at[c.views[x.id].root.id])
	}
	viewOf := func(_ int, x *node) view { return c.views[x.id] }
	if n.shape.Size() > 0 {
		for i := from; i < len(c.build); i++ {
			g := c.build[i].group
			if g == nil || len(g.instrs) >= maxInstrs {
				continue
			}
			in, ok := instrOf(n, g.rows, viewOf)
			if ok && g.takes(in) {
				g.add(in)
				c.at[n.id] = i
				return
			}
		}
	}
	g := &group{rows: naturalRows(n), of: map[*node]int{}}
	in, ok := instrOf(n, g.rows, viewOf)
	if !ok { // an operand lies so that rows cannot follow it: copy it
		in, _ = instrOf(n, g.rows, func(_ int, x *node) view { return c.packed(x) })
	}
	g.add(in)
	c.build = append(c.build, &building{group: g})
	c.at[n.id] = len(c.build) - 1
}

// packed returns a view of a value without gaps, copying it if need be.
func (c *compiler) packed(x *node) view {
	v := c.views[x.id]
	if v.contiguous(x.shape.Dimensions) {
		return v
	}
	held := &node{f: x.f, id: len(c.f.nodes), op: compute.OpTypeIdentity, shape: x.shape}
	c.f.nodes = append(c.f.nodes, held)
	c.store, c.at, c.views = append(c.store, -1), append(c.at, -1), append(c.views, view{})
	c.live, c.out, c.uses = append(c.live, false), append(c.out, false), append(c.uses, nil)
	c.own(held)
	c.copied("Copy", v, x.shape, c.storage(held))
	c.at[held.id] = len(c.build) - 1
	return c.views[held.id]
}

// takes reports whether the group can compute an instruction: what it needs of the group's own values must lie in the same row.
func (g *group) takes(in *instr) bool {
	for _, a := range in.args {
		j, own := g.of[a.v.root]
		if !own {
			continue
		}
		// as many rows as the value has, as far apart as they are, lie in its own
		sameRow := len(a.dims) == 0 || len(a.dims) == 1 && a.rows[0] == g.instrs[j].width
		if !sameRow || a.size != g.instrs[j].n.shape.DType.Size() {
			return false
		}
	}
	return true
}

func (g *group) add(in *instr) {
	g.of[in.n] = len(g.instrs)
	g.instrs = append(g.instrs, in)
}

// external lists the storages of other steps that the group reads.
func (g *group) external(c *compiler) []int {
	var out []int
	for _, in := range g.instrs {
		for _, a := range in.args {
			if _, own := g.of[a.v.root]; !own {
				if id := c.reads(a.v); !slices.Contains(out, id) {
					out = append(out, id)
				}
			}
		}
	}
	return out
}

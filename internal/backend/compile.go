package backend

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
)

// A compiler turns the operations of a graph into steps:
//
//  1. what no output needs is left out;
//  2. what only moves numbers becomes a view where all that read it can follow its strides (views.go), else a copy;
//  3. elementwise and rowwise operations are gathered in groups that go over rows once (group.go);
//  4. memory is laid out by the steps' first and last uses (storage.go).
type compiler struct {
	f     *function
	live  []bool
	uses  [][]*node // who reads a node, by id
	out   []bool    // outputs of the graph
	views []view
	store []int // of a root node, by id; −1: not yet
	e     *executable
	build []*building
	at    []int // the step that makes a root node, by id; −1 for what is there from the beginning

	pending map[*node]*weightProduct // products that wait for the addition that reads them
}

// A building step may still be a group that grows.
type building struct {
	*step
	group *group
}

// Compile ends the recording.
func (g *builder) Compile() (compute.Executable, error) {
	switch {
	case g.b.IsFinalized():
		return nil, fmt.Errorf("native backend: Compile after it was closed")
	case g.compiled:
		return nil, fmt.Errorf("native backend: Compile of graph %q twice", g.name)
	case !g.main.returned:
		return nil, fmt.Errorf("native backend: Compile of graph %q before Return", g.name)
	}
	g.compiled = true
	f := g.main
	n := len(f.nodes)
	c := &compiler{f: f, live: make([]bool, n), uses: make([][]*node, n), out: make([]bool, n), views: make([]view, n), store: make([]int, n), at: make([]int, n),
		pending: map[*node]*weightProduct{}}
	c.e = &executable{b: g.b, names: f.names, plain: make([]bool, len(f.params))}
	for _, p := range f.params {
		c.e.params = append(c.e.params, p.shape)
	}
	for _, o := range f.outputs {
		c.e.outputs = append(c.e.outputs, o.shape)
		c.out[o.id], c.live[o.id] = true, true
	}
	for i := n - 1; i >= 0; i-- {
		c.store[i], c.at[i] = -1, -1
		if !c.live[i] {
			continue
		}
		for _, in := range f.nodes[i].in {
			c.live[in.id] = true
		}
	}
	for _, p := range f.params {
		c.live[p.id] = true
	}
	for _, x := range f.nodes {
		if c.live[x.id] {
			for _, in := range x.in {
				c.uses[in.id] = append(c.uses[in.id], x)
			}
		}
	}
	for _, x := range f.nodes {
		if c.live[x.id] {
			c.node(x)
		}
	}
	c.finish()
	return c.e, nil
}

// node compiles one operation whose inputs are compiled.
func (c *compiler) node(n *node) {
	switch n.op {
	case compute.OpTypeParameter:
		c.own(n)
		c.e.stores[c.storage(n)].home = parameter
		c.e.stores[c.storage(n)].index = n.attr.(int)
	case compute.OpTypeConstant:
		c.own(n)
		s := c.e.stores[c.storage(n)]
		s.home, s.raw = constant, n.attr.([]byte)
		s.fixed = pointer(s.raw)
	case compute.OpTypeIdentity:
		c.views[n.id] = c.views[n.in[0].id]
	case compute.OpTypeReshape:
		c.reshape(n)
	case compute.OpTypeTranspose, compute.OpTypeSlice, compute.OpTypeBroadcastInDim, compute.OpTypeReverse:
		c.move(n)
	case compute.OpTypePad:
		c.pad(n)
	case compute.OpTypeDotGeneral:
		c.dot(n)
	case compute.OpTypeGather:
		c.gather(n)
	case compute.OpTypeScatterSum, compute.OpTypeScatterMax, compute.OpTypeScatterMin:
		c.scatter(n)
	case compute.OpTypeDynamicSlice:
		c.dynamicSlice(n)
	case compute.OpTypeDynamicUpdateSlice:
		c.dynamicUpdate(n)
	case compute.OpTypeAdd:
		if !c.addPulls(n) {
			c.join(n)
		}
	default:
		c.join(n)
	}
}

// own gives a node its own memory, without gaps.
func (c *compiler) own(n *node) {
	c.views[n.id] = view{root: n, strides: rowMajor(n.shape.Dimensions)}
}

// storage returns the storage of a root node.
func (c *compiler) storage(n *node) int {
	if c.store[n.id] < 0 {
		c.store[n.id] = c.memory(byteSize(n.shape))
	}
	return c.store[n.id]
}

// memory adds a storage of the arena.
func (c *compiler) memory(size int) int {
	c.e.stores = append(c.e.stores, &storage{home: arena, size: size, over: -1})
	return len(c.e.stores) - 1
}

// reads returns the storage of what a view shows, for a step that reads it as memory.
func (c *compiler) reads(v view) int {
	id := c.storage(v.root)
	if v.root.op == compute.OpTypeParameter {
		c.e.plain[v.root.attr.(int)] = true
	}
	return id
}

// add appends a step that makes the roots.
func (c *compiler) add(s *step, roots ...*node) {
	c.build = append(c.build, &building{step: s})
	for _, r := range roots {
		c.at[r.id] = len(c.build) - 1
	}
}

// copied adds a step that copies what a view shows to memory of its own, without gaps.
func (c *compiler) copied(name string, v view, s shapes.Shape, to int) {
	from, size := c.reads(v), s.DType.Size()
	t := newTransfer(size, s.Dimensions, rowMajor(s.Dimensions), v.strides)
	c.add(&step{name: name, reads: []int{from}, writes: []int{to}, run: t.step(to, 0, from, v.off)})
}

// step returns what runs a transfer between storages, from elements on.
func (t *transfer) step(to, toOff, from, fromOff int) func(c *call) {
	n := t.outer()
	inner := max(1, product(t.dims)/max(n, 1))
	chunk := max(1, copyChunk/inner)
	return func(c *call) {
		dst, src := unsafeAdd(c.ptr[to], toOff*t.size), unsafeAdd(c.ptr[from], fromOff*t.size)
		c.each(n, chunk, func(_ *scratch, a, b int) { t.run(dst, src, a, b) })
	}
}

// copyChunk is how many elements one worker copies at a time: enough to be worth a hand-over.
const copyChunk = 16 << 10

// contiguous returns the storage and the offset of a value without gaps, for an operation that follow lets have no other.
func (c *compiler) contiguous(n *node) (id, off int) {
	v := c.views[n.id]
	return c.reads(v), v.off
}

// finish completes the groups, gives outputs their memory and lays out the rest.
func (c *compiler) finish() {
	e := c.e
	for i, o := range c.f.outputs {
		v := c.views[o.id]
		s := e.stores[c.storage(v.root)]
		if s.home == arena && s.size == byteSize(o.shape) { // all of it, in its order: follow leaves outputs no other view
			s.home, s.index = result, i
			continue
		}
		id := c.memory(byteSize(o.shape))
		e.stores[id].home, e.stores[id].index = result, i
		c.copied("Output", v, o.shape, id)
	}
	needed := map[int]bool{} // roots that are read outside the group that makes them
	for _, s := range c.build {
		if s.group == nil {
			for _, r := range s.reads {
				needed[r] = true
			}
			continue
		}
		for _, r := range s.group.external(c) {
			needed[r] = true
		}
	}
	for i, s := range e.stores {
		if s.home == result {
			needed[i] = true
		}
	}
	for _, s := range c.build {
		if s.group != nil {
			s.step = s.group.step(c, needed)
		}
		e.steps = append(e.steps, s.step)
	}
	for i, s := range e.steps {
		for _, w := range s.writes {
			e.stores[w].first, e.stores[w].last = i, i
		}
		for _, r := range s.reads {
			e.stores[r].last = i
		}
	}
	for i, s := range e.steps {
		for _, p := range s.over { // of each r there is one w: what reads it last makes it
			if w, r := e.stores[p[0]], e.stores[p[1]]; r.home == arena && r.last == i {
				w.over = p[1]
			}
		}
	}
	e.size = layOut(e.stores, e.steps)
}

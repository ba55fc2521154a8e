package backend

import (
	"unsafe"

	"github.com/gomlx/compute"
)

func unsafeAdd(p unsafe.Pointer, n int) unsafe.Pointer {
	if n == 0 {
		return p
	}
	return unsafe.Add(p, n)
}

// move compiles an operation that only moves numbers: a view, or a copy where somebody needs the numbers in their places.
func (c *compiler) move(n *node) {
	v := c.views[n.in[0].id].moved(n.attr.(move))
	if n.shape.Size() == 0 {
		v.off = 0
	}
	if c.follow(n, v) {
		c.views[n.id] = v
		return
	}
	c.own(n)
	id := c.storage(n)
	c.copied(n.op.String(), v, n.shape, id)
	c.at[n.id] = len(c.build) - 1
}

// reshape compiles Reshape and Bitcast: a view where strides can say it, else a copy.
func (c *compiler) reshape(n *node) {
	from := n.in[0]
	v := c.views[from.id]
	if w, ok := v.reshaped(from.shape, n.shape); ok { // without gaps in an output, or follow had made no view of what it is made of
		c.views[n.id] = w
		return
	}
	c.own(n)
	c.copied(n.op.String(), v, from.shape, c.storage(n))
	c.at[n.id] = len(c.build) - 1
}

// follow reports whether all that read a value can read it through a view.
func (c *compiler) follow(n *node, v view) bool {
	if v.contiguous(n.shape.Dimensions) {
		return true
	}
	if c.out[n.id] {
		return false
	}
	for _, u := range c.uses[n.id] {
		if !c.follows(u, n, v) {
			return false
		}
	}
	return true
}

// follows reports whether an operation can read an input through a view.
func (c *compiler) follows(u, n *node, v view) bool {
	switch u.op {
	case compute.OpTypeIdentity:
		return c.follow(u, v)
	case compute.OpTypeReshape:
		if w, ok := v.reshaped(n.shape, u.shape); ok {
			return c.follow(u, w)
		}
		return len(c.uses[n.id]) == 1 // it copies
	case compute.OpTypeTranspose, compute.OpTypeSlice, compute.OpTypeBroadcastInDim, compute.OpTypeReverse, compute.OpTypePad:
		return true
	case compute.OpTypeDotGeneral:
		return c.multiplies(u, n, v)
	case compute.OpTypeGather, compute.OpTypeScatterSum, compute.OpTypeScatterMax, compute.OpTypeScatterMin, compute.OpTypeDynamicSlice, compute.OpTypeDynamicUpdateSlice:
		return false
	}
	return c.rowsOf(u, n, v)
}

// pad compiles Pad: the fill value everywhere, then the numbers.
func (c *compiler) pad(n *node) {
	x, fillValue := n.in[0], n.in[1]
	axes := n.attr.([]compute.PadAxis)
	c.own(n)
	to, with := c.storage(n), c.reads(c.views[fillValue.id])
	withOff := c.views[fillValue.id].off
	size, count := n.shape.DType.Size(), n.shape.Size()
	put := fillOf(size)
	v := c.views[x.id]
	dims, src, dst := append([]int(nil), x.shape.Dimensions...), v.strides, rowMajor(n.shape.Dimensions)
	from, toOff, fromOff := c.reads(v), 0, v.off
	for a, p := range axes {
		step := p.Interior + 1
		// indices i of the input whose place p.Start + i·step lies inside
		lo := 0
		if p.Start < 0 {
			lo = (-p.Start + step - 1) / step
		}
		hi := dims[a] - 1
		if most := n.shape.Dimensions[a] - 1 - p.Start; most < 0 {
			hi = -1
		} else {
			hi = min(hi, most/step)
		}
		dims[a] = max(0, hi-lo+1)
		toOff += (p.Start + lo*step) * dst[a]
		fromOff += lo * src[a]
		dst[a] *= step
	}
	if product(dims) == 0 {
		toOff, fromOff = 0, 0
	}
	t := newTransfer(size, dims, dst, src)
	copyAll := t.step(to, toOff, from, fromOff)
	c.add(&step{name: "Pad", reads: []int{from, with}, writes: []int{to}, run: func(c *call) {
		in := [1]operand{{p: unsafeAdd(c.ptr[with], withOff*size), width: 1}}
		put(nil, count, c.ptr[to], in[:])
		copyAll(c)
	}}, n)
}

package backend

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapeinference"
	"github.com/gomlx/compute/shapes"
)

// starts checks the start indices of a dynamic slice: an integer number for each axis.
func starts(op string, s shapes.Shape, in []*node) error {
	if len(in) != s.Rank() {
		return fmt.Errorf("native backend: %s of %s with %d start indices", op, s, len(in))
	}
	for _, i := range in {
		if i.shape.Rank() != 0 || !i.shape.DType.IsInt() {
			return fmt.Errorf("native backend: %s with a start index of shape %s; each is one integer", op, i.shape)
		}
	}
	return nil
}

// DynamicSlice takes a box out of a tensor whose place is known when the graph runs; it is moved inside.
func (f *function) DynamicSlice(operand compute.Value, startIndices []compute.Value, sizes []int) (compute.Value, error) {
	in, err := f.values("DynamicSlice", append([]compute.Value{operand}, startIndices...)...)
	if err != nil {
		return nil, err
	}
	s, err := shapeinference.DynamicSlice(in[0].shape, sizes)
	if err == nil {
		err = nonNegative("DynamicSlice", s.Dimensions)
	}
	if err == nil {
		err = starts("DynamicSlice", in[0].shape, in[1:])
	}
	if err != nil {
		return nil, err
	}
	return f.add(compute.OpTypeDynamicSlice, s, slices.Clone(sizes), in...), nil
}

// DynamicUpdateSlice returns a tensor in which a box is replaced whose place is known when the graph runs; it is moved inside.
func (f *function) DynamicUpdateSlice(operand, update compute.Value, startIndices []compute.Value) (compute.Value, error) {
	in, err := f.values("DynamicUpdateSlice", append([]compute.Value{operand, update}, startIndices...)...)
	if err != nil {
		return nil, err
	}
	x, u := in[0].shape, in[1].shape
	s, err := shapeinference.DynamicUpdateSlice(x, u)
	if err == nil {
		err = starts("DynamicUpdateSlice", x, in[2:])
	}
	if err != nil {
		return nil, err
	}
	for a, n := range u.Dimensions {
		if n > x.Dimensions[a] {
			return nil, fmt.Errorf("native backend: DynamicUpdateSlice of %s with the larger %s", x, u)
		}
	}
	return f.add(compute.OpTypeDynamicUpdateSlice, s, u.Dimensions, in...), nil
}

// startsOf returns the offset in elements of a box of the given sizes at run time.
func (c *compiler) startsOf(in []*node, dims, sizes []int) (reads []int, offset func(c *call) int) {
	strides := rowMajor(dims)
	var ids, offs []int
	var get []func(p unsafe.Pointer, i int) int
	for _, i := range in {
		id, off := c.contiguous(i)
		ids, offs, get = append(ids, id), append(offs, off), append(get, integerAt(i.shape.DType))
	}
	return ids, func(c *call) int {
		at := 0
		for a := range ids {
			i := get[a](c.ptr[ids[a]], offs[a])
			at += max(0, min(i, dims[a]-sizes[a])) * strides[a]
		}
		return at
	}
}

func (c *compiler) dynamicSlice(n *node) {
	x, sizes := n.in[0], n.attr.([]int)
	xi, xo := c.contiguous(x)
	reads, offset := c.startsOf(n.in[1:], x.shape.Dimensions, sizes)
	c.own(n)
	out, size := c.storage(n), n.shape.DType.Size()
	t := newTransfer(size, sizes, rowMajor(sizes), rowMajor(x.shape.Dimensions))
	c.add(&step{name: "DynamicSlice", reads: append(reads, xi), writes: []int{out}, run: func(c *call) {
		if n.shape.Size() > 0 {
			t.run(c.ptr[out], unsafe.Add(c.ptr[xi], (xo+offset(c))*size), 0, t.outer())
		}
	}}, n)
}

func (c *compiler) dynamicUpdate(n *node) {
	x, u, sizes := n.in[0], n.in[1], n.attr.([]int)
	c.own(n)
	out, size := c.storage(n), n.shape.DType.Size()
	c.copied("DynamicUpdateSlice", c.views[x.id], x.shape, out)
	reads, offset := c.startsOf(n.in[2:], x.shape.Dimensions, sizes)
	ui, uo := c.contiguous(u)
	t := newTransfer(size, sizes, rowMajor(x.shape.Dimensions), rowMajor(sizes))
	c.add(&step{name: "DynamicUpdateSlice", reads: append(reads, ui, out), run: func(c *call) {
		if u.shape.Size() > 0 {
			t.run(unsafe.Add(c.ptr[out], offset(c)*size), unsafe.Add(c.ptr[ui], uo*size), 0, t.outer())
		}
	}}, n)
}

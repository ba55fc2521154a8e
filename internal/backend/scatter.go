package backend

import (
	"fmt"
	"slices"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// scatterOp records a scatter: a copy of the operand into which slices of the updates are combined where indices say. A slice that
// would reach outside is left out, as XLA does. Updates that meet are combined in their order.
func (f *function) scatterOp(op compute.OpType, operand, indices, updates compute.Value, vector int, window, inserted, indexed []int) (compute.Value, error) {
	in, err := f.values(op.String(), operand, indices, updates)
	if err != nil {
		return nil, err
	}
	x, i, u := in[0], in[1], in[2]
	if vector == i.shape.Rank() { // an axis of size 1 that is not written
		dims := append(slices.Clone(i.shape.Dimensions), 1)
		v, err := f.Reshape(i, dims...)
		if err != nil {
			return nil, err
		}
		i = v.(*node)
	}
	s, err := shapeinference.Scatter(x.shape, i.shape, u.shape, vector, window, inserted, indexed)
	if err != nil {
		return nil, err
	}
	if !increasing(window) || !increasing(inserted) {
		return nil, fmt.Errorf("native backend: %s with window axes %v and inserted axes %v, which must increase", op, window, inserted)
	}
	batch := others(u.shape.Rank(), window)
	for j, a := range others(i.shape.Rank(), []int{vector}) {
		if i.shape.Dimensions[a] != u.shape.Dimensions[batch[j]] {
			return nil, fmt.Errorf("native backend: %s of updates of shape %s where indices of shape %s say", op, u.shape, i.shape)
		}
	}
	d := x.shape.DType
	if half(d) {
		x, u = f.convert(x, dtypes.Float32), f.convert(u, dtypes.Float32)
		s.DType = dtypes.Float32
	}
	combine := combineFunc(op, s.DType)
	if combine == nil {
		return nil, unsupported(op.String(), "of %s", d)
	}
	attr := scatter{lookup{vector: vector, offset: slices.Clone(window), collapsed: slices.Clone(inserted), indexed: slices.Clone(indexed)}, combine}
	return f.convert(f.add(op, s, attr, x, i, u), d), nil
}

func increasing(x []int) bool {
	for i := 1; i < len(x); i++ {
		if x[i] <= x[i-1] {
			return false
		}
	}
	return true
}

// scatter is the attribute of a scatter.
type scatter struct {
	lookup
	combine func(dst, src unsafe.Pointer) // one element into another
}

func combineFunc(op compute.OpType, d dtypes.DType) func(dst, src unsafe.Pointer) {
	switch d {
	case dtypes.Int8:
		return combining[int8](op)
	case dtypes.Int16:
		return combining[int16](op)
	case dtypes.Int32:
		return combining[int32](op)
	case dtypes.Int64:
		return combining[int64](op)
	case dtypes.Uint8:
		return combining[uint8](op)
	case dtypes.Uint16:
		return combining[uint16](op)
	case dtypes.Uint32:
		return combining[uint32](op)
	case dtypes.Uint64:
		return combining[uint64](op)
	case dtypes.Float32:
		return combining[float32](op)
	case dtypes.Float64:
		return combining[float64](op)
	}
	return nil
}

func combining[T number](op compute.OpType) func(dst, src unsafe.Pointer) {
	switch op {
	case compute.OpTypeScatterSum:
		return func(dst, src unsafe.Pointer) { *(*T)(dst) += *(*T)(src) }
	case compute.OpTypeScatterMax:
		return func(dst, src unsafe.Pointer) { *(*T)(dst) = max(*(*T)(dst), *(*T)(src)) }
	case compute.OpTypeScatterMin:
		return func(dst, src unsafe.Pointer) { *(*T)(dst) = min(*(*T)(dst), *(*T)(src)) }
	}
	return nil
}

// scatter compiles a scatter.
func (c *compiler) scatter(n *node) {
	x, indices, updates, attr := n.in[0], n.in[1], n.in[2], n.attr.(scatter)
	c.own(n)
	out := c.storage(n)
	c.copied(n.op.String(), c.views[x.id], x.shape, out)
	ii, io := c.contiguous(indices)
	ui, uo := c.contiguous(updates)
	size := n.shape.DType.Size()
	vectors := vectorsOf(indices, attr.vector, io)
	xd, xs := n.shape.Dimensions, rowMajor(n.shape.Dimensions)
	ud, us := updates.shape.Dimensions, rowMajor(updates.shape.Dimensions)
	batch, kept := others(len(ud), attr.offset), others(len(xd), attr.collapsed)
	starts := offsets(uo, pick(ud, batch), pick(us, batch))
	from := offsets(0, pick(ud, attr.offset), pick(us, attr.offset)) // of a window's elements among the updates …
	to := offsets(0, pick(ud, attr.offset), pick(xs, kept))          // … and in the output
	window := ones(len(xd))
	for j, a := range kept {
		window[a] = ud[attr.offset[j]]
	}
	c.add(&step{name: n.op.String(), reads: []int{ii, ui, out}, writes: nil, run: func(c *call) {
		if updates.shape.Size() == 0 {
			return
		}
		dst, src := c.ptr[out], c.ptr[ui]
	vector:
		for u, start := range starts {
			at := 0
			for j, a := range attr.indexed {
				i := vectors.index(c.ptr[ii], u, j)
				if i < 0 || i > xd[a]-window[a] {
					continue vector
				}
				at += i * xs[a]
			}
			for k, o := range from {
				attr.combine(unsafe.Add(dst, (at+to[k])*size), unsafe.Add(src, (start+o)*size))
			}
		}
	}}, n)
}

func (f *function) ScatterSum(x, i, u compute.Value, vector int, window, inserted, indexed []int, _, _ bool) (compute.Value, error) {
	return f.scatterOp(compute.OpTypeScatterSum, x, i, u, vector, window, inserted, indexed)
}
func (f *function) ScatterMax(x, i, u compute.Value, vector int, window, inserted, indexed []int, _, _ bool) (compute.Value, error) {
	return f.scatterOp(compute.OpTypeScatterMax, x, i, u, vector, window, inserted, indexed)
}
func (f *function) ScatterMin(x, i, u compute.Value, vector int, window, inserted, indexed []int, _, _ bool) (compute.Value, error) {
	return f.scatterOp(compute.OpTypeScatterMin, x, i, u, vector, window, inserted, indexed)
}

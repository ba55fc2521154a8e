package backend

import (
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/neuronsteer/neuronsteer/internal/kernel"
)

// gather compiles Gather: for every index vector a slice of the operand is copied to its place.
func (c *compiler) gather(n *node) {
	x, indices, l := n.in[0], n.in[1], n.attr.(lookup)
	c.own(n)
	out := c.storage(n)
	ii, io := c.contiguous(indices)
	xd, size := x.shape.Dimensions, n.shape.DType.Size()
	vectors := vectorsOf(indices, l.vector, io)
	if v := c.views[x.id]; isRows(l, xd) && v.root.op == compute.OpTypeParameter && v.root.shape.Equal(x.shape) {
		xi := c.storage(v.root)
		r := rowGather{vectors, xd[0], xd[1], size, xi, ii, out}
		c.add(&step{name: "Gather", reads: []int{xi, ii}, writes: []int{out}, run: r.run}, n)
		return
	}
	xi, xo := c.contiguous(x)
	xs, os := rowMajor(xd), rowMajor(n.shape.Dimensions)
	kept := others(len(xd), l.collapsed)
	offset := others(n.shape.Rank(), others(n.shape.Rank(), l.offset)) // in order
	t := newTransfer(size, pick(l.sizes, kept), pick(os, offset), pick(xs, kept))
	batch := others(n.shape.Rank(), l.offset)
	at := offsets(0, pick(n.shape.Dimensions, batch), pick(os, batch))
	window := product(l.sizes)
	c.add(&step{name: "Gather", reads: []int{xi, ii}, writes: []int{out}, run: func(c *call) {
		if n.shape.Size() == 0 {
			return
		}
		src, dst := unsafeAdd(c.ptr[xi], xo*size), c.ptr[out]
		c.each(len(at), max(1, copyChunk/window), func(_ *scratch, from, to int) {
			for u := from; u < to; u++ {
				o := 0
				for j, a := range l.indexed {
					i := vectors.index(c.ptr[ii], u, j)
					o += max(0, min(i, xd[a]-l.sizes[a])) * xs[a]
				}
				t.run(unsafe.Add(dst, at[u]*size), unsafe.Add(src, o*size), 0, t.outer())
			}
		})
	}}, n)
}

// isRows reports whether slices are the rows of a matrix, picked by a single index.
func isRows(l lookup, dims []int) bool {
	return len(dims) == 2 && len(l.collapsed) == 1 && l.collapsed[0] == 0 && len(l.indexed) == 1 && l.indexed[0] == 0 &&
		l.sizes[1] == dims[1]
}

// indexVectors says where index vectors lie in the memory of the indices.
type indexVectors struct {
	starts []int // of each vector, in elements
	step   int   // from element to element of a vector
	get    func(p unsafe.Pointer, i int) int
}

func vectorsOf(indices *node, vector, off int) indexVectors {
	dims := indices.shape.Dimensions
	strides := rowMajor(dims)
	v := indexVectors{step: strides[vector], get: integerAt(indices.shape.DType)}
	rest := others(len(dims), []int{vector})
	v.starts = offsets(off, pick(dims, rest), pick(strides, rest))
	return v
}

// index returns element j of vector u.
func (v indexVectors) index(p unsafe.Pointer, u, j int) int { return v.get(p, v.starts[u]+j*v.step) }

// integerAt reads an element of a type of integers.
func integerAt(d dtypes.DType) func(p unsafe.Pointer, i int) int {
	switch d {
	case dtypes.Int8:
		return element[int8]
	case dtypes.Int16:
		return element[int16]
	case dtypes.Int32:
		return element[int32]
	case dtypes.Uint8:
		return element[uint8]
	case dtypes.Uint16:
		return element[uint16]
	case dtypes.Uint32:
		return element[uint32]
	case dtypes.Uint64:
		return func(p unsafe.Pointer, i int) int { return int(min(*(*uint64)(unsafe.Add(p, i*8)), 1<<62)) }
	}
	return element[int64]
}

func element[T integer](p unsafe.Pointer, i int) int {
	return int(*(*T)(unsafe.Add(p, i*int(unsafe.Sizeof(*new(T))))))
}

// A rowGather looks up rows of a parameter, which may be a packed weight.
type rowGather struct {
	vectors    indexVectors
	rows, cols int
	size       int
	x, i, out  int // storages
}

func (r rowGather) run(c *call) {
	m := c.weights[r.x]
	if m != nil && c.ptr[r.x] == nil {
		z := slice[float32](c.ptr[r.out], len(r.vectors.starts)*r.cols)
		c.each(len(r.vectors.starts), max(1, copyChunk/max(1, 4*r.cols)), func(_ *scratch, from, to int) {
			for u := from; u < to; u++ {
				r.row(m, z[u*r.cols:][:r.cols], c, u)
			}
		})
		return
	}
	c.each(len(r.vectors.starts), max(1, copyChunk/max(1, r.cols)), func(_ *scratch, from, to int) {
		for u := from; u < to; u++ {
			n := r.cols * r.size
			copy(slice[byte](unsafe.Add(c.ptr[r.out], u*n), n), slice[byte](unsafe.Add(c.ptr[r.x], r.at(c, u)*n), n))
		}
	})
}

func (r rowGather) row(m *kernel.Matrix, dst []float32, c *call, u int) { m.Row(r.at(c, u), dst) }

// at returns which row vector u means.
func (r rowGather) at(c *call, u int) int {
	return max(0, min(r.vectors.index(c.ptr[r.i], u, 0), r.rows-1))
}

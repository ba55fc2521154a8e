package backend

import (
	"slices"

	"github.com/gomlx/compute/shapes"
)

// A view says where the numbers of a value lie: in the memory of a root node, off elements from its beginning and then strides
// elements from index to index of every axis. Strides are 0 along what is repeated and negative along what is reversed. Elements are
// those of the value's type.
type view struct {
	root    *node
	off     int
	strides []int
}

// rowMajor returns the strides of memory without gaps.
func rowMajor(dims []int) []int {
	s := make([]int, len(dims))
	n := 1
	for i := len(dims) - 1; i >= 0; i-- {
		s[i] = n
		n *= dims[i]
	}
	return s
}

// contiguous reports whether the numbers lie without gaps in their order.
func (v view) contiguous(dims []int) bool {
	n := 1
	for i, dim := range slices.Backward(dims) {
		if dim != 1 && v.strides[i] != n {
			return false
		}
		n *= dim
	}
	return true
}

// moved is the view of what a move makes of a value.
func (v view) moved(m move) view {
	out := view{root: v.root, off: v.off, strides: make([]int, len(m.axis))}
	for a, i := range m.first {
		out.off += i * v.strides[a]
	}
	for i, a := range m.axis {
		if a >= 0 {
			out.strides[i] = v.strides[a] * m.step[i]
		}
	}
	return out
}

// reshaped is the view of the same numbers with other dimensions, where strides can say it.
func (v view) reshaped(from, to shapes.Shape) (view, bool) {
	if v.contiguous(from.Dimensions) {
		off := v.off * from.DType.Size()
		if off%to.DType.Size() != 0 {
			return view{}, false
		}
		return view{v.root, off / to.DType.Size(), rowMajor(to.Dimensions)}, true
	}
	if from.DType.Size() != to.DType.Size() || from.Size() == 0 {
		return view{}, false
	}
	dims, strides := collapse(from.Dimensions, v.strides)
	out := view{root: v.root, off: v.off, strides: make([]int, to.Rank())}
	i := len(dims) - 1
	left, stride := dims[i], strides[i] // of the axis that is being cut; what is not contiguous has one
	for a := to.Rank() - 1; a >= 0; a-- {
		d := to.Dimensions[a]
		if d == 1 {
			continue
		}
		if left == 1 { // d is of an axis further out, which there is, since the numbers are as many
			i--
			left, stride = dims[i], strides[i]
		}
		if left%d != 0 {
			return view{}, false
		}
		out.strides[a] = stride
		left /= d
		stride *= d
	}
	return out, true
}

// collapse joins neighboring axes that strides run through as one, and leaves out axes of size 1. A scalar has no axes.
func collapse(dims, strides []int) (d, s []int) {
	for i, n := range dims {
		if n == 1 {
			continue
		}
		if l := len(d) - 1; l >= 0 && s[l] == strides[i]*n {
			d[l] *= n
			s[l] = strides[i]
			continue
		}
		d, s = append(d, n), append(s, strides[i])
	}
	return d, s
}

// single joins axes to one; ok is whether one stride says it. Of at most one number the stride is 1.
func single(dims, strides []int) (n, stride int, ok bool) {
	d, s := collapse(dims, strides)
	switch len(d) {
	case 0:
		return 1, 1, true
	case 1:
		return d[0], s[0], true
	}
	return product(dims), 0, false
}

func product(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

// broadcast returns the strides of an operand along the axes of an elementwise operation's output: 0 where its axis has size 1. A
// scalar has stride 0 everywhere.
func (v view) broadcast(dims, out []int) []int {
	s := make([]int, len(out))
	if len(dims) == 0 {
		return s
	}
	for i := range s {
		if dims[i] != 1 {
			s[i] = v.strides[i]
		}
	}
	return s
}

// pick returns the elements of a list at the given places.
func pick(list, at []int) []int {
	out := make([]int, len(at))
	for i, a := range at {
		out[i] = list[a]
	}
	return out
}

// others returns the axes below rank that no list has.
func others(rank int, lists ...[]int) []int {
	var out []int
	for a := range rank {
		if !slices.ContainsFunc(lists, func(l []int) bool { return slices.Contains(l, a) }) {
			out = append(out, a)
		}
	}
	return out
}

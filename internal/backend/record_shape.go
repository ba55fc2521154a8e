package backend

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
	"github.com/gomlx/compute/shapes"
)

// A move says where each number of the output of Transpose, Slice, BroadcastInDim or Reverse comes from: index i of output axis a
// stands for index start + step·i of the input's axis, or says nothing where axis is −1. Input axes that no output axis names are
// at first.
type move struct {
	axis, step []int // by output axis
	first      []int // by input axis
}

// Identity returns the value itself.
func (f *function) Identity(x compute.Value) (compute.Value, error) {
	in, err := f.values("Identity", x)
	if err != nil {
		return nil, err
	}
	return f.add(compute.OpTypeIdentity, in[0].shape, nil, in...), nil
}

// OptimizationBarrier returns its operands: nothing here changes a result by seeing more of the graph.
func (f *function) OptimizationBarrier(xs ...compute.Value) ([]compute.Value, error) {
	out := make([]compute.Value, len(xs))
	for i, x := range xs {
		v, err := f.Identity(x)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// SchedulingBarrier returns its operand. Operations run in the order in which they are recorded, so the dependencies come first.
func (f *function) SchedulingBarrier(x compute.Value, dependencies ...compute.Value) (compute.Value, error) {
	in, err := f.values("SchedulingBarrier", append([]compute.Value{x}, dependencies...)...)
	if err != nil {
		return nil, err
	}
	return f.add(compute.OpTypeIdentity, in[0].shape, nil, in...), nil
}

// Reshape gives the same memory other dimensions.
func (f *function) Reshape(x compute.Value, dims ...int) (compute.Value, error) {
	in, err := f.values("Reshape", x)
	if err == nil {
		err = nonNegative("Reshape", dims)
	}
	if err != nil {
		return nil, err
	}
	s, err := shapeinference.Reshape(in[0].shape, dims)
	if err != nil {
		return nil, err
	}
	return f.reshape(in[0], s), nil
}

func (f *function) reshape(x *node, s shapes.Shape) *node {
	return f.add(compute.OpTypeReshape, s, nil, x)
}

// Bitcast gives the same memory another type.
func (f *function) Bitcast(x compute.Value, d dtypes.DType) (compute.Value, error) {
	in, err := f.values("Bitcast", x)
	if err != nil {
		return nil, err
	}
	from := in[0].shape.DType
	if !stored(d) || d != from && (d == dtypes.Bool || from == dtypes.Bool) { // a bool is 0 or 1
		return nil, unsupported("Bitcast", "from %s to %s", from, d)
	}
	if d.Size() > from.Size() && in[0].shape.Rank() == 0 {
		return nil, fmt.Errorf("native backend: Bitcast of a scalar %s to the larger %s", from, d)
	}
	s, err := shapeinference.Bitcast(in[0].shape, d)
	if err != nil {
		return nil, err
	}
	return f.reshape(in[0], s), nil
}

// Transpose permutes the axes.
func (f *function) Transpose(x compute.Value, permutation ...int) (compute.Value, error) {
	in, err := f.values("Transpose", x)
	if err != nil {
		return nil, err
	}
	if _, err := shapeinference.Transpose(in[0].shape, permutation); err != nil {
		return nil, err
	}
	return f.transpose(in[0], permutation), nil
}

func (f *function) transpose(x *node, permutation []int) *node {
	s := x.shape.Clone()
	for i, p := range permutation {
		s.Dimensions[i] = x.shape.Dimensions[p]
	}
	m := move{axis: slices.Clone(permutation), step: ones(s.Rank()), first: make([]int, s.Rank())}
	return f.add(compute.OpTypeTranspose, s, m, x)
}

// Slice takes a box of numbers.
func (f *function) Slice(x compute.Value, starts, limits, strides []int) (compute.Value, error) {
	in, err := f.values("Slice", x)
	if err != nil {
		return nil, err
	}
	r := in[0].shape.Rank()
	if strides == nil {
		strides = ones(r)
	}
	s, err := shapeinference.Slice(in[0].shape, starts, limits, strides)
	if err != nil {
		return nil, err
	}
	m := move{axis: upTo(r), step: slices.Clone(strides), first: slices.Clone(starts)}
	return f.add(compute.OpTypeSlice, s, m, in...), nil
}

// Reverse turns axes around.
func (f *function) Reverse(x compute.Value, axes ...int) (compute.Value, error) {
	in, err := f.values("Reverse", x)
	if err != nil {
		return nil, err
	}
	s := in[0].shape
	m := move{axis: upTo(s.Rank()), step: ones(s.Rank()), first: make([]int, s.Rank())}
	for _, a := range axes {
		if a < 0 || a >= s.Rank() || m.step[a] < 0 {
			return nil, fmt.Errorf("native backend: Reverse of axes %v of %s", axes, s)
		}
		m.step[a], m.first[a] = -1, max(0, s.Dimensions[a]-1)
	}
	return f.add(compute.OpTypeReverse, s, m, in...), nil
}

// BroadcastInDim repeats along new axes and along axes of size 1.
func (f *function) BroadcastInDim(x compute.Value, to shapes.Shape, axes []int) (compute.Value, error) {
	in, err := f.values("BroadcastInDim", x)
	if err == nil {
		err = f.g.b.check(0, to)
	}
	if err == nil {
		err = nonNegative("BroadcastInDim", to.Dimensions)
	}
	if err == nil {
		err = shapeinference.BroadcastInDim(in[0].shape, to, axes, nil)
	}
	if err != nil {
		return nil, err
	}
	if d := in[0].shape.DType; d != to.DType {
		return nil, fmt.Errorf("native backend: BroadcastInDim of %s to %s", d, to)
	}
	m := move{axis: make([]int, to.Rank()), step: ones(to.Rank()), first: make([]int, in[0].shape.Rank())}
	for i := range m.axis {
		m.axis[i] = -1
	}
	for i, a := range axes {
		if in[0].shape.Dimensions[i] != 1 || to.Dimensions[a] == 1 {
			m.axis[a] = i
		}
	}
	return f.add(compute.OpTypeBroadcastInDim, to, m, in...), nil
}

// Concatenate puts tensors behind one another along an axis; its attribute is the axis.
func (f *function) Concatenate(axis int, xs ...compute.Value) (compute.Value, error) {
	in, err := f.values("Concatenate", xs...)
	if err != nil {
		return nil, err
	}
	all := make([]shapes.Shape, len(in))
	for i, x := range in {
		all[i] = x.shape
	}
	s, err := shapeinference.Concatenate(all, axis)
	if err != nil {
		return nil, err
	}
	if len(in) == 1 {
		return in[0], nil
	}
	return f.add(compute.OpTypeConcatenate, s, axis, in...), nil
}

// Pad puts a number around and between those of a tensor; its attribute is what it does to every axis. Negative padding
// takes numbers away.
func (f *function) Pad(x, fillValue compute.Value, axes ...compute.PadAxis) (compute.Value, error) {
	in, err := f.values("Pad", x, fillValue)
	if err != nil {
		return nil, err
	}
	if v := in[1].shape; v.Rank() != 0 || v.DType != in[0].shape.DType {
		return nil, fmt.Errorf("native backend: Pad of %s with a fill value of shape %s; it takes one number of the same type", in[0].shape, v)
	}
	s, err := shapeinference.Pad(in[0].shape, axes...)
	if err == nil {
		err = nonNegative("Pad", s.Dimensions)
	}
	if err != nil {
		return nil, err
	}
	full := make([]compute.PadAxis, s.Rank())
	copy(full, axes)
	return f.add(compute.OpTypePad, s, full, in...), nil
}

// Iota counts along an axis: a constant row, repeated.
func (f *function) Iota(s shapes.Shape, axis int) (compute.Value, error) {
	if _, err := f.values("Iota"); err != nil {
		return nil, err
	}
	if err := f.g.b.check(0, s); err != nil {
		return nil, err
	}
	if axis < 0 || axis >= s.Rank() || s.DType == dtypes.Bool {
		return nil, fmt.Errorf("native backend: Iota of shape %s along axis %d", s, axis)
	}
	if err := nonNegative("Iota", s.Dimensions); err != nil {
		return nil, err
	}
	count := make([]int64, s.Dimensions[axis])
	for i := range count {
		count[i] = int64(i)
	}
	v, err := f.Constant(count, len(count))
	if err != nil {
		return nil, err
	}
	return f.BroadcastInDim(f.convert(v.(*node), s.DType), s, []int{axis})
}

func ones(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

func upTo(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i
	}
	return x
}

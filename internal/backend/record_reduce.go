package backend

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// A rowwise operation takes a row of its input, everything in its last axes, to a number or to a row. Its attribute is this.
type rowwise struct {
	fn   rowFunc
	axes int // how many axes of the input make a row
}

// last moves axes of a value behind the others, in their order.
func (f *function) last(x *node, axes []int) *node {
	var permutation []int
	for a := range x.shape.Rank() {
		if !slices.Contains(axes, a) {
			permutation = append(permutation, a)
		}
	}
	permutation = append(permutation, slices.Sorted(slices.Values(axes))...)
	if slices.IsSorted(permutation) {
		return x
	}
	return f.transpose(x, permutation)
}

// reduce records a reduction; without axes over all of them.
func (f *function) reduce(op compute.OpType, x compute.Value, axes []int) (compute.Value, error) {
	in, err := f.values(op.String(), x)
	if err != nil {
		return nil, err
	}
	v := in[0]
	if len(axes) == 0 {
		axes = upTo(v.shape.Rank())
	}
	for i, a := range axes {
		if a < 0 || a >= v.shape.Rank() || slices.Contains(axes[:i], a) {
			return nil, fmt.Errorf("native backend: %s of %s over axes %v", op, v.shape, axes)
		}
	}
	s, err := shapeinference.Reduce(v.shape, axes)
	if err != nil {
		return nil, err
	}
	d := v.shape.DType
	if half(d) {
		v = f.convert(v, dtypes.Float32)
		s.DType = dtypes.Float32
	}
	fn := reduceFunc(op, v.shape.DType)
	if fn == nil {
		return nil, unsupported(op.String(), "of %s", d)
	}
	return f.convert(f.add(op, s, rowwise{fn, len(axes)}, f.last(v, axes)), d), nil
}

// ArgMinMax finds the position of the least or the greatest number along an axis.
func (f *function) ArgMinMax(x compute.Value, axis int, to dtypes.DType, isMin bool) (compute.Value, error) {
	in, err := f.values("ArgMinMax", x)
	if err != nil {
		return nil, err
	}
	v := in[0]
	s, err := shapeinference.ArgMinMax(v.shape, axis, to)
	if err != nil {
		return nil, err
	}
	if v.shape.Dimensions[axis] == 0 {
		return nil, fmt.Errorf("native backend: ArgMinMax of %s along axis %d, which is empty", v.shape, axis)
	}
	if half(v.shape.DType) {
		v = f.convert(v, dtypes.Float32)
	}
	fn := bestFunc(v.shape.DType, to, isMin)
	if fn == nil {
		return nil, unsupported("ArgMinMax", "from %s to %s", v.shape.DType, to)
	}
	return f.add(compute.OpTypeArgMinMax, s, rowwise{fn, 1}, f.last(v, []int{axis})), nil
}

// FusedSoftmax is exp(x − max x) over its sum, along an axis.
func (f *function) FusedSoftmax(x compute.Value, axis int) (compute.Value, error) {
	in, err := f.values("FusedSoftmax", x)
	if err != nil {
		return nil, err
	}
	v := in[0]
	d, r := v.shape.DType, v.shape.Rank()
	if axis < 0 || axis >= r {
		return nil, fmt.Errorf("native backend: FusedSoftmax of %s along axis %d", v.shape, axis)
	}
	if half(d) {
		v = f.convert(v, dtypes.Float32)
	}
	fn := rowFunc(softmax32)
	switch v.shape.DType {
	case dtypes.Float32:
	case dtypes.Float64:
		fn = softmax64
	default:
		return nil, unsupported("FusedSoftmax", "of %s", d)
	}
	v = f.last(v, []int{axis})
	v = f.add(compute.OpTypeFusedSoftmax, v.shape, rowwise{fn, 1}, v)
	if axis != r-1 { // back to its place
		back := append(upTo(axis), r-1)
		for a := axis; a < r-1; a++ {
			back = append(back, a)
		}
		v = f.transpose(v, back)
	}
	return f.convert(v, d), nil
}

func (f *function) ReduceSum(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceSum, x, axes)
}
func (f *function) ReduceProduct(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceProduct, x, axes)
}
func (f *function) ReduceMax(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceMax, x, axes)
}
func (f *function) ReduceMin(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceMin, x, axes)
}
func (f *function) ReduceBitwiseAnd(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceBitwiseAnd, x, axes)
}
func (f *function) ReduceBitwiseOr(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceBitwiseOr, x, axes)
}
func (f *function) ReduceBitwiseXor(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceBitwiseXor, x, axes)
}
func (f *function) ReduceLogicalAnd(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceLogicalAnd, x, axes)
}
func (f *function) ReduceLogicalOr(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceLogicalOr, x, axes)
}
func (f *function) ReduceLogicalXor(x compute.Value, axes ...int) (compute.Value, error) {
	return f.reduce(compute.OpTypeReduceLogicalXor, x, axes)
}

package backend

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
)

// A contraction is the attribute of DotGeneral: which axes of either operand are summed over, and which go side by side.
type contraction struct{ lc, lb, rc, rb []int }

// DotGeneral multiplies tensors. Halves are summed in float32. The output has the operands' type unless another is asked for.
func (f *function) DotGeneral(lhs compute.Value, lc, lb []int, rhs compute.Value, rc, rb []int, c compute.DotGeneralConfig) (compute.Value, error) {
	in, err := f.values("DotGeneral", lhs, rhs)
	if err != nil {
		return nil, err
	}
	x, y := in[0], in[1]
	s, err := shapeinference.DotGeneral(x.shape, lc, lb, y.shape, rc, rb, c)
	if err == nil {
		err = nonNegative("DotGeneral", s.Dimensions)
	}
	if err != nil {
		return nil, err
	}
	d := x.shape.DType
	sum := c.AccumulatorDType
	if sum == dtypes.InvalidDType {
		if sum = d; half(d) {
			sum = dtypes.Float32
		}
	}
	if half(sum) {
		sum = dtypes.Float32
	}
	out := s.DType
	if !stored(out) || productFunc(sum) == nil {
		return nil, unsupported("DotGeneral", "of %s, summed as %s, as %s", d, sum, out)
	}
	s.DType = sum
	attr := contraction{slices.Clone(lc), slices.Clone(lb), slices.Clone(rc), slices.Clone(rb)}
	return f.convert(f.add(compute.OpTypeDotGeneral, s, attr, f.convert(x, sum), f.convert(y, sum)), out), nil
}

// A lookup is the attribute of Gather and of the scatters, in Gather's words.
type lookup struct {
	vector    int   // the axis of the indices that holds index vectors
	offset    []int // axes of the output (scatter: of the updates) that hold slices
	collapsed []int // axes of the operand that slices have no axis for
	indexed   []int // axes of the operand that index vectors mean
	sizes     []int // of slices, by axis of the operand
}

// Gather takes slices out of a tensor where indices say; indices are clamped so that slices lie inside.
func (f *function) Gather(operand, indices compute.Value, vector int, offset, collapsed, indexed, sizes []int, sorted bool) (compute.Value, error) {
	in, err := f.values("Gather", operand, indices)
	if err != nil {
		return nil, err
	}
	x, i := in[0].shape, in[1].shape
	if !i.DType.IsInt() {
		return nil, fmt.Errorf("native backend: Gather with indices of shape %s, which are no integers", i)
	}
	if vector == i.Rank() { // an axis of size 1 that is not written
		dims := append(slices.Clone(i.Dimensions), 1)
		v, err := f.Reshape(in[1], dims...)
		if err != nil {
			return nil, err
		}
		in[1] = v.(*node)
		i = in[1].shape
	}
	s, err := shapeinference.Gather(x, i, vector, offset, collapsed, indexed, sizes, sorted)
	if err == nil {
		err = nonNegative("Gather", s.Dimensions)
	}
	if err != nil {
		return nil, err
	}
	attr := lookup{vector, slices.Clone(offset), slices.Clone(collapsed), slices.Clone(indexed), slices.Clone(sizes)}
	return f.add(compute.OpTypeGather, s, attr, in...), nil
}

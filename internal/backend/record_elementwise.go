package backend

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapeinference"
	"github.com/gomlx/compute/shapes"
)

// An elementwise operation's attribute is its rowFunc.

// apply records an elementwise operation of an output shape. Halves are computed as float32, whose result is rounded again.
func (f *function) apply(op compute.OpType, s shapes.Shape, in ...*node) (compute.Value, error) {
	d := in[0].shape.DType
	if half(d) {
		wide := make([]*node, len(in))
		for i, x := range in {
			wide[i] = f.convert(x, dtypes.Float32)
		}
		back := s.DType
		if back == d {
			s.DType = dtypes.Float32
		}
		v, err := f.apply(op, s, wide...)
		if err != nil || back != d {
			return v, err
		}
		return f.convert(v.(*node), d), nil
	}
	fn := functionOf(op, d)
	if fn == nil {
		return nil, unsupported(op.String(), "of %s", d)
	}
	return f.add(op, s, fn, in...), nil
}

func (f *function) unary(op compute.OpType, x compute.Value) (compute.Value, error) {
	in, err := f.values(op.String(), x)
	if err != nil {
		return nil, err
	}
	s, err := shapeinference.UnaryOp(op, in[0].shape)
	if err != nil {
		return nil, err
	}
	return f.apply(op, s, in...)
}

func (f *function) binary(op compute.OpType, x, y compute.Value) (compute.Value, error) {
	in, err := f.values(op.String(), x, y)
	if err != nil {
		return nil, err
	}
	s, err := broadcastShape(op, in[0].shape, in[1].shape)
	if err != nil {
		return nil, err
	}
	return f.apply(op, s, in...)
}

// broadcastShape is the shape of a binary operation. Of the axes that the shapeinference package lets through, an empty one
// beside one of size 1 stays empty.
func broadcastShape(op compute.OpType, x, y shapes.Shape) (s shapes.Shape, err error) {
	if shapeinference.ComparisonOperations.Has(op) {
		s, err = shapeinference.ComparisonOp(op, x, y)
	} else {
		s, err = shapeinference.BinaryOp(op, x, y)
	}
	if err != nil || x.IsScalar() || y.IsScalar() {
		return s, err
	}
	s = s.Clone()
	for i := range s.Dimensions {
		if x.Dimensions[i] == 0 || y.Dimensions[i] == 0 {
			s.Dimensions[i] = 0
		}
	}
	return s, nil
}

// test records a question about every number.
func (f *function) test(op compute.OpType, x compute.Value) (compute.Value, error) {
	in, err := f.values(op.String(), x)
	if err != nil {
		return nil, err
	}
	s := in[0].shape.Clone()
	s.DType = dtypes.Bool
	return f.apply(op, s, in...)
}

// convert records a conversion that is known to exist, by way of float32 if need be.
func (f *function) convert(x *node, to dtypes.DType) *node {
	if x.shape.DType == to {
		return x
	}
	fn := convertFunc(x.shape.DType, to)
	if fn == nil {
		x = f.convert(x, dtypes.Float32)
		fn = convertFunc(dtypes.Float32, to)
	}
	s := x.shape.Clone()
	s.DType = to
	return f.add(compute.OpTypeConvertDType, s, fn, x)
}

// ConvertDType converts numbers as Go does; bools are 0 and 1, and true is what is not 0.
func (f *function) ConvertDType(x compute.Value, to dtypes.DType) (compute.Value, error) {
	in, err := f.values("ConvertDType", x)
	if err != nil {
		return nil, err
	}
	if !stored(to) {
		return nil, unsupported("ConvertDType", "from %s to %s", in[0].shape.DType, to)
	}
	return f.convert(in[0], to), nil
}

// Where takes numbers of onTrue where the condition holds, else of onFalse.
func (f *function) Where(condition, onTrue, onFalse compute.Value) (compute.Value, error) {
	in, err := f.values("Where", condition, onTrue, onFalse)
	if err != nil {
		return nil, err
	}
	s, err := shapeinference.Where(in[0].shape, in[1].shape, in[2].shape)
	if err != nil {
		return nil, err
	}
	return f.add(compute.OpTypeWhere, s, whereOf(s.DType.Size()), in...), nil
}

// Clamp is Min(Max(x, least), most).
func (f *function) Clamp(least, x, most compute.Value) (compute.Value, error) {
	y, err := f.Max(x, least)
	if err != nil {
		return nil, err
	}
	return f.Min(y, most)
}

// IsNaN works for any numbers: integers are none.
func (f *function) IsNaN(x compute.Value) (compute.Value, error) { return f.NotEqual(x, x) }

func (f *function) IsFinite(x compute.Value) (compute.Value, error) {
	return f.test(compute.OpTypeIsFinite, x)
}

func (f *function) Abs(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeAbs, x) }
func (f *function) Neg(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeNeg, x) }
func (f *function) Sign(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeSign, x)
}
func (f *function) Ceil(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeCeil, x)
}
func (f *function) Floor(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeFloor, x)
}
func (f *function) Round(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeRound, x)
}
func (f *function) Sqrt(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeSqrt, x)
}
func (f *function) Rsqrt(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeRsqrt, x)
}
func (f *function) Exp(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeExp, x) }
func (f *function) Expm1(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeExpm1, x)
}
func (f *function) Log(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeLog, x) }
func (f *function) Log1p(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLog1p, x)
}
func (f *function) Logistic(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLogistic, x)
}
func (f *function) Erf(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeErf, x) }
func (f *function) Sin(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeSin, x) }
func (f *function) Cos(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeCos, x) }
func (f *function) Tanh(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeTanh, x)
}
func (f *function) LogicalNot(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeLogicalNot, x)
}
func (f *function) BitwiseNot(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeBitwiseNot, x)
}
func (f *function) BitCount(x compute.Value) (compute.Value, error) {
	return f.unary(compute.OpTypeBitCount, x)
}
func (f *function) Clz(x compute.Value) (compute.Value, error) { return f.unary(compute.OpTypeClz, x) }

func (f *function) Add(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeAdd, x, y)
}
func (f *function) Sub(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeSub, x, y)
}
func (f *function) Mul(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMul, x, y)
}
func (f *function) Div(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeDiv, x, y)
}
func (f *function) Rem(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeRem, x, y)
}
func (f *function) Pow(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypePow, x, y)
}
func (f *function) Atan2(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeAtan2, x, y)
}
func (f *function) Max(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMax, x, y)
}
func (f *function) Min(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeMin, x, y)
}
func (f *function) BitwiseAnd(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeBitwiseAnd, x, y)
}
func (f *function) BitwiseOr(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeBitwiseOr, x, y)
}
func (f *function) BitwiseXor(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeBitwiseXor, x, y)
}
func (f *function) ShiftLeft(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeShiftLeft, x, y)
}
func (f *function) ShiftRightArithmetic(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeShiftRightArithmetic, x, y)
}
func (f *function) ShiftRightLogical(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeShiftRightLogical, x, y)
}
func (f *function) LogicalAnd(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLogicalAnd, x, y)
}
func (f *function) LogicalOr(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLogicalOr, x, y)
}
func (f *function) LogicalXor(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLogicalXor, x, y)
}
func (f *function) Equal(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeEqual, x, y)
}
func (f *function) NotEqual(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeNotEqual, x, y)
}
func (f *function) LessThan(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLessThan, x, y)
}
func (f *function) LessOrEqual(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeLessOrEqual, x, y)
}
func (f *function) GreaterThan(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeGreaterThan, x, y)
}
func (f *function) GreaterOrEqual(x, y compute.Value) (compute.Value, error) {
	return f.binary(compute.OpTypeGreaterOrEqual, x, y)
}

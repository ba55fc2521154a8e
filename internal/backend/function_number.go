package backend

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

type (
	signedInt   interface{ int8 | int16 | int32 | int64 }
	unsignedInt interface {
		uint8 | uint16 | uint32 | uint64
	}
	integer interface{ signedInt | unsignedInt }
	float   interface{ float32 | float64 }
	number  interface{ integer | float }
)

// functionOf returns what an elementwise operation does to numbers of a type; nil where the operation has no meaning for the type or
// is not implemented.
func functionOf(op compute.OpType, d dtypes.DType) rowFunc {
	switch d {
	case dtypes.Bool:
		return boolFunc(op)
	case dtypes.Float32:
		if f := float32Func(op); f != nil {
			return f
		}
		return floatFunc[float32](op)
	case dtypes.Float64:
		return floatFunc[float64](op)
	case dtypes.Int8:
		return signedFunc[int8, uint8](op)
	case dtypes.Int16:
		return signedFunc[int16, uint16](op)
	case dtypes.Int32:
		return signedFunc[int32, uint32](op)
	case dtypes.Int64:
		return signedFunc[int64, uint64](op)
	case dtypes.Uint8:
		return unsignedFunc[uint8](op)
	case dtypes.Uint16:
		return unsignedFunc[uint16](op)
	case dtypes.Uint32:
		return unsignedFunc[uint32](op)
	case dtypes.Uint64:
		return unsignedFunc[uint64](op)
	}
	return nil
}

func boolFunc(op compute.OpType) rowFunc {
	switch op {
	case compute.OpTypeLogicalNot:
		return map1(func(x bool) bool { return !x })
	case compute.OpTypeLogicalAnd:
		return map2(func(x, y bool) bool { return x && y })
	case compute.OpTypeLogicalOr:
		return map2(func(x, y bool) bool { return x || y })
	case compute.OpTypeLogicalXor, compute.OpTypeNotEqual:
		return map2(func(x, y bool) bool { return x != y })
	case compute.OpTypeEqual:
		return map2(func(x, y bool) bool { return x == y })
	}
	return nil
}

// numberFunc has what is the same for all numbers.
func numberFunc[T number](op compute.OpType) rowFunc {
	switch op {
	case compute.OpTypeAdd:
		return map2(func(x, y T) T { return x + y })
	case compute.OpTypeSub:
		return map2(func(x, y T) T { return x - y })
	case compute.OpTypeMul:
		return map2(func(x, y T) T { return x * y })
	case compute.OpTypeMax:
		return map2(func(x, y T) T { return max(x, y) })
	case compute.OpTypeMin:
		return map2(func(x, y T) T { return min(x, y) })
	case compute.OpTypeEqual:
		return map2(func(x, y T) bool { return x == y })
	case compute.OpTypeNotEqual:
		return map2(func(x, y T) bool { return x != y })
	case compute.OpTypeLessThan:
		return map2(func(x, y T) bool { return x < y })
	case compute.OpTypeLessOrEqual:
		return map2(func(x, y T) bool { return x <= y })
	case compute.OpTypeGreaterThan:
		return map2(func(x, y T) bool { return x > y })
	case compute.OpTypeGreaterOrEqual:
		return map2(func(x, y T) bool { return x >= y })
	case compute.OpTypeSign:
		return map1(func(x T) T {
			switch {
			case x > 0:
				return 1
			case x < 0:
				var one T = 1
				return -one
			}
			return x // 0 and −0, or NaN
		})
	case compute.OpTypeNeg:
		return map1(func(x T) T { return -x })
	case compute.OpTypeAbs:
		return map1(func(x T) T {
			if x < 0 {
				return -x
			}
			return x + 0 // +0 for −0
		})
	}
	return nil
}

// via computes in float64.
func via[T float](f func(float64) float64) rowFunc {
	return map1(func(x T) T { return T(f(float64(x))) })
}

func floatFunc[T float](op compute.OpType) rowFunc {
	switch op {
	case compute.OpTypeDiv:
		return map2(func(x, y T) T { return x / y })
	case compute.OpTypeRem:
		return map2(func(x, y T) T { return T(math.Mod(float64(x), float64(y))) })
	case compute.OpTypePow:
		return map2(func(x, y T) T { return T(math.Pow(float64(x), float64(y))) })
	case compute.OpTypeAtan2:
		return map2(func(x, y T) T { return T(math.Atan2(float64(x), float64(y))) })
	case compute.OpTypeIsFinite:
		return map1(func(x T) bool { return !isNaN(x - x) }) //nolint:gocritic // the difference of an infinity is a NaN
	case compute.OpTypeIsNaN:
		return map1(isNaN[T])
	case compute.OpTypeCeil:
		return via[T](math.Ceil)
	case compute.OpTypeFloor:
		return via[T](math.Floor)
	case compute.OpTypeRound:
		return via[T](math.RoundToEven)
	case compute.OpTypeSqrt:
		return via[T](math.Sqrt)
	case compute.OpTypeRsqrt:
		return via[T](func(x float64) float64 { return 1 / math.Sqrt(x) })
	case compute.OpTypeExp:
		return via[T](math.Exp)
	case compute.OpTypeExpm1:
		return via[T](math.Expm1)
	case compute.OpTypeLog:
		return via[T](math.Log)
	case compute.OpTypeLog1p:
		return via[T](math.Log1p)
	case compute.OpTypeTanh:
		return via[T](math.Tanh)
	case compute.OpTypeErf:
		return via[T](math.Erf)
	case compute.OpTypeSin:
		return via[T](math.Sin)
	case compute.OpTypeCos:
		return via[T](math.Cos)
	case compute.OpTypeLogistic:
		return via[T](func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })
	}
	return numberFunc[T](op)
}

// The integer operations that Go may refuse follow XLA: x/0 has all bits set, x%0 is x, shifts by the width or more leave the sign
// or zero, and negative powers of integers are 0 but for those of 1 and −1.
func integerFunc[T integer, U unsignedInt](op compute.OpType) rowFunc {
	width := T(unsafe.Sizeof(T(0)) * 8)
	far := func(y T) bool { return y < 0 || y >= width }
	switch op {
	case compute.OpTypeDiv:
		return map2(func(x, y T) T {
			if y == 0 {
				return ^T(0)
			}
			return x / y
		})
	case compute.OpTypeRem:
		return map2(func(x, y T) T {
			if y == 0 {
				return x
			}
			return x % y
		})
	case compute.OpTypePow:
		return map2(power[T])
	case compute.OpTypeBitwiseAnd:
		return map2(func(x, y T) T { return x & y })
	case compute.OpTypeBitwiseOr:
		return map2(func(x, y T) T { return x | y })
	case compute.OpTypeBitwiseXor:
		return map2(func(x, y T) T { return x ^ y })
	case compute.OpTypeBitwiseNot:
		return map1(func(x T) T { return ^x })
	case compute.OpTypeBitCount:
		return map1(func(x T) T { return T(bits.OnesCount64(uint64(U(x)))) })
	case compute.OpTypeClz:
		return map1(func(x T) T { return T(bits.LeadingZeros64(uint64(U(x)))) - (64 - width) })
	case compute.OpTypeShiftLeft:
		return map2(func(x, y T) T {
			if far(y) {
				return 0
			}
			return x << y
		})
	case compute.OpTypeShiftRightArithmetic:
		return map2(func(x, y T) T {
			if far(y) {
				y = width - 1
				if ^T(0) > 0 { // unsigned
					return 0
				}
			}
			return x >> y
		})
	case compute.OpTypeShiftRightLogical:
		return map2(func(x, y T) T {
			if far(y) {
				return 0
			}
			return T(U(x) >> y)
		})
	}
	return nil
}

// power is xʸ modulo the range of the type.
func power[T integer](x, y T) T {
	if y < 0 {
		switch {
		case x == 1:
			return 1
		case x == ^T(0): // −1
			if y&1 == 0 {
				return 1
			}
			return x
		}
		return 0
	}
	z := T(1)
	for ; y > 0; y >>= 1 {
		if y&1 == 1 {
			z *= x
		}
		x *= x
	}
	return z
}

func signedFunc[T signedInt, U unsignedInt](op compute.OpType) rowFunc {
	if f := integerFunc[T, U](op); f != nil {
		return f
	}
	return numberFunc[T](op)
}

func unsignedFunc[T unsignedInt](op compute.OpType) rowFunc {
	switch op {
	case compute.OpTypeNeg:
		return nil
	case compute.OpTypeAbs:
		return map1(func(x T) T { return x })
	}
	if f := integerFunc[T, T](op); f != nil {
		return f
	}
	return numberFunc[T](op)
}

// isNaN reports whether x is no number; integers always are one.
func isNaN[T comparable](x T) bool { return x != x } //nolint:gocritic // only a NaN differs from itself

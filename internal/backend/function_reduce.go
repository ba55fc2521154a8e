package backend

import (
	"math"
	"unsafe"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
)

// fold reduces a row to one number: start, then f with each number in order.
func fold[T any](start T, f func(sum, x T) T) rowFunc {
	return func(_ *scratch, _ int, dst unsafe.Pointer, in []operand) {
		sum := start
		for _, x := range slice[T](in[0].p, in[0].width) {
			sum = f(sum, x)
		}
		*(*T)(dst) = sum
	}
}

// reduceFunc returns what a reduction does to a row; nil where it has no meaning for the type.
func reduceFunc(op compute.OpType, d dtypes.DType) rowFunc {
	switch d {
	case dtypes.Bool:
		switch op {
		case compute.OpTypeReduceLogicalAnd:
			return fold(true, func(s, x bool) bool { return s && x })
		case compute.OpTypeReduceLogicalOr:
			return fold(false, func(s, x bool) bool { return s || x })
		case compute.OpTypeReduceLogicalXor:
			return fold(false, func(s, x bool) bool { return s != x })
		}
	case dtypes.Float32:
		switch op {
		case compute.OpTypeReduceSum:
			return sum32
		case compute.OpTypeReduceMax:
			return max32
		}
		return foldNumber(op, float32(math.Inf(-1)), float32(math.Inf(1)))
	case dtypes.Float64:
		return foldNumber(op, math.Inf(-1), math.Inf(1))
	case dtypes.Int8:
		return foldInteger[int8](op, math.MinInt8, math.MaxInt8)
	case dtypes.Int16:
		return foldInteger[int16](op, math.MinInt16, math.MaxInt16)
	case dtypes.Int32:
		return foldInteger[int32](op, math.MinInt32, math.MaxInt32)
	case dtypes.Int64:
		return foldInteger[int64](op, math.MinInt64, math.MaxInt64)
	case dtypes.Uint8:
		return foldInteger[uint8](op, 0, math.MaxUint8)
	case dtypes.Uint16:
		return foldInteger[uint16](op, 0, math.MaxUint16)
	case dtypes.Uint32:
		return foldInteger[uint32](op, 0, math.MaxUint32)
	case dtypes.Uint64:
		return foldInteger[uint64](op, 0, math.MaxUint64)
	}
	return nil
}

func foldNumber[T number](op compute.OpType, lowest, highest T) rowFunc {
	switch op {
	case compute.OpTypeReduceSum:
		return fold(0, func(s, x T) T { return s + x })
	case compute.OpTypeReduceProduct:
		return fold(1, func(s, x T) T { return s * x })
	case compute.OpTypeReduceMax:
		return fold(lowest, func(s, x T) T { return max(s, x) })
	case compute.OpTypeReduceMin:
		return fold(highest, func(s, x T) T { return min(s, x) })
	}
	return nil
}

func foldInteger[T integer](op compute.OpType, lowest, highest T) rowFunc {
	switch op {
	case compute.OpTypeReduceBitwiseAnd:
		return fold(^T(0), func(s, x T) T { return s & x })
	case compute.OpTypeReduceBitwiseOr:
		return fold(0, func(s, x T) T { return s | x })
	case compute.OpTypeReduceBitwiseXor:
		return fold(0, func(s, x T) T { return s ^ x })
	}
	return foldNumber(op, lowest, highest)
}

// softmax64 is the softmax of a row of float64.
func softmax64(_ *scratch, n int, dst unsafe.Pointer, in []operand) {
	z, x := slice[float64](dst, n), slice[float64](in[0].p, n)
	most, sum := math.Inf(-1), 0.0
	for _, v := range x {
		most = max(most, v)
	}
	for i, v := range x {
		z[i] = math.Exp(v - most)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// best returns the position of the largest or the smallest number of a row; a NaN is taken before any number, and the last of several.
func best[T number, I integer](least bool) rowFunc {
	return func(_ *scratch, _ int, dst unsafe.Pointer, in []operand) {
		at := 0
		x := slice[T](in[0].p, in[0].width)
		for i, v := range x {
			if isNaN(v) || (!isNaN(x[at]) && (least && v < x[at] || !least && v > x[at])) {
				at = i
			}
		}
		*(*I)(dst) = I(at)
	}
}

// bestFunc returns ArgMinMax from a type to a type of integers; nil where there is none.
func bestFunc(from, to dtypes.DType, least bool) rowFunc {
	switch from {
	case dtypes.Float32:
		return bestOf[float32](to, least)
	case dtypes.Float64:
		return bestOf[float64](to, least)
	case dtypes.Int8:
		return bestOf[int8](to, least)
	case dtypes.Int16:
		return bestOf[int16](to, least)
	case dtypes.Int32:
		return bestOf[int32](to, least)
	case dtypes.Int64:
		return bestOf[int64](to, least)
	case dtypes.Uint8:
		return bestOf[uint8](to, least)
	case dtypes.Uint16:
		return bestOf[uint16](to, least)
	case dtypes.Uint32:
		return bestOf[uint32](to, least)
	case dtypes.Uint64:
		return bestOf[uint64](to, least)
	}
	return nil
}

func bestOf[T number](to dtypes.DType, least bool) rowFunc {
	switch to {
	case dtypes.Int8, dtypes.Uint8:
		return best[T, uint8](least)
	case dtypes.Int16, dtypes.Uint16:
		return best[T, uint16](least)
	case dtypes.Int32, dtypes.Uint32:
		return best[T, uint32](least)
	case dtypes.Int64, dtypes.Uint64:
		return best[T, uint64](least)
	}
	return nil
}

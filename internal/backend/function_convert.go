package backend

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/gomlx/compute/dtypes/float16"
)

// convertFunc returns the conversion between two types; nil where it goes by way of float32.
func convertFunc(from, to dtypes.DType) rowFunc {
	switch from {
	case dtypes.Bool:
		return fromBool(to)
	case dtypes.Int8:
		return fromNumber[int8](to)
	case dtypes.Int16:
		return fromNumber[int16](to)
	case dtypes.Int32:
		return fromNumber[int32](to)
	case dtypes.Int64:
		return fromNumber[int64](to)
	case dtypes.Uint8:
		return fromNumber[uint8](to)
	case dtypes.Uint16:
		return fromNumber[uint16](to)
	case dtypes.Uint32:
		return fromNumber[uint32](to)
	case dtypes.Uint64:
		return fromNumber[uint64](to)
	case dtypes.Float64:
		return fromNumber[float64](to)
	case dtypes.Float32:
		switch to {
		case dtypes.Float16:
			return map1(float16.FromFloat32)
		case dtypes.BFloat16:
			return map1(bfloat16.FromFloat32)
		}
		return fromNumber[float32](to)
	case dtypes.Float16:
		if to == dtypes.Float32 {
			return map1(float16.Float16.Float32)
		}
	case dtypes.BFloat16:
		if to == dtypes.Float32 {
			return map1(bfloat16.BFloat16.Float32)
		}
	}
	return nil
}

func fromBool(to dtypes.DType) rowFunc {
	switch to {
	case dtypes.Int8, dtypes.Uint8:
		return map1(func(x bool) uint8 { return bit[uint8](x) })
	case dtypes.Int16, dtypes.Uint16:
		return map1(func(x bool) uint16 { return bit[uint16](x) })
	case dtypes.Int32, dtypes.Uint32:
		return map1(func(x bool) uint32 { return bit[uint32](x) })
	case dtypes.Int64, dtypes.Uint64:
		return map1(func(x bool) uint64 { return bit[uint64](x) })
	case dtypes.Float32:
		return map1(func(x bool) float32 { return bit[float32](x) })
	case dtypes.Float64:
		return map1(func(x bool) float64 { return bit[float64](x) })
	}
	return nil
}

func bit[T number](x bool) T {
	if x {
		return 1
	}
	return 0
}

func fromNumber[T number](to dtypes.DType) rowFunc {
	switch to {
	case dtypes.Bool:
		return map1(func(x T) bool { return x != 0 })
	case dtypes.Int8:
		return map1(func(x T) int8 { return int8(x) })
	case dtypes.Int16:
		return map1(func(x T) int16 { return int16(x) })
	case dtypes.Int32:
		return map1(func(x T) int32 { return int32(x) })
	case dtypes.Int64:
		return map1(func(x T) int64 { return int64(x) })
	case dtypes.Uint8:
		return map1(func(x T) uint8 { return uint8(x) })
	case dtypes.Uint16:
		return map1(func(x T) uint16 { return uint16(x) })
	case dtypes.Uint32:
		return map1(func(x T) uint32 { return uint32(x) })
	case dtypes.Uint64:
		return map1(func(x T) uint64 { return uint64(x) })
	case dtypes.Float32:
		return map1(func(x T) float32 { return float32(x) })
	case dtypes.Float64:
		return map1(func(x T) float64 { return float64(x) })
	}
	return nil
}

package backend

import (
	"fmt"
	"reflect"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
)

// stored reports whether tensors of a type can be kept.
func stored(d dtypes.DType) bool {
	switch d {
	case dtypes.Bool, dtypes.Int8, dtypes.Int16, dtypes.Int32, dtypes.Int64, dtypes.Uint8, dtypes.Uint16, dtypes.Uint32, dtypes.Uint64,
		dtypes.Float16, dtypes.BFloat16, dtypes.Float32, dtypes.Float64:
		return true
	}
	return false
}

// half reports whether a type is computed with as float32.
func half(d dtypes.DType) bool { return d == dtypes.Float16 || d == dtypes.BFloat16 }

// shapeOf returns the shape of a slice with dimensions.
func shapeOf(flat any, dims []int) (shapes.Shape, error) {
	t := reflect.TypeOf(flat)
	if t == nil || t.Kind() != reflect.Slice {
		return shapes.Invalid(), fmt.Errorf("native backend: Constant of a %T, which is no slice", flat)
	}
	if err := nonNegative("Constant", dims); err != nil {
		return shapes.Invalid(), err
	}
	return shapes.Make(dtypes.FromGoType(t.Elem()), dims...), nil
}

// nonNegative checks dimensions, and that their product can be counted.
func nonNegative(op string, dims []int) error {
	n := 1
	for _, d := range dims {
		if d < 0 {
			return fmt.Errorf("native backend: %s: dimension %d in %v", op, d, dims)
		}
		if d > 0 && n > 1<<48/d {
			return fmt.Errorf("native backend: %s: dimensions %v are too large", op, dims)
		}
		n *= max(d, 1)
	}
	return nil
}

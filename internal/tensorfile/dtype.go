package tensorfile

import (
	"fmt"
	"math"
)

// DType is the type of a tensor's numbers, spelled as the formats spell it: "F32", "BF16", "Q4_1".
type DType string

// The types that Float32 or Int64 can read.
const (
	F32  DType = "F32"
	F64  DType = "F64"
	F16  DType = "F16"  // IEEE 754 binary16
	BF16 DType = "BF16" // the upper half of a float32

	I8   DType = "I8"
	I16  DType = "I16"
	I32  DType = "I32"
	I64  DType = "I64"
	U8   DType = "U8"
	U16  DType = "U16"
	U32  DType = "U32"
	U64  DType = "U64"
	Bool DType = "BOOL"

	Q4_0  DType = "Q4_0"   // blocks of 32: scale, 4 bits each
	Q4_1  DType = "Q4_1"   // blocks of 32: scale, minimum, 4 bits each
	Q5_0  DType = "Q5_0"   // blocks of 32: scale, 5 bits each
	Q5_1  DType = "Q5_1"   // blocks of 32: scale, minimum, 5 bits each
	Q8_0  DType = "Q8_0"   // blocks of 32: scale, 8 bits each
	IQ4NL DType = "IQ4_NL" // blocks of 32: scale, 4 bits each that choose among 16 numbers

	Q2K DType = "Q2_K" // blocks of 256: scale and scale of minimums, 16 scales and minimums of 4 bits, 2 bits each
	Q3K DType = "Q3_K" // blocks of 256: scale, 16 scales of 6 bits, 3 bits each
	Q4K DType = "Q4_K" // blocks of 256: scale and scale of minimums, 8 scales and minimums of 6 bits, 4 bits each
	Q5K DType = "Q5_K" // blocks of 256: as Q4_K, 5 bits each
	Q6K DType = "Q6_K" // blocks of 256: scale, 16 scales of 8 bits, 6 bits each
)

// ReadableTypes lists the types of weights that are read, for messages.
const ReadableTypes = "F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K or IQ4_NL"

// layout is how a type lies in a file: so many bytes for every block of so many numbers.
type layout struct{ block, bytes int }

// layouts holds every type whose size is known. A tensor of another type can be listed, not read.
var layouts = map[DType]layout{
	F32: {1, 4}, F64: {1, 8}, F16: {1, 2}, BF16: {1, 2},
	I8: {1, 1}, I16: {1, 2}, I32: {1, 4}, I64: {1, 8},
	U8: {1, 1}, U16: {1, 2}, U32: {1, 4}, U64: {1, 8}, Bool: {1, 1},
	Q4_0: {32, 18}, Q4_1: {32, 20}, Q5_0: {32, 22}, Q5_1: {32, 24}, Q8_0: {32, 34},
	"F8_E4M3": {1, 1}, "F8_E5M2": {1, 1}, "C64": {1, 8},
	IQ4NL: {32, 18}, Q2K: {256, 84}, Q3K: {256, 110}, Q4K: {256, 144}, Q5K: {256, 176}, Q6K: {256, 210},
	"Q8_1": {32, 36}, "Q8_K": {256, 292}, "IQ4_XS": {256, 136},
}

// An Info describes one tensor of a file.
type Info struct {
	Name  string
	DType DType
	Shape []int // row-major: the last dimension is contiguous; a scalar has none
}

// maxRank bounds the dimensions of a tensor; no format of a language model comes near it.
const maxRank = 16

// elements returns the product of shape, refusing negative dimensions and overflow.
func elements(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("%d dimensions, at most %d are read", len(shape), maxRank)
	}
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("shape %v has a negative dimension", shape)
		}
		if d > 0 && n > math.MaxInt/d {
			return 0, fmt.Errorf("shape %v is larger than any memory", shape)
		}
		n *= d
	}
	return n, nil
}

// Size returns the bytes that a tensor of this type and shape occupies.
func Size(t DType, shape []int) (int64, error) {
	n, known, err := byteSize(t, shape)
	if err == nil && !known {
		err = fmt.Errorf("the size of numbers of type %s is not known", t)
	}
	return int64(n), err
}

// byteSize returns the bytes that a tensor of this type and shape occupies; known is false for a type without a layout.
func byteSize(t DType, shape []int) (size int, known bool, err error) {
	n, err := elements(shape)
	if err != nil {
		return 0, false, err
	}
	l, known := layouts[t]
	if !known {
		return 0, false, nil
	}
	if l.block > 1 && (len(shape) == 0 || shape[len(shape)-1]%l.block != 0) {
		return 0, true, fmt.Errorf("shape %v: rows of %s are blocks of %d numbers", shape, t, l.block)
	}
	if n/l.block > math.MaxInt/l.bytes {
		return 0, true, fmt.Errorf("shape %v is larger than any memory", shape)
	}
	return n / l.block * l.bytes, true, nil
}

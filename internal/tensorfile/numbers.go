package tensorfile

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A section is the bytes of one tensor: those of src from begin to end.
type section struct {
	src        source
	begin, end int
}

// widen holds how numbers of a type become float32, a block or more at a time. F32 needs nothing.
var widen = map[DType]func(dst []float32, src []byte){
	F16: widenF16, BF16: widenBF16, F64: narrowF64,
	Q4_0: dequantizeQ4_0, Q4_1: dequantizeQ4_1, Q5_0: dequantizeQ5_0, Q5_1: dequantizeQ5_1, Q8_0: dequantizeQ8_0, IQ4NL: dequantizeIQ4NL,
	Q2K: dequantizeQ2K, Q3K: dequantizeQ3K, Q4K: dequantizeQ4K, Q5K: dequantizeQ5K, Q6K: dequantizeQ6K,
}

// Reads says whether Float32 reads numbers of a type.
func Reads(t DType) bool { return t == F32 || widen[t] != nil }

// toFloat32 converts n numbers of type t. The readers have checked that they fit in s.
func toFloat32(t DType, s section, n int) ([]float32, error) {
	if t == F32 {
		return s.float32s(n)
	}
	f := widen[t]
	if f == nil {
		return nil, fmt.Errorf("numbers of type %s are not read as float32; convert the file to %s", t, ReadableTypes)
	}
	l := layouts[t]
	out := make([]float32, n)
	return out, inParallel(n, l.block, func(lo, hi int) error {
		var room []byte
		for at := lo; at < hi; {
			to := min(at+grain, hi) // grain is a multiple of every block
			b, err := s.src.bytes(s.begin+at/l.block*l.bytes, s.begin+to/l.block*l.bytes, room)
			if err != nil {
				return err
			}
			f(out[at:to], b)
			at, room = to, b
		}
		return nil
	})
}

// toBytes returns the bytes of n numbers of type t. The readers have checked that they fit in s.
func toBytes(t DType, s section, _ int) ([]byte, error) {
	if _, known := layouts[t]; !known {
		return nil, fmt.Errorf("numbers of type %s are not read; convert the file to %s", t, ReadableTypes)
	}
	if s.src.reader == nil {
		return s.src.bytes(s.begin, s.end, nil)
	}
	out := make([]byte, s.end-s.begin)
	return out, inParallel(len(out), 1, func(lo, hi int) error {
		_, err := s.src.bytes(s.begin+lo, s.begin+hi, out[lo:hi:hi])
		return err
	})
}

// float32s returns n float32, of bytes in memory without a copy where Floats can do that.
func (s section) float32s(n int) ([]float32, error) {
	if s.src.reader != nil && littleEndian { // read where they stay
		out := make([]float32, n)
		room := Bytes(out)
		return out, inParallel(n, 1, func(lo, hi int) error {
			_, err := s.src.bytes(s.begin+4*lo, s.begin+4*hi, room[4*lo:4*hi:4*hi])
			return err
		})
	}
	b, err := s.src.bytes(s.begin, s.end, nil)
	if err != nil {
		return nil, err
	}
	return Floats(b), nil
}

func widenBF16(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = math.Float32frombits(uint32(binary.LittleEndian.Uint16(src[2*i:])) << 16)
	}
}

func widenF16(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = half(binary.LittleEndian.Uint16(src[2*i:]))
	}
}

func narrowF64(dst []float32, src []byte) {
	for i := range dst {
		dst[i] = float32(math.Float64frombits(binary.LittleEndian.Uint64(src[8*i:])))
	}
}

// half widens an IEEE 754 binary16, exactly. A NaN keeps its payload and becomes quiet, as processors' own conversion has it.
func half(h uint16) float32 {
	sign, exp, frac := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exp {
	case 0: // zero or subnormal: frac·2⁻²⁴ is exact in float32
		f := float32(frac) * (1.0 / (1 << 24))
		return math.Float32frombits(math.Float32bits(f) | sign)
	case 0x1f: // infinity or NaN
		if frac != 0 {
			frac |= 0x200
		}
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// toInt64 converts n integers of type t. The readers have checked that they fit in s.
func toInt64(t DType, s section, n int) ([]int64, error) {
	switch t { // before room is made: only a type of known size bounds n by the file
	case I8, I16, I32, I64, U8, U16, U32, U64, Bool:
	default:
		return nil, fmt.Errorf("numbers of type %s are not integers; read them with Float32", t)
	}
	b, err := s.src.bytes(s.begin, s.end, nil)
	if err != nil {
		return nil, err
	}
	le := binary.LittleEndian
	out := make([]int64, n)
	for i := range out {
		switch t {
		case I64:
			out[i] = int64(le.Uint64(b[8*i:]))
		case U64:
			u := le.Uint64(b[8*i:])
			if u > math.MaxInt64 {
				return nil, fmt.Errorf("number %d is %d, larger than any int64", i, u)
			}
			out[i] = int64(u)
		case I32:
			out[i] = int64(int32(le.Uint32(b[4*i:])))
		case U32:
			out[i] = int64(le.Uint32(b[4*i:]))
		case I16:
			out[i] = int64(int16(le.Uint16(b[2*i:])))
		case U16:
			out[i] = int64(le.Uint16(b[2*i:]))
		case I8:
			out[i] = int64(int8(b[i]))
		case U8, Bool:
			out[i] = int64(b[i])
		}
	}
	return out, nil
}

package tensorfile

import "encoding/binary"

// The quantized types of GGUF with blocks of 256 numbers of a row, "K-quants", as ggml defines them (ggml-quants.c). A block
// has one or two scales of 16 bits; its parts of 16 or 32 numbers have small whole ones, which the large ones multiply.
//
// All products are exact in float32 (at most 11 bits of a binary16, 7 of a part's scale, 5 of a number), so that only the
// subtraction of a minimum rounds.

// The numbers lie as in no other format: a byte holds a piece of numbers that are 32 apart, so that a processor takes 32
// bytes and shifts them. fields cuts pieces of bits at shift from 32 bytes, and adds them to q at a place of bits of its own.
func fields(q *[32]uint8, src []byte, shift, bits, place int) {
	for j, x := range (*[32]byte)(src) {
		q[j] |= x >> shift & (1<<bits - 1) << place
	}
}

func dequantizeQ2K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[84:] {
		scales, quants := (*[16]byte)(src), src[16:80]
		d, m := half(binary.LittleEndian.Uint16(src[80:])), half(binary.LittleEndian.Uint16(src[82:]))
		for s := range 8 {
			var q [32]uint8
			fields(&q, quants[s/4*32:], s%4*2, 2, 0)
			for j, x := range q {
				scale := scales[2*s+j/16]
				dst[32*s+j] = float32(d*float32(scale&15)*float32(x)) - float32(m*float32(scale>>4))
			}
		}
	}
}

func dequantizeQ3K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[110:] {
		high, quants, packed := src[:32], src[32:96], (*[12]byte)(src[96:])
		d := half(binary.LittleEndian.Uint16(src[108:]))
		for s := range 8 {
			var q [32]uint8
			fields(&q, quants[s/4*32:], s%4*2, 2, 0)
			fields(&q, high, s, 1, 2)
			for j, x := range q {
				dst[32*s+j] = d * float32(q3Scale(packed, 2*s+j/16)) * float32(int(x)-4)
			}
		}
	}
}

// q3Scale returns scale i of 16, which has 6 bits: the low four are a nibble of the first eight bytes, the high two are in
// the last four.
func q3Scale(packed *[12]byte, i int) int {
	low := packed[i%8] >> (i / 8 * 4) & 15
	high := packed[8+i%4] >> (i / 4 * 2) & 3
	return int(low|high<<4) - 32
}

func dequantizeQ4K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[144:] {
		d, m := half(binary.LittleEndian.Uint16(src)), half(binary.LittleEndian.Uint16(src[2:]))
		packed, quants := (*[12]byte)(src[4:]), src[16:144]
		for s := range 8 {
			var q [32]uint8
			fields(&q, quants[s/2*32:], s%2*4, 4, 0)
			less32(dst[32*s:], &q, d, m, packed, s)
		}
	}
}

func dequantizeQ5K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[176:] {
		d, m := half(binary.LittleEndian.Uint16(src)), half(binary.LittleEndian.Uint16(src[2:]))
		packed, high, quants := (*[12]byte)(src[4:]), src[16:48], src[48:176]
		for s := range 8 {
			var q [32]uint8
			fields(&q, quants[s/2*32:], s%2*4, 4, 0)
			fields(&q, high, s, 1, 4)
			less32(dst[32*s:], &q, d, m, packed, s)
		}
	}
}

// less32 widens part s of a block of Q4_K or Q5_K.
func less32(dst []float32, q *[32]uint8, d, m float32, packed *[12]byte, s int) {
	scale, minimum := q4ScaleMin(packed, s)
	d *= float32(scale)
	less := m * float32(minimum)
	for j, x := range q {
		dst[j] = float32(d*float32(x)) - less
	}
}

// q4ScaleMin returns scale and minimum i of 8, of 6 bits each. The first four lie in a byte each; of the last four the low
// nibbles share a byte, and the high two bits are above those of the first.
func q4ScaleMin(packed *[12]byte, i int) (scale, minimum uint8) {
	if i < 4 {
		return packed[i] & 63, packed[4+i] & 63
	}
	both := packed[4+i]
	return both&15 | packed[i-4]>>6<<4, both>>4 | packed[i]>>6<<4
}

func dequantizeQ6K(dst []float32, src []byte) {
	for ; len(dst) >= 256; dst, src = dst[256:], src[210:] {
		low, high, scales := src[:128], src[128:192], (*[16]byte)(src[192:])
		d := half(binary.LittleEndian.Uint16(src[208:]))
		for s := range 8 {
			var q [32]uint8
			fields(&q, low[s/4*64+s%2*32:], s%4/2*4, 4, 0)
			fields(&q, high[s/4*32:], s%4*2, 2, 4)
			for j, x := range q {
				dst[32*s+j] = d * float32(int8(scales[2*s+j/16])) * float32(int(x)-32)
			}
		}
	}
}

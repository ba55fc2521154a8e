package tensorfile

import "encoding/binary"

// The quantized types of GGUF with blocks of 32 numbers of a row, as ggml defines them (ggml-quants.c). In the 4- and 5-bit
// types byte j holds number j in its low and number j+16 in its high half; the fifth bits of all 32 are one word.
//
// A product is rounded to float32 before the minimum is added, on every processor: the conversion to float32 forbids the
// compiler to fuse the two.

func dequantizeQ4_0(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[18:] {
		d, q, out := half(binary.LittleEndian.Uint16(src)), (*[16]byte)(src[2:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = d * float32(int(x&15)-8)
			out[j+16] = d * float32(int(x>>4)-8)
		}
	}
}

func dequantizeQ4_1(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[20:] {
		d, m := half(binary.LittleEndian.Uint16(src)), half(binary.LittleEndian.Uint16(src[2:]))
		q, out := (*[16]byte)(src[4:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = float32(d*float32(x&15)) + m
			out[j+16] = float32(d*float32(x>>4)) + m
		}
	}
}

func dequantizeQ5_0(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[22:] {
		d, h := half(binary.LittleEndian.Uint16(src)), binary.LittleEndian.Uint32(src[2:])
		q, out := (*[16]byte)(src[6:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = d * float32(int(x&15)+int(h>>j&1)<<4-16)
			out[j+16] = d * float32(int(x>>4)+int(h>>(j+16)&1)<<4-16)
		}
	}
}

func dequantizeQ5_1(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[24:] {
		d, m := half(binary.LittleEndian.Uint16(src)), half(binary.LittleEndian.Uint16(src[2:]))
		h, q, out := binary.LittleEndian.Uint32(src[4:]), (*[16]byte)(src[8:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = float32(d*float32(int(x&15)+int(h>>j&1)<<4)) + m
			out[j+16] = float32(d*float32(int(x>>4)+int(h>>(j+16)&1)<<4)) + m
		}
	}
}

func dequantizeQ8_0(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[34:] {
		d, q, out := half(binary.LittleEndian.Uint16(src)), (*[32]byte)(src[2:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = d * float32(int8(x))
		}
	}
}

// iq4nl are the 16 numbers of IQ4_NL (kvalues_iq4nl).
var iq4nl = [16]float32{-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113}

func dequantizeIQ4NL(dst []float32, src []byte) {
	for ; len(dst) >= 32; dst, src = dst[32:], src[18:] {
		d, q, out := half(binary.LittleEndian.Uint16(src)), (*[16]byte)(src[2:]), (*[32]float32)(dst)
		for j, x := range q {
			out[j] = d * iq4nl[x&15]
			out[j+16] = d * iq4nl[x>>4]
		}
	}
}

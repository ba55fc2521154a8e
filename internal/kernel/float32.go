package kernel

import (
	"encoding/binary"
	"math"
	"runtime"
	"unsafe"
)

// float32Codec stores numbers as they are: a panel is [k][32] float32.
var float32Codec = codec{
	panelBytes: func(k int) int { return k * Panel * 4 },
	pack: func(panel []byte, rows, k int, raw []byte) {
		Transpose(floats(panel), Panel, decoded(raw), k, rows, k)
	},
	widen: func(_ *Scratch, dst []float32, panel []byte, _, k0, k1, _ int) {
		copy(dst[:(k1-k0)*Panel], floats(panel)[k0*Panel:])
	},
	row: func(dst []float32, panel []byte, k, lane int) {
		src := floats(panel)
		for i := range dst[:k] {
			dst[i] = src[i*Panel+lane]
		}
	},
}

// floats views bytes as float32.
func floats(b []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// decoded returns the numbers of a file: its bytes themselves where they lie as this processor has them.
func decoded(raw []byte) []float32 {
	const inPlace = runtime.GOARCH == "amd64" || runtime.GOARCH == "arm64" // little-endian, and need no alignment
	if inPlace {
		return floats(raw)
	}
	x := make([]float32, len(raw)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*4:]))
	}
	return x
}

package kernel

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// float32Codec stores numbers as they are: a panel is [k][32] float32.
var float32Codec = codec{
	panelBytes: func(k int) int { return k * Panel * 4 },
	pack: func(panel []byte, rows, k int, raw []byte) {
		dst := floats(panel)
		for r := range rows {
			row := raw[r*k*4:][:k*4]
			for i := range k {
				dst[i*Panel+r] = math.Float32frombits(binary.LittleEndian.Uint32(row[i*4:]))
			}
		}
	},
	widen: func(_ *Scratch, dst []float32, panel []byte, _, k0, k1 int) {
		copy(dst[:(k1-k0)*Panel], floats(panel)[k0*Panel:])
	},
	row: func(dst []float32, panel []byte, k, lane int) {
		src := floats(panel)
		for i := range dst[:k] {
			dst[i] = src[i*Panel+lane]
		}
	},
}

// floats views bytes that are aligned for float32 as such.
func floats(b []byte) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

package kernel

import (
	"encoding/binary"
	"math"
)

// bfloat16Codec stores two columns in a word, [⌈k/2⌉][32] words, the first in the lower half: as a row of a file has them, so that
// packing moves words, and a number is a shift or a mask away from float32.
var bfloat16Codec = codec{
	panelBytes: func(k int) int { return (k + 1) / 2 * wordBytes },
	pack: func(panel []byte, rows, k int, raw []byte) {
		for lane := range rows {
			row := raw[lane*k*2:][:k*2]
			moveWords(panel, lane, row[:k/2*4])
			if k%2 != 0 {
				at := k/2*wordBytes + 4*lane
				panel[at], panel[at+1] = row[2*k-2], row[2*k-1]
			}
		}
	},
	widen: func(_ *Scratch, dst []float32, panel []byte, _, k0, k1 int) {
		for k := k0; k < k1; k++ {
			for lane := range Panel {
				dst[(k-k0)*Panel+lane] = bfloat16(panel, k, lane)
			}
		}
	},
	row: func(dst []float32, panel []byte, k, lane int) {
		for i := range dst[:k] {
			dst[i] = bfloat16(panel, i, lane)
		}
	},
}

// bfloat16 returns column k of an output.
func bfloat16(panel []byte, k, lane int) float32 {
	w := binary.LittleEndian.Uint32(panel[k/2*wordBytes+4*lane:])
	if k%2 == 0 {
		return math.Float32frombits(w << 16)
	}
	return math.Float32frombits(w &^ 0xffff)
}

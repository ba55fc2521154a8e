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
		packWords(panel, rows, raw, k*2, k/2)
		if k%2 == 0 {
			return
		}
		for lane := range rows {
			at, last := k/2*wordBytes+4*lane, (lane+1)*k*2-2
			panel[at], panel[at+1] = raw[last], raw[last+1]
		}
	},
	widen: func(_ *Scratch, dst []float32, panel []byte, _, k0, k1, ahead int) {
		k := k0
		if t := inUse(); t != nil && k1-k0 > 1 {
			t.pairs.widen((k1-k0)/2, &panel[k0/2*wordBytes], max(ahead, furtherOn), &dst[0])
			k += (k1 - k0) / 2 * 2
		}
		for ; k < k1; k++ {
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
	few:     fewBfloat16,
	fewRows: func(t *kernels) int { return t.pairs.rows },
}

// bfloat16 returns column k of an output.
func bfloat16(panel []byte, k, lane int) float32 {
	w := binary.LittleEndian.Uint32(panel[k/2*wordBytes+4*lane:])
	if k%2 == 0 {
		return math.Float32frombits(w << 16)
	}
	return math.Float32frombits(w &^ 0xffff)
}

// fewBfloat16 computes y[rows,32] = x[rows,k]·panelᵀ. The last of an odd number of columns has a second beside it whose weights
// are 0: times −0 it adds −0, which changes no sum.
func fewBfloat16(s *Scratch, panel []byte, rows, k int, x []float32, ldx int, y []float32, ldy int) {
	t := inUse()
	clearRows(y, ldy, rows)
	for k0 := 0; k0+1 < k; k0 += nearColumns {
		pairs := (min(k, k0+nearColumns) - k0) / 2
		eachFew(t.pairs.few, rows, func(kernel narrowFew, row int) {
			kernel(pairs, &panel[k0/2*wordBytes], furtherOn, first(x[row*ldx+k0:]), ldx*4, first(y[row*ldy:]), ldy*4)
		})
	}
	if k%2 == 0 {
		return
	}
	last := s.take(unitBuffer, 2*rows)
	for row := range rows {
		last[2*row], last[2*row+1] = x[row*ldx+k-1], float32(math.Copysign(0, -1))
	}
	eachFew(t.pairs.few, rows, func(kernel narrowFew, row int) {
		kernel(1, &panel[k/2*wordBytes], furtherOn, first(last[2*row:]), 8, first(y[row*ldy:]), ldy*4)
	})
}

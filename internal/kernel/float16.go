package kernel

import (
	"encoding/binary"
	"math"
)

// float16 widens an IEEE 754 binary16, exactly. A NaN keeps its payload and becomes quiet, as processors' own conversion has it.
func float16(h uint16) float32 {
	sign, exp, frac := uint32(h&0x8000)<<16, uint32(h>>10&0x1f), uint32(h&0x3ff)
	switch exp {
	case 0: // zero or subnormal: frac·2⁻²⁴ is exact in float32
		return math.Float32frombits(math.Float32bits(float32(frac)*(1.0/(1<<24))) | sign)
	case 0x1f: // infinity or NaN
		if frac != 0 {
			frac |= 0x200
		}
		return math.Float32frombits(sign | 0x7f800000 | frac<<13)
	}
	return math.Float32frombits(sign | (exp+112)<<23 | frac<<13)
}

// float16Codec stores numbers of 16 bits as they are: a panel is [k][32] binary16.
var float16Codec = codec{
	panelBytes: func(k int) int { return k * Panel * 2 },
	pack:       packFloat16,
	widen: func(_ *Scratch, dst []float32, panel []byte, _, k0, k1, ahead int) {
		if t := inUse(); t != nil {
			t.halves.widen(k1-k0, &panel[k0*Panel*2], max(ahead, furtherOn), &dst[0])
			return
		}
		for i := range dst[:(k1-k0)*Panel] {
			dst[i] = float16(binary.LittleEndian.Uint16(panel[(k0*Panel+i)*2:]))
		}
	},
	row: func(dst []float32, panel []byte, k, lane int) {
		for i := range dst[:k] {
			dst[i] = float16(binary.LittleEndian.Uint16(panel[(i*Panel+lane)*2:]))
		}
	},
	few: func(_ *Scratch, panel []byte, rows, k int, x []float32, ldx int, y []float32, ldy int) {
		t := inUse()
		clearRows(y, ldy, rows)
		for k0 := 0; k0 < k; k0 += nearColumns {
			columns := min(k, k0+nearColumns) - k0
			eachFew(t.halves.few, rows, func(kernel narrowFew, row int) {
				kernel(columns, &panel[k0*Panel*2], furtherOn, first(x[row*ldx+k0:]), ldx*4, first(y[row*ldy:]), ldy*4)
			})
		}
	},
	fewRows: func(t *kernels) int { return t.halves.rows },
}

// packFloat16 turns words of two columns, as a row of a file has them, and then parts them.
func packFloat16(panel []byte, rows, k int, raw []byte) {
	const pairs = 16
	words := make([]byte, pairs*wordBytes)
	for at := 0; at < k/2; at += pairs {
		n := min(pairs, k/2-at)
		packWords(words, rows, raw[4*at:], k*2, n)
		for i := range n {
			w := (*[wordBytes]byte)(words[i*wordBytes:])
			even, odd := (*[2 * Panel]byte)(panel[(at+i)*wordBytes:]), (*[2 * Panel]byte)(panel[(at+i)*wordBytes+2*Panel:])
			for l := 0; l < Panel; l += 2 {
				a, b := binary.LittleEndian.Uint32(w[4*l:]), binary.LittleEndian.Uint32(w[4*l+4:])
				binary.LittleEndian.PutUint32(even[2*l:], a&0xffff|b<<16)
				binary.LittleEndian.PutUint32(odd[2*l:], a>>16|b&^0xffff)
			}
		}
	}
	if k%2 == 0 {
		return
	}
	for lane := range rows {
		at, last := ((k-1)*Panel+lane)*2, (lane+1)*k*2-2
		panel[at], panel[at+1] = raw[last], raw[last+1]
	}
}

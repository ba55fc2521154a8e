package kernel

import (
	"encoding/binary"
	"math"
)

// The formats of blocks are brought to one form before they are computed with, a group of 32 columns at a time: a signed byte q
// for each weight and, for each output and half of a group, a scale and a minimum, so that
//
//	w = fma(q, scale, minimum)
//
// are the bits that dequantizing gives. Formats define w = d·q, or d·q + m in two roundings. The product is exact in float32 in
// every format (d has 11 bits as a binary16, a part's scale at most 7, q at most 8, of which no three that meet have more than 24
// bits together; the smallest is 2⁻²⁴, far from underflow), so that the one rounding of the fused form is the one of the sum. A
// format without minimums has −0 here, which added to any number, zeros of both signs included, gives that number.
//
// A group's bytes are [8][32] words of four columns each: word c of an output holds columns 4c to 4c+3, from the lowest byte. Files
// have them in such words too, only that a word holds bits of several groups; so packing moves words, and unpacking a word is a
// shift, a mask and a subtraction for four columns at once. As a byte is taken from a word it is moved to the highest byte of
// an int32, whose value is then q·2²⁴; the scale makes up for that with a factor of 2⁻²⁴.

// groupColumns is the number of columns of a group; the scales of a half are for 16.
const groupColumns = 32

// A record is a block of a file for the 32 outputs of a panel: [32] binary16 each for d and m, the scales and minimums of the
// block's parts, [·][32] bytes each, and words of quants, [·][32] uint32 each. The fields are offsets in bytes; 0 is the place
// of d, and for others means that the format has none.
type record struct {
	groups int // in a block
	size   int // in bytes
	m      int
	scales int
	mins   int
	words  int
	high   int // words of the quants' high bits
}

var records = [formats]record{
	Q8_0:   {groups: 1, words: 64, size: 1088},
	Q4_0:   {groups: 1, words: 64, size: 576},
	IQ4_NL: {groups: 1, words: 64, size: 576},
	Q4_1:   {groups: 1, m: 64, words: 128, size: 640},
	Q5_0:   {groups: 1, high: 64, words: 192, size: 704},
	Q5_1:   {groups: 1, m: 64, high: 128, words: 256, size: 768},
	Q2_K:   {groups: 8, m: 64, scales: 128, words: 640, size: 2688},
	Q3_K:   {groups: 8, scales: 64, words: 576, high: 2624, size: 3648},
	Q4_K:   {groups: 8, m: 64, scales: 128, mins: 384, words: 640, size: 4736},
	Q5_K:   {groups: 8, m: 64, scales: 128, mins: 384, words: 640, high: 4736, size: 5760},
	Q6_K:   {groups: 8, scales: 64, words: 576, high: 4672, size: 6720},
}

// wordBytes is the distance from a word of quants to the next of the same output.
const wordBytes = Panel * 4

// A half says where 16 columns of a group lie in its record: four words of bytes, cut from four words of quants, and the number of
// their scale and minimum among the parts'.
type half struct {
	word, shift int    // the first word, and the lowest bit of all
	mask        uint32 // of a byte's low bits, in every byte
	high        int    // the first word of high bits, if there are such
	highShift   int    // their lowest bit in the first word
	highMask    uint32
	next        bool // the high bits of the next word are one bit higher in the same word, not in the next
	place       int  // of the high bits in a byte
	less        uint32
	part        int
}

// everyByte repeats a byte.
const everyByte = 0x01010101

// halfOf returns where the first or second 16 columns of group s of a block lie.
func (f Format) halfOf(s, second int) half {
	four := half{word: 0, shift: 4 * second, mask: 15 * everyByte, highShift: 4 * second, highMask: everyByte, next: true, place: 4}
	six := half{word: s/4*8 + 4*second, shift: s % 4 * 2, mask: 3 * everyByte, part: 2*s + second,
		high: 4 * second, highShift: s, highMask: everyByte, place: 2}
	switch f {
	case Q8_0:
		return half{word: 4 * second, mask: 255 * everyByte}
	case Q4_0:
		four.less = 8 * everyByte
		return four
	case Q5_0:
		four.less = 16 * everyByte
		return four
	case Q4_1, Q5_1, IQ4_NL:
		return four
	case Q2_K:
		return six
	case Q3_K:
		six.less = 4 * everyByte
		return six
	case Q4_K, Q5_K:
		return half{word: s/2*8 + 4*second, shift: s % 2 * 4, mask: 15 * everyByte, part: s,
			high: 4 * second, highShift: s, highMask: everyByte, place: 4}
	default: // Q6_K
		return half{word: s/4*16 + s%2*8 + 4*second, shift: s % 4 / 2 * 4, mask: 15 * everyByte, part: 2*s + second,
			high: s/4*8 + 4*second, highShift: s % 4 * 2, highMask: 3 * everyByte, place: 4, less: 32 * everyByte}
	}
}

// iq4nl are the numbers that the four bits of IQ4_NL choose among (ggml-common.h, kvalues_iq4nl).
var iq4nl = [16]int8{-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113}

// bytesOf returns word i of four of signed bytes of one output.
func (f Format) bytesOf(rec []byte, h *half, i, lane int) uint32 {
	r := &records[f]
	w := binary.LittleEndian.Uint32(rec[r.words+(h.word+i)*wordBytes+4*lane:]) >> h.shift & h.mask
	if r.high != 0 {
		at, shift := h.high+i, h.highShift
		if h.next {
			at, shift = h.high, h.highShift+i
		}
		w |= binary.LittleEndian.Uint32(rec[r.high+at*wordBytes+4*lane:]) >> shift & h.highMask << h.place
	}
	switch {
	case f == IQ4_NL:
		w = uint32(uint8(iq4nl[w&15])) | uint32(uint8(iq4nl[w>>8&15]))<<8 | uint32(uint8(iq4nl[w>>16&15]))<<16 | uint32(uint8(iq4nl[w>>24]))<<24
	case h.less != 0: // no byte is above 63, so none borrows from the next
		const top = 128 * everyByte
		w = (w | top) - h.less ^ top
	}
	return w
}

// scaleOf returns the scale, times 2⁻²⁴, and the minimum of one output.
func (f Format) scaleOf(rec []byte, h *half, lane int) (scale, minimum float32) {
	r := &records[f]
	scale = float16(binary.LittleEndian.Uint16(rec[2*lane:])) * (1.0 / (1 << 24))
	minimum = float32(math.Copysign(0, -1))
	if r.m != 0 {
		minimum = float16(binary.LittleEndian.Uint16(rec[r.m+2*lane:]))
	}
	if r.scales == 0 {
		return scale, minimum
	}
	part := rec[r.scales+h.part*Panel+lane]
	switch f {
	case Q2_K:
		return scale * float32(part&15), -(minimum * float32(part>>4))
	case Q4_K, Q5_K:
		return scale * float32(part), -(minimum * float32(rec[r.mins+h.part*Panel+lane]))
	default: // Q3_K, Q6_K
		return scale * float32(int8(part)), minimum
	}
}

// widen16 writes 16 columns of one output.
func (f Format) widen16(dst []float32, rec []byte, h *half, lane int) {
	scale, minimum := f.scaleOf(rec, h, lane)
	for i := range 4 {
		w := f.bytesOf(rec, h, i, lane)
		for b := range 4 {
			q := int32(w << (24 - 8*b) & 0xff000000)
			dst[4*i+b] = float32(float32(q)*scale) + minimum // exact, then rounded: as good as fused
		}
	}
}

// plainWiden16 writes 16 columns of all outputs, word by word, so that what differs between formats is decided once for 32.
func (f Format) plainWiden16(dst *[16 * Panel]float32, rec []byte, h *half) {
	var scales, mins [Panel]float32
	for lane := range Panel {
		scales[lane], mins[lane] = f.scaleOf(rec, h, lane)
		scales[lane] *= 1 << 24 // the bytes are numbers here: exact, as what it undoes
	}
	for i := range 4 {
		var words [Panel]uint32
		for lane := range words {
			words[lane] = f.bytesOf(rec, h, i, lane)
		}
		out := (*[4 * Panel]float32)(dst[4*i*Panel:])
		for lane, w := range words {
			scale, minimum := scales[lane], mins[lane]
			out[lane] = float32(float32(int8(w))*scale) + minimum
			out[Panel+lane] = float32(float32(int8(w>>8))*scale) + minimum
			out[2*Panel+lane] = float32(float32(int8(w>>16))*scale) + minimum
			out[3*Panel+lane] = float32(float32(int8(w>>24))*scale) + minimum
		}
	}
}

// at16 returns where the 16 columns from k on lie.
func (f Format) at16(panel []byte, k int) (rec []byte, h half) {
	r := &records[f]
	group := k / groupColumns
	rec = panel[group/r.groups*r.size:][:r.size:r.size]
	return rec, f.halfOf(group%r.groups, k%groupColumns/16)
}

// blockCodec returns the codec of a format of blocks.
func blockCodec(f Format) codec {
	return codec{
		panelBytes: func(k int) int { return k / (records[f].groups * groupColumns) * records[f].size },
		pack:       f.packBlocks,
		widen: func(s *Scratch, dst []float32, panel []byte, _, k0, k1, ahead int) {
			if t := inUse(); t != nil {
				f.widenBlocks(t, s, dst, panel, k0, k1, ahead)
				return
			}
			for k := k0; k < k1; k += 16 {
				rec, h := f.at16(panel, k)
				f.plainWiden16((*[16 * Panel]float32)(dst[(k-k0)*Panel:]), rec, &h)
			}
		},
		row: func(dst []float32, panel []byte, k, lane int) {
			for i := 0; i < k; i += 16 {
				rec, h := f.at16(panel, i)
				f.widen16(dst[i:], rec, &h, lane)
			}
		},
		few:     f.fewUnits,
		turned:  f.turnedUnits,
		fewRows: func(t *kernels) int { return t.units.rows },
	}
}

package main

// The formats of blocks are brought to one form, and computed with in that form. unpack makes it, a group of 32 columns at a
// time, from a record of a format (see records in package kernel, whose offsets these are): for each 16 columns four words of bytes,
// [4][32], and scales and minimums, [2][32] float32. few and widen take it from there.

// Bytes of 16 columns in the common form.
const (
	unitWords = 4 * panel * 4
	unitParts = 2 * panel * 4
)

// A blockFormat is how a group of a format lies in its record.
type blockFormat struct {
	name          string
	size          int // of a record, if it is one group; 0: a record has eight
	m, high       int // where minimums and high bits lie; 0: there are none
	scales, mins  int
	words         int
	low           uint32 // the bits of a word that are a byte's low ones, in a byte
	highBits      uint32
	above         int // of the high bits in a byte
	less          uint32
	chosen        bool
	wordOf, bitOf []step // for records of eight: where group s begins, in words of 32 outputs, and its lowest bit
	highOf, topOf []step
	parts         partKind
}

// A step adds (s >> shift & mask) << up for a group s.
type step struct{ shift, mask, up int }

// A partKind is how the parts of a record say their scales and minimums.
type partKind int

const (
	whole    partKind = iota // the record's, for all
	nibbles                  // a byte for 16 columns: scale and minimum
	signed                   // a signed byte for 16 columns: scale
	unsigned                 // a byte each for 32 columns: scale, minimum
)

var blockFormats = []blockFormat{
	{name: "Q8_0", size: 1088, words: 64},
	{name: "Q4_0", size: 576, words: 64, low: 15, less: 8},
	{name: "Q4_1", size: 640, m: 64, words: 128, low: 15},
	{name: "Q5_0", size: 704, high: 64, words: 192, low: 15, highBits: 1, above: 4, less: 16},
	{name: "Q5_1", size: 768, m: 64, high: 128, words: 256, low: 15, highBits: 1, above: 4},
	{name: "IQ4_NL", size: 576, words: 64, low: 15, chosen: true},
	{name: "Q2_K", m: 64, scales: 128, words: 640, low: 3, parts: nibbles,
		wordOf: []step{{2, 1, 3}}, bitOf: []step{{0, 3, 1}}},
	{name: "Q3_K", scales: 64, words: 576, high: 2624, low: 3, highBits: 1, above: 2, less: 4, parts: signed,
		wordOf: []step{{2, 1, 3}}, bitOf: []step{{0, 3, 1}}, topOf: []step{{0, 7, 0}}},
	{name: "Q4_K", m: 64, scales: 128, mins: 384, words: 640, low: 15, parts: unsigned,
		wordOf: []step{{1, 3, 3}}, bitOf: []step{{0, 1, 2}}},
	{name: "Q5_K", m: 64, scales: 128, mins: 384, words: 640, high: 4736, low: 15, highBits: 1, above: 4, parts: unsigned,
		wordOf: []step{{1, 3, 3}}, bitOf: []step{{0, 1, 2}}, topOf: []step{{0, 7, 0}}},
	{name: "Q6_K", scales: 64, words: 576, high: 4672, low: 15, highBits: 3, above: 4, less: 32, parts: signed,
		wordOf: []step{{2, 1, 4}, {0, 1, 3}}, bitOf: []step{{1, 1, 2}}, highOf: []step{{2, 1, 3}}, topOf: []step{{0, 3, 1}}},
}

var (
	bytesPointer = kind{"*byte", 8}
	wordPointer  = kind{"*uint32", 8}
)

// everyByte repeats a byte in a word.
func everyByte(b uint32) uint32 { return b * 0x01010101 }

// These two are of bits: AVX-512 names them by the size of what a mask would choose.
func (f *function) and(v, a vec, b operand) {
	if f.wide() {
		f.v("VPANDD", v, a, b)
	} else {
		f.v("VPAND", v, a, b)
	}
}

func (f *function) or(v, a vec, b operand) {
	if f.wide() {
		f.v("VPORD", v, a, b)
	} else {
		f.v("VPOR", v, a, b)
	}
}

// An unpacking is the function that brings groups of a format to the common form.
type unpacking struct {
	*function
	blockFormat
}

// unpack writes n groups from s on of a record, or of n records that are one group each.
func unpack(s *set, b blockFormat) {
	u := unpacking{s.define("Unpack"+b.name, b.name+" as bytes, scales and minimums.",
		param{"rec", bytesPointer}, param{"s", number}, param{"n", number}, param{"words", wordPointer}, param{"parts", pointer}), b}
	u.load(R8, "rec")
	u.load(R9, "s")
	u.load(CX, "n")
	u.load(DI, "words")
	u.load(SI, "parts")
	u.begin()
	loop := u.label("loop")
	u.align()
	u.place(loop)
	if b.size > 0 {
		u.cutBlock()
	} else {
		u.cutGroup()
	}
	u.scaleParts()
	u.g("ADDQ", imm(2*unitWords), DI)
	u.g("ADDQ", imm(2*unitParts), SI)
	if b.size > 0 {
		u.g("ADDQ", imm(b.size), R8)
	} else {
		u.g("INCQ", R9)
	}
	u.g("DECQ", CX)
	u.g("JNZ", loop)
	u.end()
}

// cutBlock writes the words of a record that is one group. Their bits are at places that are known here.
func (u *unpacking) cutBlock() {
	for p := range panel / u.lanes {
		at0 := p * u.bytes()
		if u.high != 0 {
			u.v("VMOVDQU"+u.units(), u.r(4), at(R8, u.high+at0))
		}
		for c := range 8 {
			v := u.r(c % 4)
			if u.low == 0 {
				u.v("VMOVDQU"+u.units(), v, at(R8, u.words+c*panel*4+at0))
				u.v("VMOVDQU"+u.units(), at(DI, c*panel*4+at0), v)
				continue
			}
			u.v("VMOVDQU"+u.units(), v, at(R8, u.words+c%4*panel*4+at0))
			if c >= 4 {
				u.v("VPSRLD", v, v, imm(4))
			}
			u.and(v, v, u.constant(everyByte(u.low)))
			if u.high != 0 {
				h := u.r(5)
				from := u.r(4)
				if c > 0 {
					u.v("VPSRLD", h, from, imm(c))
					from = h
				}
				u.and(h, from, u.constant(everyByte(u.highBits)))
				u.v("VPSLLD", h, h, imm(u.above))
				u.or(v, v, h)
			}
			u.finish(v, at(DI, c*panel*4+at0))
		}
	}
}

// cutGroup writes the words of group R9 of a record.
func (u *unpacking) cutGroup() {
	word, bit, high, top := R10, AX, R11, DX
	u.sum(word, u.wordOf, 7) // 128 bytes from a word to the next
	u.g("ADDQ", R8, word)
	u.sum(bit, u.bitOf, 0)
	shift, topShift := u.r(6), u.r(7)
	u.g("VMOVQ", bit, vec{'X', shift.n})
	if u.high != 0 {
		u.sum(high, u.highOf, 7)
		u.g("ADDQ", R8, high)
		u.sum(top, u.topOf, 0)
		u.g("VMOVQ", top, vec{'X', topShift.n})
	}
	for c := range 8 {
		for p := range panel / u.lanes {
			from := c*panel*4 + p*u.bytes()
			v, h := u.r(p%2), u.r(2+p%2)
			u.v("VMOVDQU"+u.units(), v, at(word, u.words+from))
			u.v("VPSRLD", v, v, vec{'X', shift.n})
			u.and(v, v, u.constant(everyByte(u.low)))
			if u.high != 0 {
				u.v("VMOVDQU"+u.units(), h, at(high, u.high+from))
				u.v("VPSRLD", h, h, vec{'X', topShift.n})
				u.and(h, h, u.constant(everyByte(u.highBits)))
				u.v("VPSLLD", h, h, imm(u.above))
				u.or(v, v, h)
			}
			u.finish(v, at(DI, from))
		}
	}
}

// units ends the name of a move of whole numbers.
func (f *function) units() string {
	if f.wide() {
		return "32"
	}
	return ""
}

// sum computes a number from that of the group.
func (u *unpacking) sum(to reg, steps []step, up int) {
	u.g("XORL", to, to)
	for _, x := range steps {
		u.g("MOVQ", R9, BX)
		u.g("SHRQ", imm(x.shift), BX)
		u.g("ANDQ", imm(x.mask), BX)
		u.g("SHLQ", imm(x.up+up), BX)
		u.g("ADDQ", BX, to)
	}
}

// finish makes signed bytes of those of a word and writes them.
func (u *unpacking) finish(v vec, to mem) {
	if u.chosen {
		t := u.r(5)
		u.v("VMOVDQU"+u.units(), t, symbol("iq4nl"))
		u.v("VPSHUFB", v, t, v)
	}
	if u.less != 0 {
		u.v("VPSUBB", v, v, u.constant(everyByte(u.less)))
	}
	u.v("VMOVDQU"+u.units(), to, v)
}

// scaleParts writes scales, times 2⁻²⁴, and minimums of both halves of a group.
func (u *unpacking) scaleParts() {
	const down, minusZero = 103 << 23, 1 << 31
	switch u.parts {
	case nibbles, signed:
		u.g("MOVQ", R9, R12)
		u.g("SHLQ", imm(6), R12)
		u.g("ADDQ", R8, R12)
	case unsigned:
		u.g("MOVQ", R9, R12)
		u.g("SHLQ", imm(5), R12)
		u.g("ADDQ", R8, R12)
	}
	d, m, t, n := u.r(0), u.r(1), u.r(2), u.r(3)
	for p := range panel / u.lanes {
		scaleAt := func(half int) mem { return at(SI, half*unitParts+p*u.bytes()) }
		minAt := func(half int) mem { return at(SI, half*unitParts+panel*4+p*u.bytes()) }
		u.v("VCVTPH2PS", d, at(R8, p*u.lanes*2))
		u.v("VMULPS", d, d, u.constant(down))
		if u.m != 0 {
			u.v("VCVTPH2PS", m, at(R8, u.m+p*u.lanes*2))
		} else {
			u.v("VMOVUPS", m, u.constant(minusZero))
		}
		for half := range 2 {
			switch part := at(R12, u.scales+half*panel+p*u.lanes); u.parts {
			case whole:
				u.v("VMOVUPS", scaleAt(half), d)
				u.v("VMOVUPS", minAt(half), m)
			case signed:
				u.v("VPMOVSXBD", t, part)
				u.v("VCVTDQ2PS", t, t)
				u.v("VMULPS", t, t, d)
				u.v("VMOVUPS", scaleAt(half), t)
				u.v("VMOVUPS", minAt(half), m)
			case nibbles:
				u.v("VPMOVZXBD", t, part)
				u.v("VPSRLD", n, t, imm(4))
				u.and(t, t, u.constant(15))
				u.scaled(t, d, scaleAt(half))
				u.lessened(n, m, minAt(half))
			case unsigned:
				if half > 0 { // of both
					u.v("VMOVUPS", scaleAt(1), t)
					u.v("VMOVUPS", minAt(1), n)
					continue
				}
				u.v("VPMOVZXBD", t, at(R12, u.scales+p*u.lanes))
				u.v("VPMOVZXBD", n, at(R12, u.mins+p*u.lanes))
				u.scaled(t, d, scaleAt(0))
				u.lessened(n, m, minAt(0))
			}
		}
	}
}

// scaled writes whole numbers times d, and lessened the negative.
func (u *unpacking) scaled(v, d vec, to mem) {
	u.v("VCVTDQ2PS", v, v)
	u.v("VMULPS", v, v, d)
	u.v("VMOVUPS", to, v)
}

func (u *unpacking) lessened(v, m vec, to mem) {
	u.v("VCVTDQ2PS", v, v)
	u.v("VMULPS", v, v, m)
	u.v("VXORPS", v, v, u.constant(1<<31))
	u.v("VMOVUPS", to, v)
}

package main

import "fmt"

// turnedUnits is a turned product for 16 rows with weights in the common form of the formats of blocks: while the sums of 16 columns
// of a panel are computed, the weights that come next are widened beside them, into the one of two buffers [16][32] that is not in use.
// The first weights are in the first buffer, [1][0] of units·np in the order of columns and, for each, of np panels; from the form of one
// panel to that of the next there are form bytes. What follows the last is widened too, and must be memory. lines of 64 bytes are
// fetched for each unit, ahead bytes after b and stride bytes from panel to panel.
//
// A sum is an FMA and a weight four instructions, one of them an FMA: where they stand beside each other the sixteen sums of a weight
// hide the rest of it.
func turnedUnits(s *set) {
	const columns, buffer = 16, 16 * panel * 4
	f := s.define("TurnedUnits", "16 columns of a turned product of weights as bytes, scales and minimums for 16 rows, units times.",
		param{"units", number}, param{"np", number}, param{"words", wordPointer}, param{"parts", pointer}, param{"form", number},
		param{"buffers", pointer}, param{"b", bytesPointer}, param{"stride", number}, param{"ahead", number}, param{"lines", number},
		param{"rows", pointer}, param{"sums", pointer}, param{"more", number})
	sum := func(k int) vec { return f.r(k) }
	byteOf := func(b int) vec { return f.r(columns + b) }
	scale := func(p int) vec { return f.r(columns + 4 + p) }
	minimum := func(p int) vec { return f.r(columns + 6 + p) }
	word := f.r(columns + 8)
	weight := func(n int) vec { return f.r(columns + 9 + n%4) }
	row := func(n int) vec { return f.r(columns + 13 + n%3) }

	for b := range 4 {
		f.v("VMOVDQU32", byteOf(b), symbol(fmt.Sprintf("byte%d", b)))
	}
	f.load(CX, "units")
	f.load(R8, "words")
	f.load(R9, "parts")
	f.load(R10, "buffers") // the one in use
	f.g("LEAQ", at(R10, buffer), R11)
	f.load(R12, "rows")
	f.load(DI, "sums")
	f.load(DX, "b")
	f.load(AX, "ahead")
	f.g("ADDQ", AX, DX)

	unit, fresh, ready, next, within, widen := f.label("unit"), f.label("fresh"), f.label("ready"), f.label("panel"), f.label("within"), f.label("widen")
	f.place(unit)
	f.load(AX, "more")
	f.g("TESTQ", AX, AX)
	f.g("JZ", fresh)
	for k := range columns {
		f.v("VMOVUPS", sum(k), at(DI, k*f.bytes()))
	}
	f.g("JMP", ready)
	f.place(fresh)
	for k := range columns {
		f.zero(sum(k))
	}
	f.place(ready)
	f.load(BX, "np")
	f.g("MOVQ", R12, SI)
	f.g("MOVQ", R8, R13) // the form of the unit that is widened
	f.g("MOVQ", R9, R14)
	f.g("MOVQ", DX, R15)
	f.align()
	f.place(next)

	// Which is next: the same columns of the next panel, or the next columns of the first.
	f.load(AX, "form")
	f.g("CMPQ", BX, imm(1))
	f.g("JNE", within)
	f.g("LEAQ", at(R8, unitWords), R13)
	f.g("LEAQ", at(R9, unitParts), R14)
	f.g("JMP", widen)
	f.place(within)
	f.g("ADDQ", AX, R13)
	f.g("ADDQ", AX, R14)
	f.place(widen)
	fetch, fetched := f.label("fetch"), f.label("fetched")
	f.load(AX, "lines")
	f.g("TESTQ", AX, AX)
	f.g("JZ", fetched)
	f.g("SHLQ", imm(6), AX)
	f.place(fetch)
	f.g("PREFETCHT0", mem{base: R15, offset: -64, index: AX, scale: 1})
	f.g("SUBQ", imm(64), AX)
	f.g("JNZ", fetch)
	f.place(fetched)
	for p := range 2 {
		f.v("VMOVUPS", scale(p), at(R14, p*f.bytes()))
		f.v("VMOVUPS", minimum(p), at(R14, panel*4+p*f.bytes()))
	}
	for i := range panel {
		c, p, b := i/8, i/4%2, i%4
		if b == 0 {
			f.v("VMOVDQU32", word, at(R13, c*panel*4+p*f.bytes()))
		}
		x := row(i)
		f.v("VMOVUPS", x, at(SI, i*f.bytes()))
		w := weight(i)
		for k := range columns {
			f.v("VFMADD231PS.BCST", sum(k), x, at(R10, (k*panel+i)*4))
			switch k {
			case 2:
				f.v("VPSHUFB", w, word, byteOf(b))
			case 5:
				f.v("VCVTDQ2PS", w, w)
			case 9:
				f.v("VFMADD213PS", w, scale(p), minimum(p))
			case 15:
				f.v("VMOVUPS", at(R11, (4*c+b)*panel*4+p*f.bytes()), w)
			}
		}
	}
	f.g("XCHGQ", R10, R11)
	f.g("ADDQ", imm(panel*f.bytes()), SI)
	f.load(AX, "stride")
	f.g("ADDQ", AX, R15)
	f.g("DECQ", BX)
	f.g("JNZ", next)
	for k := range columns {
		f.v("VMOVUPS", at(DI, k*f.bytes()), sum(k))
	}
	f.g("ADDQ", imm(columns*f.bytes()), DI)
	f.g("ADDQ", imm(unitWords), R8)
	f.g("ADDQ", imm(unitParts), R9)
	f.load(AX, "lines")
	f.g("SHLQ", imm(6), AX)
	f.g("ADDQ", AX, DX)
	f.g("DECQ", CX)
	f.g("JNZ", unit)
	f.end()
}

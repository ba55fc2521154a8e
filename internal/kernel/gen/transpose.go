package main

// transpose writes dst[j, i] = src[i, j] for squares as wide as a register, n of them one after the other, dstep and sstep bytes apart.
func transpose(s *set) {
	f := s.define("Transpose", "The transposes of n squares.", param{"n", number}, param{"dst", pointer}, param{"ldd", number},
		param{"dstep", number}, param{"src", pointer}, param{"lds", number}, param{"sstep", number})
	f.load(CX, "n")
	f.load(R12, "dst")
	f.load(SI, "ldd")
	f.load(R14, "dstep")
	f.load(R11, "src")
	f.load(R9, "lds")
	f.load(R13, "sstep")
	loop := f.label("loop")
	f.align()
	f.place(loop)
	f.g("MOVQ", R11, R8)
	f.g("MOVQ", R12, DI)
	for i := range s.lanes {
		f.get(f.r(i), at(R8, 0))
		if i < s.lanes-1 {
			f.g("ADDQ", R9, R8)
		}
	}
	f.turn(false)
	f.g("ADDQ", R13, R11)
	f.g("ADDQ", R14, R12)
	f.g("DECQ", CX)
	f.g("JNZ", loop)
	f.end()
}

// transposeEdge writes the transpose of a part of a square.
func transposeEdge(s *set) {
	f := s.define("TransposeEdge", "The transpose of a part of a square, rows and cols from 1.", param{"dst", pointer}, param{"ldd", number},
		param{"src", pointer}, param{"lds", number}, param{"rows", number}, param{"cols", number})
	f.load(R8, "src")
	f.load(R9, "lds")
	f.load(DI, "dst")
	f.load(SI, "ldd")
	f.load(CX, "cols")
	f.setMask()
	f.load(DX, "rows")
	f.load(BX, "cols")
	f.masked = true
	for i := range s.lanes {
		f.get(f.r(i), at(R8, 0))
		if i == s.lanes-1 {
			break
		}
		// past the last row it is read again: nothing keeps those lanes
		f.g("LEAQ", mem{base: R8, index: R9, scale: 1}, R10)
		f.g("CMPQ", DX, imm(i+1))
		f.g("CMOVQGT", R10, R8)
	}
	f.load(CX, "rows")
	f.setMask()
	f.turn(true)
	f.end()
}

// turn transposes the registers and stores them.
func (f *function) turn(edge bool) {
	if f.wide() {
		transpose16(f, edge)
	} else {
		transpose8(f, edge)
	}
}

// store writes row j of dst, if there is one.
func (f *function) store(edge bool, j int, m mem, v vec) {
	if !edge {
		f.put(m, v)
		return
	}
	skip := f.label("skip")
	f.g("CMPQ", BX, imm(j))
	f.g("JLE", skip)
	f.put(m, v)
	f.place(skip)
}

// transpose16 exchanges pairs, then pairs of pairs, inside the four 128-bit parts of the registers, then the parts.
func transpose16(f *function, edge bool) {
	z := f.r
	for i := 0; i < 16; i += 2 {
		f.v("VUNPCKLPS", z(16+i), z(i), z(i+1))
		f.v("VUNPCKHPS", z(17+i), z(i), z(i+1))
	}
	for q := range 4 { // register 4q+c: in part l, column 4l+c of the rows 4q to 4q+3
		a := 16 + 4*q
		f.v("VUNPCKLPD", z(4*q), z(a), z(a+2))
		f.v("VUNPCKHPD", z(4*q+1), z(a), z(a+2))
		f.v("VUNPCKLPD", z(4*q+2), z(a+1), z(a+3))
		f.v("VUNPCKHPD", z(4*q+3), z(a+1), z(a+3))
	}
	const even, odd = imm(0x88), imm(0xDD) // parts 0 and 2 of both, parts 1 and 3
	for c := range 4 {
		f.v("VSHUFF32X4", z(16), z(c), z(4+c), even)
		f.v("VSHUFF32X4", z(17), z(c), z(4+c), odd)
		f.v("VSHUFF32X4", z(18), z(8+c), z(12+c), even)
		f.v("VSHUFF32X4", z(19), z(8+c), z(12+c), odd)
		f.v("VSHUFF32X4", z(20), z(16), z(18), even)
		f.v("VSHUFF32X4", z(21), z(17), z(19), even)
		f.v("VSHUFF32X4", z(22), z(16), z(18), odd)
		f.v("VSHUFF32X4", z(23), z(17), z(19), odd)
		f.g("MOVQ", DI, R10)
		for l := range 4 {
			f.store(edge, 4*l+c, at(R10, 0), z(20+l))
			f.g("LEAQ", mem{base: R10, index: SI, scale: 4}, R10)
		}
		f.g("ADDQ", SI, DI)
	}
}

// transpose8 does the same with the two parts of the shorter registers. The tail's mask is in the last register.
func transpose8(f *function, edge bool) {
	y := f.r
	for q := range 2 { // four rows at a time, in place: 4q+c gets in part l column 4l+c
		a := 4 * q
		f.v("VUNPCKLPS", y(8), y(a), y(a+1))
		f.v("VUNPCKHPS", y(9), y(a), y(a+1))
		f.v("VUNPCKLPS", y(10), y(a+2), y(a+3))
		f.v("VUNPCKHPS", y(11), y(a+2), y(a+3))
		f.v("VUNPCKLPD", y(a), y(8), y(10))
		f.v("VUNPCKHPD", y(a+1), y(8), y(10))
		f.v("VUNPCKLPD", y(a+2), y(9), y(11))
		f.v("VUNPCKHPD", y(a+3), y(9), y(11))
	}
	for c := range 4 {
		f.v("VPERM2F128", y(8), y(c), y(4+c), imm(0x20))
		f.v("VPERM2F128", y(9), y(c), y(4+c), imm(0x31))
		f.store(edge, c, at(DI, 0), y(8))
		f.store(edge, 4+c, mem{base: DI, index: SI, scale: 4}, y(9))
		f.g("ADDQ", SI, DI)
	}
}

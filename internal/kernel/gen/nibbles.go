package main

// widenNibbles writes n records of a format of nibbles as float32, [32][32] each, without the common form between: a mask leaves one of
// the eight nibbles of a word where it is, whose number q is then q·2⁴ʲ, and the scale makes up for that with a factor of 2⁻⁴ʲ, both
// exactly. That is four instructions for 16 weights, of which the store takes longest. With AVX2 there is no conversion of numbers
// without a sign.
func widenNibbles(s *set, b blockFormat) {
	f := s.define("WidenRecords"+b.name, b.name+" as float32, and fetches what lies ahead bytes further on.",
		param{"n", number}, param{"rec", bytesPointer}, param{"ahead", number}, param{"y", pointer})
	f.load(CX, "n")
	f.load(R8, "rec")
	f.load(DX, "ahead")
	f.load(DI, "y")
	f.begin()
	loop := f.label("loop")
	f.align()
	f.place(loop)
	const nibbles, minimum, word, free = 8, 8, 9, 10 // scales come first
	lines, n := 0, 0
	for p := range panel / f.lanes {
		f.v("VCVTPH2PS", f.r(0), at(R8, p*f.lanes*2))
		for j := 1; j < nibbles; j++ {
			f.v("VMULPS", f.r(j), f.r(j-1), f.constant(bitsOf(1./16)))
		}
		if b.m > 0 {
			f.v("VCVTPH2PS", f.r(minimum), at(R8, b.m+p*f.lanes*2))
		}
		for c := range 4 {
			f.v("VMOVDQU32", f.r(word), at(R8, b.words+c*panel*4+p*f.bytes()))
			for ; lines*64*2*4 < b.size*(4*p+c+1); lines++ {
				f.g("PREFETCHT0", mem{base: R8, index: DX, scale: 1, offset: lines * 64})
			}
			for j := range nibbles {
				v := f.r(free + n%6)
				n++
				f.and(v, f.r(word), f.constant(15<<(4*j)))
				f.v("VCVTUDQ2PS", v, v)
				if b.m > 0 {
					f.v("VFMADD213PS", v, f.r(j), f.r(minimum))
				} else {
					f.v("VSUBPS", v, v, f.constant(bitsOf(float64(int64(b.less)<<(4*j)))))
					f.v("VMULPS", v, v, f.r(j))
				}
				f.put(at(DI, (j%2*16+4*c+j/2)*panel*4+p*f.bytes()), v)
			}
		}
	}
	f.g("ADDQ", imm(b.size), R8)
	f.g("ADDQ", imm(32*panel*4), DI)
	f.g("DECQ", CX)
	f.g("JNZ", loop)
	f.end()
}

// nibbles reports whether a record is a group of nibbles, which are numbers.
func (b blockFormat) nibbles() bool { return b.size > 0 && b.low == 15 && b.high == 0 && !b.chosen }

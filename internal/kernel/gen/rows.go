package main

import "math"

// sumLanes is the number of sums that run side by side over a vector.
const sumLanes = 64

// A fold brings a vector's elements into the lanes of its accumulators, and these into one.
type fold struct {
	name, doc  string
	two        bool // a second vector, y
	step, join func(f *function, into, x vec, y mem)
}

func addTo(f *function, into, x vec, _ mem) { f.v("VADDPS", into, into, x) }

var folds = []fold{
	{name: "Sum", doc: "The sum of x.", step: addTo, join: addTo},
	{name: "Dot", doc: "The sum of x·y.", two: true, join: addTo, step: func(f *function, into, x vec, y mem) {
		t := f.r(f.registers - 3)
		f.get(t, y)
		f.v("VFMADD231PS", into, x, t)
	}},
}

// fold writes a fold over n elements: lane j of 64 takes the elements j, j+64, …, then the upper half of the lanes is added to the
// lower, and so on.
func (s *set) fold(o fold) {
	params := []param{{"n", number}, {"x", pointer}}
	if o.two {
		params = append(params, param{"y", pointer})
	}
	f := s.define(o.name, o.doc, params...)
	f.returns()
	f.load(CX, "n")
	f.load(SI, "x")
	if o.two {
		f.load(DX, "y")
	}
	n := sumLanes / s.lanes
	for i := range n {
		f.zero(f.r(i))
	}
	x := f.r(f.registers - 2)
	step := func(i int) {
		f.get(x, at(SI, i*f.bytes()))
		o.step(f, f.r(i), x, at(DX, i*f.bytes()))
	}
	whole, tail, join := f.label("whole"), f.label("tail"), f.label("join")
	f.g("SUBQ", imm(sumLanes), CX)
	f.g("JLT", tail)
	f.align()
	f.place(whole)
	for i := range n {
		step(i)
	}
	f.g("ADDQ", imm(sumLanes*4), SI)
	if o.two {
		f.g("ADDQ", imm(sumLanes*4), DX)
	}
	f.g("SUBQ", imm(sumLanes), CX)
	f.g("JGE", whole)
	f.place(tail)
	f.g("ADDQ", imm(sumLanes), CX)
	for i := range n {
		full := f.label("full")
		f.g("CMPQ", CX, imm(f.lanes))
		f.g("JGE", full)
		f.g("TESTQ", CX, CX)
		f.g("JZ", join)
		f.setMask()
		f.masked = true
		step(i)
		f.masked = false
		f.g("JMP", join)
		f.place(full)
		step(i)
		f.g("SUBQ", imm(f.lanes), CX)
	}
	f.place(join)
	f.tree(n, o.join)
	f.v("VMOVSS", f.arg(f.result.name), vec{'X', 0})
	f.end()
}

// tree joins n accumulators in register 0, whose lowest lane then has the result: always the upper half of the lanes to the lower.
func (f *function) tree(n int, join func(f *function, into, x vec, y mem)) {
	for n /= 2; n > 0; n /= 2 {
		for i := range n {
			join(f, f.r(i), f.r(i+n), mem{})
		}
	}
	x, t := func(width byte) vec { return vec{width, 0} }, func(width byte) vec { return vec{width, 1} }
	if f.wide() {
		f.v("VEXTRACTF64X4", t('Y'), x('Z'), imm(1))
		join(f, x('Y'), t('Y'), mem{})
	}
	f.v("VEXTRACTF128", t('X'), x('Y'), imm(1))
	join(f, x('X'), t('X'), mem{})
	f.v("VPERMILPS", t('X'), x('X'), imm(0x4E))
	join(f, x('X'), t('X'), mem{})
	f.v("VPERMILPS", t('X'), x('X'), imm(0xB1))
	join(f, x('X'), t('X'), mem{})
}

// maximum writes the largest element, NaN if one is. In registers 0 and 1 are the largest so far, as the instruction has it both ways (see
// extreme), in 2 the sum of what is not a number.
func maximum(s *set) {
	f := s.define("Max", "The largest of x.", param{"n", number}, param{"x", pointer})
	f.returns()
	f.load(CX, "n")
	f.load(SI, "x")
	x, low := f.r(7), f.r(6)
	f.v("VMOVUPS", low, f.number(math.Inf(-1)))
	f.v("VMOVAPS", f.r(0), low)
	f.zero(f.r(5))
	step := func() {
		f.v("VMAXPS", f.r(2), f.r(0), x)
		f.v("VMAXPS", f.r(3), x, f.r(0))
		f.v("VANDPS", f.r(0), f.r(2), f.r(3))
		f.choose(f.r(5), unordered, x, x, x, f.r(5), f.r(4))
	}
	whole, tail, join := f.label("whole"), f.label("tail"), f.label("join")
	f.g("SUBQ", imm(f.lanes), CX)
	f.g("JLT", tail)
	f.align()
	f.place(whole)
	f.get(x, at(SI, 0))
	step()
	f.g("ADDQ", imm(f.bytes()), SI)
	f.g("SUBQ", imm(f.lanes), CX)
	f.g("JGE", whole)
	f.place(tail)
	f.g("ADDQ", imm(f.lanes), CX)
	f.g("JZ", join)
	f.setMask()
	f.masked = true
	f.get(x, at(SI, 0))
	f.masked = false
	if f.wide() {
		f.v("VBLENDMPS", x, tailMask, low, x)
	} else {
		f.v("VBLENDVPS", x, low, x, f.tailVec())
	}
	step()
	f.place(join)
	both := func(width byte, a, b, t int) { // register a: the larger of a and b
		v := func(n int) vec { return vec{width, n} }
		f.v("VMAXPS", v(t), v(a), v(b))
		f.v("VMAXPS", v(a), v(b), v(a))
		f.v("VANDPS", v(a), v(a), v(t))
	}
	halves := func(from byte) { // of 0, and of 5, whose lanes are 0 or NaN
		switch from {
		case 'Z':
			f.v("VEXTRACTF64X4", vec{'Y', 1}, vec{'Z', 0}, imm(1))
			both('Y', 0, 1, 2)
			f.v("VEXTRACTF64X4", vec{'Y', 1}, vec{'Z', 5}, imm(1))
			f.v("VADDPS", vec{'Y', 5}, vec{'Y', 5}, vec{'Y', 1})
		case 'Y':
			f.v("VEXTRACTF128", vec{'X', 1}, vec{'Y', 0}, imm(1))
			both('X', 0, 1, 2)
			f.v("VEXTRACTF128", vec{'X', 1}, vec{'Y', 5}, imm(1))
			f.v("VADDPS", vec{'X', 5}, vec{'X', 5}, vec{'X', 1})
		}
	}
	if f.wide() {
		halves('Z')
	}
	halves('Y')
	for _, swap := range []imm{0x4E, 0xB1} {
		f.v("VPERMILPS", vec{'X', 1}, vec{'X', 0}, swap)
		both('X', 0, 1, 2)
		f.v("VPERMILPS", vec{'X', 1}, vec{'X', 5}, swap)
		f.v("VADDPS", vec{'X', 5}, vec{'X', 5}, vec{'X', 1})
	}
	number := f.label("number")
	f.v("VUCOMISS", vec{'X', 5}, vec{'X', 5})
	f.g("JNP", number)
	f.v("VMOVAPS", vec{'X', 0}, vec{'X', 5})
	f.place(number)
	f.v("VMOVSS", f.arg(f.result.name), vec{'X', 0})
	f.end()
}

package main

import "math/bits"

// A shape says which operands of a binary operation are vectors.
type shape struct {
	name, doc string
	x, y      bool
}

var shapes = []shape{{"VV", "x and y", true, true}, {"VS", "x and a number", true, false}, {"SV", "a number and y", false, true}}

// A binaryOp computes register 0 from the registers 0 and 1, with 2 to 5 at hand.
type binaryOp struct {
	name string
	body func(f *function)
}

func plain(op string) func(f *function) {
	return func(f *function) { f.v(op, f.r(0), f.r(0), f.r(1)) }
}

// binaryOps are in the order of package kernel's.
var binaryOps = []binaryOp{
	{"Add", plain("VADDPS")}, {"Sub", plain("VSUBPS")}, {"Mul", plain("VMULPS")}, {"Div", plain("VDIVPS")},
	{"Min", func(f *function) { f.extreme("VMINPS", "VORPS") }},
	{"Max", func(f *function) { f.extreme("VMAXPS", "VANDPS") }},
}

// extreme is the minimum or maximum as Go has it. The instruction gives its second operand when both are zeros or one is NaN: so it is
// done both ways, which joins the signs of zeros, and NaN comes from the sum.
func (f *function) extreme(op, join string) {
	f.v(op, f.r(2), f.r(0), f.r(1))
	f.v(op, f.r(3), f.r(1), f.r(0))
	f.v(join, f.r(2), f.r(2), f.r(3))
	f.v("VADDPS", f.r(3), f.r(0), f.r(1))
	f.choose(f.r(0), unordered, f.r(0), f.r(1), f.r(3), f.r(2), f.r(4))
}

func binary(s *set, op binaryOp, sh shape) {
	params := []param{{"n", number}, {"z", pointer}, {"x", pointer}, {"y", pointer}}
	switch {
	case !sh.y:
		params[3].kind = float
	case !sh.x: // what is a number comes last
		params = []param{{"n", number}, {"z", pointer}, {"y", pointer}, {"x", float}}
	}
	f := s.define(op.name+sh.name, op.name+" of "+sh.doc+".", params...)
	scalar := f.r(6)
	var pointers []reg
	operand := func(name string, to vec, vector bool, from reg) func() {
		if !vector {
			f.v("VBROADCASTSS", scalar, f.arg(name))
			return func() { f.v("VMOVAPS", to, scalar) }
		}
		f.load(from, name)
		pointers = append(pointers, from)
		return func() { f.get(to, at(from, 0)) }
	}
	x, y := operand("x", f.r(0), sh.x, SI), operand("y", f.r(1), sh.y, DX)
	f.loop(pointers, func() {
		x()
		y()
		op.body(f)
	})
}

// loop writes the loop over n elements and its tail: what body leaves in register 0 is stored to z. The registers named are addresses that go
// on with it.
func (f *function) loop(pointers []reg, body func()) {
	f.load(BX, "n")
	f.load(DI, "z")
	whole, tail, done := f.label("whole"), f.label("tail"), f.label("done")
	f.g("MOVQ", BX, CX)
	f.g("ANDQ", imm(f.lanes-1), CX)
	f.g("SHRQ", imm(bits.Len(uint(f.lanes-1))), BX)
	f.g("JZ", tail)
	f.align()
	f.place(whole)
	body()
	f.put(at(DI, 0), f.r(0))
	for _, p := range append(pointers, DI) {
		f.g("ADDQ", imm(f.bytes()), p)
	}
	f.g("DECQ", BX)
	f.g("JNZ", whole)
	f.place(tail)
	f.g("TESTQ", CX, CX)
	f.g("JZ", done)
	f.setMask()
	f.masked = true
	body()
	f.put(at(DI, 0), f.r(0))
	f.masked = false
	f.place(done)
	f.end()
}

// A unaryOp computes register 0 from itself, with 1 to 14 at hand.
type unaryOp struct {
	name string
	body func(f *function)
}

// unaryOps are in the order of package kernel's; what has no body is left to plain Go.
var unaryOps = []unaryOp{
	{"Neg", func(f *function) { f.v("VXORPS", f.r(0), f.r(0), f.constant(signBit)) }},
	{"Abs", func(f *function) { f.v("VANDPS", f.r(0), f.r(0), f.constant(^signBit)) }},
	{"Sqrt", func(f *function) { f.v("VSQRTPS", f.r(0), f.r(0)) }},
	{"Rsqrt", func(f *function) {
		f.v("VSQRTPS", f.r(0), f.r(0))
		f.v("VDIVPS", f.r(0), f.register(bitsOf(1), f.r(1)), f.r(0))
	}},
	{"Recip", func(f *function) { f.v("VDIVPS", f.r(0), f.register(bitsOf(1), f.r(1)), f.r(0)) }},
	{"Exp", exp},
	{"Expm1", expm1},
	{"Log", log},
	{"Log1p", nil},
	{"Tanh", tanh},
	{"Logistic", logistic},
	{"Erf", nil},
	{"Sin", nil},
	{"Cos", nil},
}

func unary(s *set, op unaryOp) {
	f := s.define(op.name, op.name+" of x.", param{"n", number}, param{"z", pointer}, param{"x", pointer})
	f.load(SI, "x")
	f.begin()
	f.loop([]reg{SI}, func() {
		f.get(f.r(0), at(SI, 0))
		op.body(f)
	})
}

// expShifted writes z = exp(x − shift), what a softmax is made of.
func expShifted(s *set) {
	f := s.define("ExpShifted", "The exponential of x less a number.", param{"n", number}, param{"z", pointer}, param{"x", pointer}, param{"shift", float})
	f.load(SI, "x")
	f.v("VBROADCASTSS", f.r(14), f.arg("shift"))
	f.begin()
	f.loop([]reg{SI}, func() {
		f.get(f.r(0), at(SI, 0))
		f.v("VSUBPS", f.r(0), f.r(0), f.r(14))
		exp(f)
	})
}

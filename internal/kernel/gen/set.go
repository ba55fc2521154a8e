package main

import "fmt"

// A set is an instruction set with the functions that are written for it.
type set struct {
	name      string // before the functions' names
	level     string // the Level's
	width     byte   // of its registers' names
	lanes     int    // float32 in a register
	registers int
	functions []*function
	mistakes  []error // in what the functions were told to write
}

// sets returns the instruction sets, without functions yet.
func sets() []*set {
	return []*set{
		{name: "avx512", level: "AVX512", width: 'Z', lanes: 16, registers: 32},
		{name: "avx2", level: "AVX2", width: 'Y', lanes: 8, registers: 16},
	}
}

// r is the set's register of a number; bytes is its size.
func (s *set) r(n int) vec { return vec{s.width, n} }

func (s *set) bytes() int { return s.lanes * 4 }

// wide reports whether the set has masks, embedded broadcasts and 32 registers.
func (s *set) wide() bool { return s.registers == 32 }

// zero clears a register.
func (f *function) zero(v vec) { f.v("VXORPS", v, v, v) }

// The tail's mask: a mask register, or a vector register whose lanes are all ones or zero.
const tailMask = mask(1)

func (s *set) tailVec() vec { return s.r(s.registers - 1) }

// setMask makes the tail's mask of the count of lanes, 0 to all of them, in CX, which it uses up, with AX.
func (f *function) setMask() {
	if f.wide() {
		f.g("MOVL", imm(1), AX)
		f.g("SHLL", CX, AX)
		f.g("DECL", AX)
		f.g("KMOVW", AX, tailMask)
		return
	}
	f.g("LEAQ", symbol("tails"), AX) // lanes ones, then as many zeros: n before its middle begins n ones
	f.g("SHLQ", imm(2), CX)
	f.g("SUBQ", CX, AX)
	f.v("VMOVUPS", f.tailVec(), at(AX, f.bytes()))
}

// get reads a vector, in the tail zeros where there is nothing; put writes one.
func (f *function) get(v vec, m mem) {
	switch {
	case !f.masked:
		f.v("VMOVUPS", v, m)
	case f.wide():
		f.v("VMOVUPS.Z", v, tailMask, m)
	default:
		f.v("VMASKMOVPS", v, f.tailVec(), m)
	}
}

func (f *function) put(m mem, v vec) {
	switch {
	case !f.masked:
		f.v("VMOVUPS", m, v)
	case f.wide():
		f.g("VMOVUPS", v, tailMask, m)
	default:
		f.g("VMASKMOVPS", v, f.tailVec(), m)
	}
}

// Comparisons of VCMPPS.
const (
	less      = imm(1)
	unordered = imm(3)
)

// choose sets v to yes where a compares so with b, else to no, which is in a register. t is a register that is used where there are no
// masks.
func (f *function) choose(v vec, how imm, a, b, yes, no operand, t vec) {
	if f.wide() {
		f.v("VCMPPS", mask(2), a, b, how)
		f.v("VBLENDMPS", v, mask(2), no, yes)
		return
	}
	f.v("VCMPPS", t, a, b, how)
	f.v("VBLENDVPS", v, no, yes, t)
}

// round rounds to whole numbers, to even where there are two.
func (f *function) round(v, a vec) {
	if f.wide() {
		f.v("VRNDSCALEPS", v, a, imm(8))
	} else {
		f.v("VROUNDPS", v, a, imm(8))
	}
}

// A constant is a number that a function uses, in a register where there are enough.
type constant struct {
	bits     uint32
	register int // −1: in memory
}

// constant returns an operand for 32 bits in every lane. It may be memory, so it must be an instruction's last.
func (f *function) constant(bits uint32) operand {
	for _, c := range f.constants {
		if c.bits == bits {
			return f.held(c)
		}
	}
	c := constant{bits, -1}
	if last := f.registers - 1 - len(f.constants); f.wide() && f.constantsAt > 0 && last >= 16 {
		c.register = last
	}
	f.constants = append(f.constants, c)
	return f.held(c)
}

// begin is where constants come into registers, before a loop; without it they stay in memory.
func (f *function) begin() { f.constantsAt = len(f.lines) }

func (f *function) held(c constant) operand {
	if c.register >= 0 {
		return f.r(c.register)
	}
	return constantSymbol(c.bits)
}

// register returns the constant in a register: t where it is not in one.
func (f *function) register(bits uint32, t vec) vec {
	if v, ok := f.constant(bits).(vec); ok {
		return v
	}
	f.v("VMOVUPS", t, constantSymbol(bits))
	return t
}

func constantSymbol(bits uint32) symbol { return symbol(fmt.Sprintf("c%08x", bits)) }

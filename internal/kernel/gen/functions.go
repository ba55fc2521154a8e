package main

import "math"

const signBit = uint32(1) << 31

func bitsOf(x float64) uint32 { return math.Float32bits(float32(x)) }

// ln 2 in two parts: the first has 15 bits, so that its product with a whole number below 512 is exact.
var (
	ln2High = math.Float32frombits(0x3F317200)
	ln2Low  = math.Ln2 - float64(ln2High)
)

// number returns an operand for a number in every lane; see constant.
func (f *function) number(x float64) operand { return f.constant(bitsOf(x)) }

// clamp brings x between two numbers; NaN stays.
func (f *function) clamp(x, t vec, low, high float64) {
	f.v("VMINPS", x, f.register(bitsOf(high), t), x) // the second operand is what comes of NaN
	f.v("VMAXPS", x, f.register(bitsOf(low), t), x)
}

// expFraction leaves n in register 1 and e^r − 1 in register 2, with x = n·ln 2 + r in register 0, |r| ≤ ln 2/2. It uses register 3.
// The series to the seventh power leaves 2⁻²⁷.
func (f *function) expFraction() {
	x, n, p, t := f.r(0), f.r(1), f.r(2), f.r(3)
	f.v("VMULPS", n, x, f.number(math.Log2E))
	f.round(n, n)
	f.v("VFNMADD231PS", x, n, f.number(float64(ln2High)))
	f.v("VFNMADD231PS", x, n, f.number(ln2Low))
	f.v("VMOVAPS", p, f.number(1./5040))
	for _, c := range []float64{1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2} {
		f.v("VFMADD213PS", p, x, f.number(c))
	}
	f.v("VMULPS", t, x, x)
	f.v("VFMADD213PS", p, t, x)
}

// power sets v to 2ⁿ for whole numbers n from −126 to 127 given as integers; t may be v.
func (f *function) power(v, n vec) {
	f.v("VPADDD", v, n, f.constant(127))
	f.v("VPSLLD", v, v, imm(23))
}

// exp is e^x in register 0, correct to 1.1 units in the last place, denormals included; registers 1 to 4.
func exp(f *function) {
	f.clamp(f.r(0), f.r(1), -105, 89) // beyond, the result is 0 or infinite anyway
	f.expFraction()
	x, n, p := f.r(0), f.r(1), f.r(2)
	f.v("VADDPS", p, p, f.number(1))
	if f.wide() {
		f.v("VSCALEFPS", x, p, n)
		return
	}
	f.v("VCVTPS2DQ", n, n) // in two steps, the first of which is exact
	f.v("VPSRAD", f.r(3), n, imm(1))
	f.v("VPSUBD", n, n, f.r(3))
	f.power(f.r(3), f.r(3))
	f.power(n, n)
	f.v("VMULPS", p, p, f.r(3))
	f.v("VMULPS", x, p, n)
}

// expm1 is e^x − 1 in register 0, precise near 0, with its sign; registers 1 to 5. With e^x = 2ⁿ(1+p) it is 2(p·2ⁿ⁻¹ + (2ⁿ⁻¹ − ½)), which
// is p for n = 0 and does not overflow before the result does.
func expm1(f *function) {
	x, n, p, half, sign := f.r(0), f.r(1), f.r(2), f.r(3), f.r(5)
	f.v("VANDPS", sign, x, f.constant(signBit))
	f.clamp(x, n, -30, 89)
	f.expFraction()
	f.v("VCVTPS2DQ", n, n)
	f.v("VPADDD", n, n, f.constant(^uint32(0)))
	f.power(half, n)
	f.v("VSUBPS", n, half, f.number(.5))
	f.v("VFMADD213PS", p, half, n)
	f.v("VADDPS", x, p, p)
	f.v("VORPS", x, x, sign) // −0
}

// tanh is −t/(t+2) with t = expm1(−2|x|), with the sign of x; registers 1 to 6.
func tanh(f *function) {
	x, sign := f.r(0), f.r(6)
	f.v("VANDPS", sign, x, f.constant(signBit))
	f.v("VORPS", x, x, f.constant(signBit))
	f.v("VADDPS", x, x, x)
	expm1(f)
	f.v("VADDPS", f.r(1), x, f.number(2))
	f.v("VDIVPS", x, x, f.r(1))
	f.v("VANDPS", x, x, f.constant(^signBit))
	f.v("VORPS", x, x, sign)
}

// logistic is 1/(1+e) or e/(1+e) with e = exp(−|x|), so that it is precise at both ends; registers 1 to 5.
func logistic(f *function) {
	x, given := f.r(0), f.r(5)
	f.v("VMOVAPS", given, x)
	f.v("VORPS", x, x, f.constant(signBit))
	exp(f)
	f.v("VADDPS", f.r(1), x, f.number(1))
	f.zero(f.r(2))
	f.choose(x, less, given, f.r(2), x, f.register(bitsOf(1), f.r(3)), f.r(4))
	f.v("VDIVPS", x, x, f.r(1))
}

// log is the natural logarithm in register 0; registers 1 to 9. x = 2ᵏ(1+f) with √½ ≤ 1+f < √2, and with s = f/(2+f),
// log(1+f) = 2(s + s³/3 + s⁵/5 + …) = f − f²/2 + s(f²/2 + R), R = s²(2/3 + s²(2/5 + …)). What the series leaves is below 2⁻²⁷.
func log(f *function) {
	x, given, k, m, s, z, p, t, shift := f.r(0), f.r(1), f.r(2), f.r(3), f.r(4), f.r(5), f.r(6), f.r(7), f.r(8)
	f.v("VMOVAPS", given, x)
	f.v("VMULPS", t, x, f.number(1<<23)) // denormals
	f.zero(shift)
	f.choose(shift, less, given, f.number(0x1p-126), f.number(-23), shift, f.r(9))
	f.choose(x, less, given, f.number(0x1p-126), t, x, f.r(9))

	f.v("VPSUBD", k, x, f.constant(bitsOf(math.Sqrt2/2)))
	f.v("VPSRAD", k, k, imm(23))
	f.v("VPSLLD", t, k, imm(23))
	f.v("VPSUBD", m, x, t)
	f.v("VCVTDQ2PS", k, k)
	f.v("VADDPS", k, k, shift)

	f.v("VSUBPS", m, m, f.number(1)) // f
	f.v("VADDPS", s, m, f.number(2))
	f.v("VDIVPS", s, m, s)
	f.v("VMULPS", z, s, s)
	f.v("VMOVAPS", p, f.number(2./9))
	for _, c := range []float64{2. / 7, 2. / 5, 2. / 3} {
		f.v("VFMADD213PS", p, z, f.number(c))
	}
	f.v("VMULPS", p, p, z) // R
	f.v("VMULPS", t, m, m)
	f.v("VMULPS", t, t, f.number(.5)) // f²/2
	f.v("VADDPS", p, p, t)
	f.v("VMULPS", p, p, s)
	f.v("VFMADD231PS", p, k, f.number(ln2Low))
	f.v("VSUBPS", p, t, p)
	f.v("VSUBPS", x, m, p)
	f.v("VFMADD231PS", x, k, f.number(float64(ln2High)))

	const notLess, equal = imm(5), imm(0)
	f.choose(x, notLess, given, f.number(math.Inf(1)), given, x, f.r(9)) // infinity and NaN
	f.zero(t)
	f.choose(x, less, given, t, f.constant(bitsOf(math.NaN())), x, f.r(9))
	f.choose(x, equal, given, t, f.number(math.Inf(-1)), x, f.r(9))
}

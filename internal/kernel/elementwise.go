package kernel

// A BinaryOp is a function of two numbers.
type BinaryOp uint8

// The binary operations. OpMin and OpMax are NaN when an argument is; −0 is less than +0.
const (
	OpAdd BinaryOp = iota
	OpSub
	OpMul
	OpDiv
	OpMin
	OpMax
	binaryOps
)

// A UnaryOp is a function of one number.
type UnaryOp uint8

// The unary operations. OpRecip is 1/x, OpRsqrt 1/√x, OpLogistic 1/(1+e⁻ˣ).
const (
	OpNeg UnaryOp = iota
	OpAbs
	OpSqrt
	OpRsqrt
	OpRecip
	OpExp
	OpExpm1
	OpLog
	OpLog1p
	OpTanh
	OpLogistic
	OpErf
	OpSin
	OpCos
	unaryOps
)

// Binary computes z[i] = op(x[i], y[i]) for every i of z. z may be x or y, but not overlap them otherwise.
func Binary(op BinaryOp, z, x, y []float32) {
	x, y = x[:len(z)], y[:len(z)]
	if t := inUse(); t != nil {
		t.binary[op].vectors(len(z), first(z), first(x), first(y))
	} else {
		plainBinary(op, z, x, y)
	}
}

// BinaryScalar computes z[i] = op(x[i], y).
func BinaryScalar(op BinaryOp, z, x []float32, y float32) {
	x = x[:len(z)]
	if t := inUse(); t != nil {
		t.binary[op].vectorNumber(len(z), first(z), first(x), y)
	} else {
		plainBinaryScalar(op, z, x, y)
	}
}

// ScalarBinary computes z[i] = op(x, y[i]).
func ScalarBinary(op BinaryOp, z []float32, x float32, y []float32) {
	y = y[:len(z)]
	if t := inUse(); t != nil {
		t.binary[op].numberVector(len(z), first(z), first(y), x)
	} else {
		plainScalarBinary(op, z, x, y)
	}
}

// Unary computes z[i] = op(x[i]) for every i of z. z may be x, but not overlap it otherwise.
func Unary(op UnaryOp, z, x []float32) {
	x = x[:len(z)]
	if t := inUse(); t != nil && t.unary[op] != nil {
		t.unary[op](len(z), first(z), first(x))
	} else {
		plainUnary(op, z, x)
	}
}

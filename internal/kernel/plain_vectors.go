package kernel

import "math"

// binaries holds the operations on two numbers, in the order of their names.
var binaries = [binaryOps]func(x, y float32) float32{
	OpAdd: func(x, y float32) float32 { return x + y },
	OpSub: func(x, y float32) float32 { return x - y },
	OpMul: func(x, y float32) float32 { return x * y },
	OpDiv: func(x, y float32) float32 { return x / y },
	OpMin: func(x, y float32) float32 { return min(x, y) },
	OpMax: func(x, y float32) float32 { return max(x, y) },
}

// unaries holds the operations on one number; what has no float32 of its own is computed in float64 and rounded once.
var unaries = [unaryOps]func(float32) float32{
	OpNeg:      func(x float32) float32 { return -x },
	OpAbs:      func(x float32) float32 { return math.Float32frombits(math.Float32bits(x) &^ (1 << 31)) },
	OpSqrt:     rounded(math.Sqrt),
	OpRsqrt:    rounded(func(x float64) float64 { return 1 / math.Sqrt(x) }),
	OpRecip:    func(x float32) float32 { return 1 / x },
	OpExp:      rounded(math.Exp),
	OpExpm1:    rounded(math.Expm1),
	OpLog:      rounded(math.Log),
	OpLog1p:    rounded(math.Log1p),
	OpTanh:     rounded(math.Tanh),
	OpLogistic: rounded(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }),
	OpErf:      rounded(math.Erf),
	OpSin:      rounded(math.Sin),
	OpCos:      rounded(math.Cos),
}

func rounded(f func(float64) float64) func(float32) float32 {
	return func(x float32) float32 { return float32(f(float64(x))) }
}

func plainBinary(op BinaryOp, z, x, y []float32) {
	f := binaries[op]
	for i := range z {
		z[i] = f(x[i], y[i])
	}
}

func plainBinaryScalar(op BinaryOp, z, x []float32, y float32) {
	f := binaries[op]
	for i := range z {
		z[i] = f(x[i], y)
	}
}

func plainScalarBinary(op BinaryOp, z []float32, x float32, y []float32) {
	f := binaries[op]
	for i := range z {
		z[i] = f(x, y[i])
	}
}

func plainUnary(op UnaryOp, z, x []float32) {
	f := unaries[op]
	for i := range z {
		z[i] = f(x[i])
	}
}

// sumLanes is the number of sums that run side by side over a vector.
const sumLanes = 64

// tree adds the lanes: the upper half to the lower, and so on.
func tree(sums *[sumLanes]float32) float32 {
	for n := sumLanes / 2; n > 0; n /= 2 {
		for i := range n {
			sums[i] += sums[i+n]
		}
	}
	return sums[0]
}

func plainSum(x []float32) float32 {
	var sums [sumLanes]float32
	for i, v := range x {
		sums[i%sumLanes] += v
	}
	return tree(&sums)
}

func plainDot(x, y []float32) float32 {
	var sums [sumLanes]float32
	for i, v := range x {
		sums[i%sumLanes] += v * y[i]
	}
	return tree(&sums)
}

func plainMax(x []float32) float32 {
	m := float32(math.Inf(-1))
	for _, v := range x {
		m = max(m, v)
	}
	return m
}

func plainExpShifted(z, x []float32, shift float32) {
	for i, v := range x {
		z[i] = float32(math.Exp(float64(v - shift)))
	}
}

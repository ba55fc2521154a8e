package kernel

// Sum returns Σ x; 0 of nothing.
func Sum(x []float32) float32 {
	if t := inUse(); t != nil {
		return t.sum(len(x), first(x))
	}
	return plainSum(x)
}

// Max returns the largest of x, NaN if one is; −Inf of nothing.
func Max(x []float32) float32 {
	if t := inUse(); t != nil {
		return t.max(len(x), first(x))
	}
	return plainMax(x)
}

// Dot returns Σ x[i]·y[i] over the length of x.
func Dot(x, y []float32) float32 {
	y = y[:len(x)]
	if t := inUse(); t != nil {
		return t.dot(len(x), first(x), first(y))
	}
	return plainDot(x, y)
}

// Softmax computes z[i] = exp(x[i] − max x) / Σ_j exp(x[j] − max x) over the length of z. z may be x.
func Softmax(z, x []float32) {
	x = x[:len(z)]
	m := Max(x)
	if t := inUse(); t != nil {
		t.expShifted(len(z), first(z), first(x), m)
	} else {
		plainExpShifted(z, x, m)
	}
	BinaryScalar(OpMul, z, z, 1/Sum(z))
}

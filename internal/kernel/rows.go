package kernel

// Sum returns Σ x; 0 of nothing.
func Sum(x []float32) float32 { return plainSum(x) }

// Max returns the largest of x, NaN if one is; −Inf of nothing.
func Max(x []float32) float32 { return plainMax(x) }

// Dot returns Σ x[i]·y[i] over the length of x.
func Dot(x, y []float32) float32 { return plainDot(x, y[:len(x)]) }

// Softmax computes z[i] = exp(x[i] − max x) / Σ_j exp(x[j] − max x) over the length of z. z may be x.
func Softmax(z, x []float32) { plainSoftmax(z, x[:len(z)]) }

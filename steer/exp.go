package steer

import "math"

// expSmall returns e^x for x ≤ 0 with an absolute error of 1e-16, for sums that have a term near 1. math.Exp is exact
// also where e^x is tiny, but its assembly is hundreds of times slower on a thread that has run one of the engine's AVX-512
// kernels (they leave the upper halves of the registers dirty): a fifth of a second for one vocabulary. math.Expm1 is plain
// Go.
func expSmall(x float64) float64 { return math.Expm1(x) + 1 }

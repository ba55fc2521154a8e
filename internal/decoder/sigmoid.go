package decoder

import . "github.com/gomlx/gomlx/core/graph"

// sigmoid is 1/(1 + exp(−x)) elementwise, within two units in the last place. It takes expm1 rather than the logistic
// function of the backend: the Go backend computes that by math.Exp, whose assembly is a hundred times slower on a thread
// that has run one of its AVX-512 kernels (they leave the upper halves of the registers dirty), which made it the most
// expensive part of a batch. math.Expm1 is plain Go.
func sigmoid(x *Node) *Node { return Reciprocal(AddScalar(Expm1(Neg(x)), 2)) }

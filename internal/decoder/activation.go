package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

// activation returns c(g) of a gate act(g) = g·c(g), which both activations have, and how c changes in units of c·(1 − c):
//
//	SiLU       c = σ(g)                                                         1
//	GELU-tanh  c = ½(1 + tanh(√(2/π)(g + 0.044715 g³))) = σ(2√(2/π)(g + 0.044715 g³))   2√(2/π)(1 + 3·0.044715 g²)
//
// (Hendrycks and Gimpel, arXiv 1606.08415). A nil change is 1.
func activation(c Config, g *Node) (coefficient, change *Node) { // [R,F] → [R,F] twice
	if c.Activation == checkpoint.SiLU {
		return sigmoid(g), nil
	}
	const cubic = 0.044715
	slope := 2 * math.Sqrt(2/math.Pi)
	square := Mul(g, g)                                               // [R,F]
	inner := Mul(g, AddScalar(MulScalar(square, slope*cubic), slope)) // 2√(2/π)(g + 0.044715 g³)
	return sigmoid(inner), AddScalar(MulScalar(square, 3*slope*cubic), slope)
}

// sigmoid is 1/(1 + exp(−x)) elementwise, within two units in the last place. It takes expm1 rather than the logistic
// function of the backend: the Go backend computes that by math.Exp, whose assembly is a hundred times slower on a thread
// that has run one of its AVX-512 kernels (they leave the upper halves of the registers dirty), which made it the most
// expensive part of a batch. math.Expm1 is plain Go.
func sigmoid(x *Node) *Node { return Reciprocal(AddScalar(Expm1(Neg(x)), 2)) }

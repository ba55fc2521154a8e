package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// normed is what the backward pass of a norm needs of its forward pass.
type normed struct {
	scale *Node // s [R,D] with norm(x) = x·s
	unit  *Node // x/|x|, nearly: x·rsqrt(mean x² + eps)/√D [R,D]; only a differentiable norm needs it
}

// norm is root-mean-square normalization, y = x·w·rsqrt(mean x² + eps) (Zhang and Sennrich, arXiv 1910.07467, equation 4).
func norm(c Config, x, w *Node) (y *Node, n normed) { // x [R,D], w [1,D] → [R,D]
	x.AssertDims(-1, c.Width)
	w.AssertDims(1, c.Width)
	mean := MulScalar(ReduceSum(Mul(x, x), -1), 1/float64(c.Width)) // [R]
	r := InsertAxes(Reciprocal(Sqrt(AddScalar(mean, c.Eps))), -1)   // [R,1]
	n.scale = Mul(r, w)                                             // [R,D]
	n.unit = MulScalar(Mul(x, r), 1/math.Sqrt(float64(c.Width)))    // [R,D]
	return Mul(x, n.scale), n                                       // [R,D]
}

// back is the backward pass of norm.
//
// Norm rule (the LN-rule of Ali et al., arXiv 2202.07304, which RelP uses, arXiv 2508.21258): s is a constant, so
// gx = gy·s and ⟨gx, x⟩ = ⟨gy, y⟩: relevance is conserved.
//
// Without it gx = gy·s − x̂·⟨gy·s, x̂⟩: a norm does not see the length of x, so the part of the gradient along x goes.
func (n normed) back(rules Rules, g *Node) *Node { // [R,D] → [R,D]
	g.AssertDims(n.scale.Shape().Dimensions...)
	g = Mul(g, n.scale) // [R,D]
	if rules.Norm {
		return g
	}
	along := InsertAxes(ReduceSum(Mul(g, n.unit), -1), -1) // [R,1]
	return Sub(g, Mul(n.unit, along))                      // [R,D]
}

package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

// normed is what the backward pass of a norm needs of its forward pass; its zero value is that of no norm.
type normed struct {
	scale *Node // s [R,n] with norm(x) = x·s
	unit  *Node // x/|x|, nearly: x·r/√n [R,n]; only a differentiable norm needs it
	root  *Node // r = rsqrt(mean x² + eps) [R,1]
}

// norm is root-mean-square normalization of rows, y = x·w·rsqrt(mean x² + eps) (Zhang and Sennrich, arXiv 1910.07467,
// equation 4). Where a model has no such norm w is nil, and y is x.
func norm(c Config, x, w *Node) (y *Node, n normed) { // x [R,n], w [1,n] → [R,n]
	if w == nil {
		return x, n
	}
	width := w.Shape().Dim(1)
	x.AssertDims(-1, width)
	mean := MulScalar(ReduceSum(Mul(x, x), -1), 1/float64(width))     // [R]
	n.root = InsertAxes(Reciprocal(Sqrt(AddScalar(mean, c.Eps))), -1) // [R,1]
	n.scale = Mul(n.root, w)                                          // [R,n]
	n.unit = MulScalar(Mul(x, n.root), 1/math.Sqrt(float64(width)))   // [R,n]
	return Mul(x, n.scale), n                                         // [R,n]
}

// back is the backward pass of norm.
//
// Norm rule (the LN-rule of Ali et al., arXiv 2202.07304, which RelP uses, arXiv 2508.21258): s is a constant, so
// gx = gy·s and ⟨gx, x⟩ = ⟨gy, y⟩: relevance is conserved.
//
// Without it gx = gy·s − x̂·⟨gy·s, x̂⟩: a norm does not see the length of x, so the part of the gradient along x goes, but for
// what eps leaves: as ⟨x̂, x̂⟩ = 1 − eps·r², ⟨gx, x⟩ = eps·r²·⟨gy, y⟩.
func (n normed) back(constant bool, g *Node) *Node { // [R,n] → [R,n]
	if n.scale == nil {
		return g
	}
	g.AssertDims(n.scale.Shape().Dimensions...)
	g = Mul(g, n.scale) // [R,n]
	if constant {
		return g
	}
	along := InsertAxes(ReduceSum(Mul(g, n.unit), -1), -1) // [R,1]
	return Sub(g, Mul(n.unit, along))                      // [R,n]
}

// left returns what a differentiable norm leaves of the relevance of its output, eps·r²·⟨gy, y⟩.
func (n normed) left(c Config, relevance *Node) *Node { // [R,1] → [R,1]
	return Mul(relevance, MulScalar(Mul(n.root, n.root), c.Eps))
}

// normHeads norms queries or keys: of each head on its own, or of all heads together.
func normHeads(c Config, x, w *Node) (*Node, normed) { // [R, heads·C] → the same
	if w == nil || c.QKNorm != checkpoint.HeadQKNorm {
		return norm(c, x, w)
	}
	r, all := x.Shape().Dim(0), x.Shape().Dim(1)
	y, n := norm(c, Reshape(x, r*all/c.HeadDim, c.HeadDim), w) // [R·heads, C]
	return Reshape(y, r, all), n
}

// backHeads is the backward pass of normHeads.
func (n normed) backHeads(constant bool, g *Node) *Node { // [R, heads·C] → the same
	if n.scale == nil {
		return g
	}
	return Reshape(n.back(constant, Reshape(g, n.scale.Shape().Dimensions...)), g.Shape().Dimensions...)
}

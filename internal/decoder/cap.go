package decoder

import . "github.com/gomlx/gomlx/core/graph"

// softCap returns limit·tanh(x/limit) (Gemma 2, arXiv 2408.00118, section 2) and its slope 1 − tanh²(x/limit). With limit 0
// nothing is capped, and the slope is nil.
func softCap(x *Node, limit float64) (y, slope *Node) {
	if limit == 0 {
		return x, nil
	}
	t := Tanh(MulScalar(x, 1/limit))
	return MulScalar(t, limit), OneMinus(Mul(t, t))
}

// capFactor returns the gradient of a capped number y of x that a rule takes: its slope, or y/x held constant, with which
// relevance passes a cap as it passes an activation. Where x is 0 both are 1.
func capFactor(rules Rules, x, y, slope *Node) *Node {
	if !rules.Cap {
		return slope
	}
	zero := Equal(x, ZerosLike(x))
	return Where(zero, OnesLike(x), Div(y, Where(zero, OnesLike(x), x)))
}

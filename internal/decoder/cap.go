package decoder

import . "github.com/gomlx/gomlx/core/graph"

// softCap returns limit·tanh(u), u = x/limit (Gemma 2, arXiv 2408.00118, section 2), and its slope 1 − tanh²(u). With limit 0
// nothing is capped, and the slope is nil. The slope is 4/(E + 2 + 1/E) with E = exp 2|u|: where a cap saturates, 1 − tanh² has
// no digit left. E is made by expm1 for the reason that sigmoid gives.
func softCap(x *Node, limit float64) (y, slope *Node) {
	if limit == 0 {
		return x, nil
	}
	const flat = 40 // beyond it float32 has no slope, and E is too large to go on with
	u := MulScalar(x, 1/limit)
	e := AddScalar(Expm1(MulScalar(MinScalar(Abs(u), flat), 2)), 1)
	slope = MulScalar(Reciprocal(AddScalar(Add(e, Reciprocal(e)), 2)), 4)
	return MulScalar(Tanh(u), limit), slope
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

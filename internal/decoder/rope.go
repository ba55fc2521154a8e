package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// Tables are what positions contribute to attention, as nodes of a graph: the same for every layer.
type Tables struct {
	QCos, QSin *Node // [B,T,H,C], scaled by 1/√C, the scale of the attention scores
	KCos, KSin *Node // [B,T,K,C]
	Mask       *Node // [B·K, G·n, n]: 0 where a query may look, hidden elsewhere; n is T, or less where attention goes in blocks
}

// Hidden is what a mask adds to the score of a key that a query may not see. It is finite, so that no product with zero
// can become NaN, and so low that the softmax gives exactly 0.
const Hidden = -1e9

// RopeTable returns the cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864) for count positions from
// start on, repeated heads times a position and batch times in all: two arrays [batch, count, heads, C], times scale.
// Both halves of a head share the angles, as Llama's checkpoints order them.
func (c Config) RopeTable(batch, start, count, heads int, scale float64) (cos, sin []float32) {
	row := heads * c.HeadDim
	cos, sin = make([]float32, batch*count*row), make([]float32, batch*count*row)
	half := c.HeadDim / 2
	for t := range count {
		cr, sr := cos[t*row:][:row], sin[t*row:][:row]
		for i, f := range c.InvFreq {
			s, k := math.Sincos(float64(start+t) * f)
			for h := range heads {
				j := h*c.HeadDim + i
				cr[j], cr[j+half] = float32(k*scale), float32(k*scale)
				sr[j], sr[j+half] = float32(s*scale), float32(s*scale)
			}
		}
	}
	for b := 1; b < batch; b++ {
		copy(cos[b*count*row:], cos[:count*row])
		copy(sin[b*count*row:], sin[:count*row])
	}
	return cos, sin
}

// CausalMask returns the mask of B prompts of T positions: [B·K, G·T, T], Hidden where the key comes after the query.
func (c Config) CausalMask(batch, count int) []float32 {
	mask := make([]float32, batch*c.Heads*count*count)
	for i := range batch * c.Heads {
		for t := range count {
			row := mask[(i*count+t)*count:][:count]
			for u := t + 1; u < count; u++ {
				row[u] = Hidden
			}
		}
	}
	return mask
}

// turn rotates every pair (i, i+C/2) of the last axis by a quarter: (a, b) → (−b, a).
func turn(c Config, x *Node) *Node { // [B,T,heads,C] → [B,T,heads,C]
	half := c.HeadDim / 2
	a := Slice(x, AxisRange(), AxisRange(), AxisRange(), AxisRange(0, half)) // [B,T,heads,C/2]
	b := Slice(x, AxisRange(), AxisRange(), AxisRange(), AxisRange(half))    // [B,T,heads,C/2]
	return Concatenate([]*Node{Neg(b), a}, -1)                               // [B,T,heads,C]
}

// rope turns each pair of x by its position's angle.
func rope(c Config, x, cos, sin *Node) *Node { // [B,T,heads,C] each
	return Add(Mul(x, cos), Mul(turn(c, x), sin)) // [B,T,heads,C]
}

// ropeBack is the transpose of rope: the angles reversed.
func ropeBack(c Config, g, cos, sin *Node) *Node { // [B,T,heads,C] each
	return Sub(Mul(g, cos), turn(c, Mul(g, sin))) // [B,T,heads,C]
}

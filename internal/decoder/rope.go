package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// RopeTable returns the cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864) for count positions from
// start on, repeated heads times a position and batch times in all: two arrays [batch, count, heads, C], times scale.
// Both halves of a head share the angles, as Llama's checkpoints order them.
func RopeTable(r Rope, batch, start, count, heads int, scale float64) (cos, sin []float32) {
	half := len(r.InvFreq)
	width := 2 * half
	row := heads * width
	scale *= r.Scale
	cos, sin = make([]float32, batch*count*row), make([]float32, batch*count*row)
	for t := range count {
		cr, sr := cos[t*row:][:row], sin[t*row:][:row]
		for i, f := range r.InvFreq {
			s, k := math.Sincos(float64(start+t) * f)
			for h := range heads {
				j := h*width + i
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

package decoder

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// RopeTable returns the cosines and sines of the rotary embedding (Su et al., arXiv 2104.09864) of a position for each row,
// repeated heads times: two arrays [R, heads, C], times scale. Both halves of a head share the angles, as Llama's
// checkpoints order them.
func RopeTable(r Rope, positions []int, heads int, scale float64) (cos, sin []float32) {
	half := len(r.InvFreq)
	width := 2 * half
	row := heads * width
	scale *= r.Scale
	cos, sin = make([]float32, len(positions)*row), make([]float32, len(positions)*row)
	first := map[int]int{} // the row of a position
	for t, at := range positions {
		cr, sr := cos[t*row:][:row], sin[t*row:][:row]
		if u, ok := first[at]; ok {
			copy(cr, cos[u*row:])
			copy(sr, sin[u*row:])
			continue
		}
		first[at] = t
		for i, f := range r.InvFreq {
			s, k := math.Sincos(float64(at) * f)
			for h := range heads {
				j := h*width + i
				cr[j], cr[j+half] = float32(k*scale), float32(k*scale)
				sr[j], sr[j+half] = float32(s*scale), float32(s*scale)
			}
		}
	}
	return cos, sin
}

// turn rotates every pair (i, i+C/2) of the last axis by a quarter: (a, b) → (−b, a).
func turn(c Config, x *Node) *Node { // [R,heads,C] → [R,heads,C]
	half := c.HeadDim / 2
	a := Slice(x, AxisRange(), AxisRange(), AxisRange(0, half)) // [R,heads,C/2]
	b := Slice(x, AxisRange(), AxisRange(), AxisRange(half))    // [R,heads,C/2]
	return Concatenate([]*Node{Neg(b), a}, -1)                  // [R,heads,C]
}

// rope turns each pair of x by its position's angle.
func rope(c Config, x, cos, sin *Node) *Node { // [R,heads,C] each
	return Add(Mul(x, cos), Mul(turn(c, x), sin)) // [R,heads,C]
}

// ropeBack is the transpose of rope: the angles reversed.
func ropeBack(c Config, g, cos, sin *Node) *Node { // [R,heads,C] each
	return Sub(Mul(g, cos), turn(c, Mul(g, sin))) // [R,heads,C]
}

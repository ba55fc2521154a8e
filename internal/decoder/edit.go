package decoder

import (
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Edit is an intervention on the neurons of one layer as nodes of a graph: h' = clamp(h·Scale + Add, Lo, Hi). Each is
// [B',T',F] with B' 1 or B and T' 1 or T. The neutral value of Add is −0: x + (−0) is x bit for bit, x + 0 is not where
// x is −0.
type Edit struct {
	Scale, Add, Lo, Hi *Node
}

// edited is what the backward pass of an edit needs of its forward pass.
type edited struct {
	slope *Node // ∂h'/∂h = s·1[lo < h·s + a < hi] [R,F]
	rest  *Node // h' − slope·h [R,F], the part of h' that the edit put in as a constant
}

// apply returns h'. A nil edit leaves h as it is.
func (e *Edit) apply(b, t int, h *Node) (out *Node, d edited) { // [R,F] → [R,F]
	if e == nil {
		return h, d
	}
	f := h.Shape().Dim(1)
	h.AssertDims(b*t, f)
	x := Reshape(h, b, t, f)                                // [B,T,F]
	z := Add(Mul(x, e.Scale), e.Add)                        // [B,T,F]
	y := Min(Max(z, e.Lo), e.Hi)                            // [B,T,F]
	in := LogicalAnd(LessThan(e.Lo, z), LessThan(z, e.Hi))  // [B,T,F]
	slope := Mul(ConvertDType(in, dtypes.Float32), e.Scale) // [B,T,F]
	d.slope = Reshape(slope, b*t, f)                        // [R,F]
	d.rest = Reshape(Sub(y, Mul(slope, x)), b*t, f)         // [R,F]
	return Reshape(y, b*t, f), d
}

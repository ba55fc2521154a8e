package decoder

import (
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Edit is an intervention on one layer as nodes of a graph: on its neurons, h' = clamp(h·Scale + Add, Lo, Hi), and vectors
// added to the MLP's output and to the residual stream after the layer; and factors of the heads' outputs. B' is 1 or B and
// T' 1 or T. The neutral value of Add, MLP and Residual is −0: x + (−0) is x bit for bit, x + 0 is not where x is −0.
type Edit struct {
	Scale, Add, Lo, Hi *Node // [B',T',F]
	MLP, Residual      *Node // [B',T',D]
	Heads              *Node // [B',T',H]
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

// shift adds a vector of an edit to rows.
func shift(b, t int, x, v *Node) *Node { // [R,D], [B',T',D] → [R,D]
	d := x.Shape().Dim(1)
	return Reshape(Add(Reshape(x, b, t, d), v), b*t, d)
}

// spread repeats something of an edit for every prompt and position.
func spread(b, t int, v *Node) *Node { // [B',T',n] → [R,n]
	n := v.Shape().Dim(2)
	return Reshape(BroadcastToDims(v, b, t, n), b*t, n)
}

// onHeads multiplies the heads' outputs by the edit's factors.
func (e *Edit) onHeads(z *Node) *Node { return Mul(z, InsertAxes(e.Heads, -1)) } // [B,T,H,C] → the same

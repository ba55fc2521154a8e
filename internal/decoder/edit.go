package decoder

import (
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Edit is an intervention on one layer as nodes of a graph: on its neurons, h' = clamp(h·Scale + Add, Lo, Hi), and vectors
// added to the MLP's output and to the residual stream after the layer; and factors of the heads' outputs. R' is R, or 1 where
// it is the same for every row. The neutral value of Add, MLP and Residual is −0: x + (−0) is x bit for bit, x + 0 is not
// where x is −0.
//
// An edit may have stages, one after the other at each place of the layer. A stage may take directions out of the MLP's output
// and of the residual stream, before it adds its vectors, and with a gate it acts on those rows alone that pass.
type Edit struct {
	Scale, Add, Lo, Hi  *Node       // [R',F]
	MLP, Residual       *Node       // [R',D]
	Heads               *Node       // [R',H]
	HeadAdd             *Node       // added to the heads' outputs after the factors [R', H·C]; nil: nothing. No backward pass knows it
	OutMLP, OutResidual *Projection // nil: none
	Gate                *Condition  // nil: it acts on every row
	Next                *Edit       // the next stage; nil: there is none
}

// edited is what the backward pass of an edit needs of its forward pass.
type edited struct {
	slope *Node // ∂h'/∂h = s·1[lo < h·s + a < hi] [R,F]
	rest  *Node // h' − slope·h [R,F], the part of h' that the edit put in as a constant
}

// apply returns h'. A nil edit leaves h as it is.
func (e *Edit) apply(h *Node) (out *Node, d edited) { // [R,F] → [R,F]
	out = h
	for ; e != nil; e = e.Next {
		e.Gate.decide(AtNeurons, out)
		before := out
		z := Add(Mul(before, e.Scale), e.Add)                   // [R,F]
		in := LogicalAnd(LessThan(e.Lo, z), LessThan(z, e.Hi))  // [R,F]
		slope := Mul(ConvertDType(in, dtypes.Float32), e.Scale) // [R,F]
		out = e.Gate.choose(Min(Max(z, e.Lo), e.Hi), before)    // [R,F]
		if e.Gate != nil {
			slope = e.Gate.choose(slope, OnesLike(slope))
		}
		if d.slope != nil {
			slope = Mul(d.slope, slope)
		}
		d.slope = slope
	}
	if d.slope != nil {
		d.rest = Sub(out, Mul(d.slope, h)) // [R,F]
	}
	return out, d
}

// factors returns what the heads' outputs are multiplied by.
func (e *Edit) factors() (f *Node) { // → [R',H]
	for ; e != nil; e = e.Next {
		own := e.Heads
		if e.Gate != nil {
			own = spread(e.Gate.Open.Shape().Dim(0), own)
			own = e.Gate.choose(own, OnesLike(own)) // [R,H]
		}
		if f == nil {
			f = own
			continue
		}
		f = Mul(f, own)
	}
	return f
}

// At gives every row its part of an edit whose fields have a part for each kind of row; rows says which.
func (e *Edit) At(rows *Node) *Edit { // [R', ·] each, [R] → [R, ·] each
	return e.each(func(x *Node) *Node { return rowsOf(x, rows) }, func(open *Node) *Node { return open })
}

// each returns an edit with something done to each field, and something to what its gates have decided.
func (e *Edit) each(do, open func(*Node) *Node) *Edit {
	if e == nil {
		return nil
	}
	out := *e
	for _, f := range []**Node{&out.Scale, &out.Add, &out.Lo, &out.Hi, &out.MLP, &out.Residual, &out.Heads} {
		*f = do(*f)
	}
	if e.HeadAdd != nil {
		out.HeadAdd = do(e.HeadAdd)
	}
	for _, o := range []**Projection{&out.OutMLP, &out.OutResidual} {
		if *o != nil {
			*o = &Projection{Direction: do((*o).Direction), Times: do((*o).Times)}
		}
	}
	if g := e.Gate; g != nil {
		out.Gate = &Condition{Site: g.Site, Direction: do(g.Direction), Above: do(g.Above), Open: open(g.Open), Row: g.Row}
	}
	out.Next = e.Next.each(do, open)
	return &out
}

// spread repeats something of an edit for every row.
func spread(rows int, v *Node) *Node { return BroadcastToDims(v, rows, v.Shape().Dim(1)) } // [R',n] → [R,n]

// onHeads returns the heads' outputs as an edit leaves them; a nil edit leaves them as they are.
func (e *Edit) onHeads(c Config, z *Node) *Node { // [R, H·C] → [R, H·C]
	adds := false
	for stage := e; stage != nil; stage = stage.Next {
		adds = adds || stage.HeadAdd != nil
	}
	if e != nil && !adds {
		return onHeads(c, z, e.factors())
	}
	for ; e != nil; e = e.Next {
		to := onHeads(c, z, e.Heads)
		if e.HeadAdd != nil {
			to = Add(to, e.HeadAdd)
		}
		z = e.Gate.choose(to, z)
	}
	return z
}

// onHeads multiplies the heads' outputs, or their gradients, by factors.
func onHeads(c Config, z, factors *Node) *Node { // [R, H·C], [R',H] → [R, H·C]
	r := z.Shape().Dim(0)
	z = Mul(Reshape(z, r, c.Heads, c.HeadDim), InsertAxes(factors, -1)) // [R,H,C]
	return Reshape(z, r, c.queries())
}

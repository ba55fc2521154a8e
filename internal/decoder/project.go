package decoder

import "slices"

import . "github.com/gomlx/gomlx/core/graph"

// A Projection takes a direction u of length 1 out of what is at a place: y − k·u⟨y,u⟩. With k = 1 nothing of it is left.
type Projection struct {
	Direction *Node // u [R',D]; zeros take nothing
	Times     *Node // k [R',1]
}

// taken is a Projection as the backward pass needs it, its gate included.
type taken struct {
	u *Node // [R,D]
	k *Node // [R,1]; 0 where the gate is shut
}

// from takes it out of x.
func (o taken) from(x *Node) *Node { // [R,D] → [R,D]
	return Sub(x, Mul(o.u, Mul(o.k, row(Mul(x, o.u)))))
}

// vectors does what an edit does at the MLP's output, or at the residual stream. Of y' = M y + b it returns b, and M as the
// directions that were taken out, in order.
func (e *Edit) vectors(at ConditionSite, y *Node) (out, b *Node, outs []taken) { // [R,D] → [R,D] twice
	rows := y.Shape().Dim(0)
	for ; e != nil; e = e.Next {
		v, o := e.MLP, e.OutMLP
		if at == AtResidual {
			v, o = e.Residual, e.OutResidual
		}
		e.Gate.decide(at, y)
		before := y
		if o != nil {
			t := taken{spread(rows, o.Direction), e.Gate.orNone(spread(rows, o.Times))}
			outs = append(outs, t)
			if y = t.from(y); b != nil {
				b = t.from(b)
			}
		}
		y = e.Gate.choose(Add(y, v), before) // [R,D]
		if v = e.Gate.orNone(spread(rows, v)); b != nil {
			v = Add(b, v)
		}
		b = v // [R,D]
	}
	return y, b, outs
}

// outsBack is the backward pass of directions that were taken out.
func outsBack(outs []taken, g *Node) *Node { // [R,D] → [R,D]
	for _, out := range slices.Backward(outs) { // each is its own transpose
		g = out.from(g)
	}
	return g
}

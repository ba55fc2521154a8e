package decoder

import (
	"math"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// A ConditionSite is where a gate reads.
type ConditionSite int

// The sites of gates, in the order in which a layer computes them. A gate reads what is there before its own stage acts.
const (
	AtNeurons  ConditionSite = iota // [R,F]
	AtMLP                           // [R,D]
	AtResidual                      // [R,D]
)

// A Condition says on which rows a stage of an edit acts: where ⟨x, Direction⟩ was above Above when it last decided. It is asked in
// every layer. Where Above is +∞ it decides nothing there, and what it decided in a layer below holds on.
//
// A step has no slope, so that backward the gate is a constant: of what it reads nothing is scored.
type Condition struct {
	Site      ConditionSite
	Direction *Node // [R',F] or [R',D]
	Above     *Node // [R',1]
	Open      *Node // 1 where it is open, else 0 [R,1]: before the layer, and by and by after it
	Row       *Node // of each row the one that decides for it [R]; nil: it does so itself
}

// decide reads x if the gate is of this site.
func (g *Condition) decide(at ConditionSite, x *Node) { // [R,D] or [R,F]
	if g == nil || g.Site != at {
		return
	}
	rows := x.Shape().Dim(0)
	p := row(Mul(x, g.Direction)) // [R,1]
	above := spread(rows, g.Above)
	open := ConvertDType(GreaterThan(p, above), dtypes.Float32) // [R,1]
	if g.Row != nil {
		open = rowsOf(open, g.Row)
	}
	silent := Equal(above, BroadcastToDims(Scalar(x.Graph(), dtypes.Float32, math.Inf(1)), rows, 1))
	g.Open = Where(silent, g.Open, open)
	g.Open.AssertDims(rows, 1)
}

// decided takes over what the gates of an edit have decided, which is this one or what went on of it.
func (e *Edit) decided(of *Edit) {
	for ; e != nil; e, of = e.Next, of.Next {
		if e.Gate != nil {
			e.Gate.Open = of.Gate.Open
		}
	}
}

// choose takes yes where the gate is open, and no elsewhere. A nil gate is open.
func (g *Condition) choose(yes, no *Node) *Node { // [R,n] twice → [R,n]
	if g == nil {
		return yes
	}
	d := no.Shape().Dimensions
	open := BroadcastToDims(GreaterThan(g.Open, ZerosLike(g.Open)), d...) // [R,n]
	return Where(open, BroadcastToDims(yes, d...), no)
}

// orNone takes x where the gate is open, and zeros elsewhere.
func (g *Condition) orNone(x *Node) *Node { // [R,n] → [R,n]
	if g == nil {
		return x
	}
	return g.choose(x, ZerosLike(x))
}

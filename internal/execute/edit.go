package execute

import (
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// compose returns all interventions as one edit of a prompt of length positions, the first being a real BOS or not, and one of
// every position after it; nil for none. Of neurons each intervention is affine with bounds, and such functions are closed under
// composition, so one pair of scale and offset with one pair of bounds holds them all. Those under another condition, and
// directions that are taken out after something was added, make a stage of their own.
func compose(shape engine.Shape, is []message.Intervention, length int, bos bool) (prompt, generated *engine.Edit) {
	rows := 1
	if byPosition(is, bos) {
		rows = length
	}
	p, g := &sheet{shape: shape, t: rows}, &sheet{shape: shape, t: 1}
	for _, i := range is {
		if i.Scope != message.GeneratedOnly {
			p.apply(i, length, bos)
		} else if i.Gate != nil && i.Gate.Prompt { // the prompt decides for what follows it
			p.stage(message.Intervention{Op: message.OpSet, Gate: i.Gate}).touched = true
		}
		if i.Scope != message.PromptOnly {
			g.apply(i, 0, false)
		}
	}
	return p.edit(), g.edit()
}

// byPosition reports whether interventions do different things at different positions of a prompt, the first being a real BOS or
// not.
func byPosition(is []message.Intervention, bos bool) bool {
	return slices.ContainsFunc(is, func(i message.Intervention) bool {
		return i.Scope != message.GeneratedOnly && (i.Positions != nil || i.Rows > 1 || i.SkipBOS && bos)
	})
}

// sheet is an edit under construction: one row for all positions, or one for each.
type sheet struct {
	shape                             engine.Shape
	t                                 int
	scale, add, lo, hi, mlp, residual []float32
	heads                             []float32 // [1,L,t,H]; nil: 1
	headAdd                           []float32 // [1,L,t,H·C]; nil: nothing
	hasScale, hasAdd, hasLo, touched  bool

	outMLP, outResidual []float32 // [1,L,t,D]
	stages
}

func filled(n int, x float32) []float32 {
	s := make([]float32, n)
	for i := range s {
		s[i] = x
	}
	return s
}

// prepare allocates the neurons' part.
func (s *sheet) prepare() {
	if s.scale == nil {
		n := s.shape.Layers * s.t * s.shape.Neurons // [1,L,T,F]
		negZero := float32(math.Copysign(0, -1))    // the neutral offset: x + (−0) is x bit for bit
		s.scale, s.add = filled(n, 1), filled(n, negZero)
		s.lo, s.hi = filled(n, float32(math.Inf(-1))), filled(n, float32(math.Inf(1)))
	}
	s.touched = true
}

// apply adds one intervention; length is 0 for the positions after the prompt.
func (s *sheet) apply(i message.Intervention, length int, bos bool) {
	if i.Nothing() {
		return
	}
	s = s.stage(i)
	from := 0
	if i.SkipBOS && bos && s.t > 1 {
		from = 1
	}
	if i.SkipBOS && bos && s.t == 1 && length == 1 {
		return // the prompt is BOS alone
	}
	switch i.Op {
	case message.OpProjectMLP:
		s.outMLP = s.vector(s.outMLP, units(s.shape, i.Values), from)
	case message.OpProjectResidual:
		s.outResidual = s.vector(s.outResidual, units(s.shape, i.Values), from)
	case message.OpMLP:
		s.mlp = s.vector(s.mlp, i.Values, from)
	case message.OpResidual:
		s.residual = s.vector(s.residual, i.Values, from)
	case message.OpAddEach:
		for k, x := range i.Values {
			for t := from; x != 0 && t < s.t; t++ { // zero is no change, and v − v none at all
				s.prepare()
				s.plus(s.at(engine.Neuron{Layer: k / s.shape.Neurons, Index: k % s.shape.Neurons}, t), x)
			}
		}
	default:
		for k, n := range i.Neurons {
			for t := from; t < s.t; t++ {
				if i.Positions == nil || i.Positions[k] < 0 || (length > 0 && i.Positions[k] == t) {
					if n.Head {
						s.scaleHead(n, t, float32(i.X))
						continue
					}
					s.prepare()
					s.change(i, k, n, t, length)
				}
			}
		}
	}
}

// scaleHead multiplies a head's output at row t by x.
func (s *sheet) scaleHead(n engine.Neuron, t int, x float32) {
	if s.heads == nil {
		s.heads = filled(s.shape.Layers*s.t*s.shape.Heads, 1)
	}
	if j := (n.Layer*s.t+t)*s.shape.Heads + n.Index; x == 0 { // 0·∞ is no number
		s.heads[j] = 0
	} else {
		s.heads[j] *= x
	}
	s.touched = true
}

// addHead adds values [C] to a head's output at row t.
func (s *sheet) addHead(n engine.Neuron, t int, values []float32) {
	H, C := s.shape.Heads, s.shape.HeadDim
	if s.headAdd == nil {
		s.headAdd = filled(s.shape.Layers*s.t*H*C, float32(math.Copysign(0, -1)))
	}
	to := s.headAdd[((n.Layer*s.t+t)*H+n.Index)*C:][:C]
	for k, x := range values {
		to[k] += x
	}
	s.touched = true
}

func (s *sheet) at(n engine.Neuron, t int) int { return (n.Layer*s.t+t)*s.shape.Neurons + n.Index }

// change applies i to its k-th neuron at row t.
func (s *sheet) change(i message.Intervention, k int, n engine.Neuron, t, length int) {
	j := s.at(n, t)
	switch i.Op {
	case message.OpScale:
		s.times(j, float32(i.X))
	case message.OpAdd:
		s.plus(j, float32(i.X))
	case message.OpSet:
		s.set(j, float32(i.X))
	case message.OpClamp:
		lo, hi := float32(math.Inf(-1)), float32(math.Inf(1))
		if i.Lo != nil {
			lo = float32(*i.Lo)
		}
		if i.Hi != nil {
			hi = float32(*i.Hi)
		}
		s.lo[j], s.hi[j] = min(max(s.lo[j], lo), hi), min(max(s.hi[j], lo), hi)
		s.hasLo = true
	case message.OpValues:
		row := 0
		if i.Rows > 1 {
			row = i.Rows - length + t // aligned from the end
		}
		if row >= 0 && (i.Rows == 1 || length > 0) {
			s.set(j, i.Values[k*i.Rows+row])
		}
	}
}

func (s *sheet) times(j int, x float32) {
	s.hasScale = true
	if x == 0 { // 0·∞ is no number; whatever was there is gone
		s.set(j, 0)
		return
	}
	s.scale[j] *= x
	s.add[j] *= x
	s.lo[j] *= x
	s.hi[j] *= x
	if x < 0 {
		s.lo[j], s.hi[j] = s.hi[j], s.lo[j]
	}
}

func (s *sheet) plus(j int, x float32) {
	s.hasAdd = true
	s.add[j] += x
	s.lo[j] += x
	s.hi[j] += x
}

func (s *sheet) set(j int, x float32) {
	s.hasScale, s.hasAdd = true, s.hasAdd || x != 0
	s.scale[j], s.add[j], s.lo[j], s.hi[j] = 0, x, float32(math.Inf(-1)), float32(math.Inf(1))
}

// vector adds v [L,D], which is not zero, to the rows of a part [1,L,T,D].
func (s *sheet) vector(part []float32, v message.Numbers, from int) []float32 {
	L, D := s.shape.Layers, s.shape.Width
	if part == nil {
		part = make([]float32, L*s.t*D)
	}
	for l := range L {
		for t := from; t < s.t; t++ {
			for d := range D {
				part[(l*s.t+t)*D+d] += v[l*D+d]
			}
		}
	}
	s.touched = true
	return part
}

// edit returns what the engine takes, neutral parts left out; nil where nothing is changed.
func (s *sheet) edit() *engine.Edit {
	for at := s; at != nil; at = at.next {
		if at.touched {
			return s.chain()
		}
	}
	return nil
}

// chain returns this stage and those after it.
func (s *sheet) chain() *engine.Edit {
	if s == nil {
		return nil
	}
	e := &engine.Edit{B: 1, T: s.t, MLP: s.mlp, Residual: s.residual, Heads: s.heads, HeadAdd: s.headAdd, OutMLP: s.outMLP, OutResidual: s.outResidual,
		Times: s.portion, Gate: gateOf(s.gate), Next: s.next.chain()}
	if s.hasScale {
		e.Scale = s.scale
	}
	if s.hasAdd {
		e.Add = s.add
	}
	if s.hasLo {
		e.Lo, e.Hi = s.lo, s.hi
	}
	return e
}

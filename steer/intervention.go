package steer

import (
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// An Intervention is one change to a running model: to the neurons of a circuit, or a vector added to the residual stream.
// It is an immutable value that belongs to a request; the model itself is never changed. Several on one task compose in
// the order given.
//
//	m.Generate(text).With(steer.Ablate(praise), steer.AddVector(cheer, .5).GeneratedOnly())
type Intervention struct {
	op        string
	circuit   Circuit
	vector    Vector
	from      Activations
	x, lo, hi float64
	scope     string
	skipBOS   bool
	positions bool
}

// Ablate sets the circuit's neurons to zero: Scale by 0.
func Ablate(c Circuit) Intervention { return Scale(c, 0) }

// Scale multiplies the circuit's neurons by x. It is the same as scaling their columns of W_down.
func Scale(c Circuit, x float64) Intervention {
	return Intervention{op: message.OpScale, circuit: c, x: x, scope: message.Everywhere}
}

// SetTo gives the circuit's neurons the activation x.
func SetTo(c Circuit, x float64) Intervention {
	return Intervention{op: message.OpSet, circuit: c, x: x, scope: message.Everywhere}
}

// AddTo adds x to the activation of the circuit's neurons.
func AddTo(c Circuit, x float64) Intervention {
	return Intervention{op: message.OpAdd, circuit: c, x: x, scope: message.Everywhere}
}

// Clamp keeps the activation of the circuit's neurons within [lo, hi]; an infinity is no bound.
func Clamp(c Circuit, lo, hi float64) Intervention {
	return Intervention{op: message.OpClamp, circuit: c, lo: lo, hi: hi, scope: message.Everywhere}
}

// ToMean sets the circuit's neurons to their mean activation, one number for each neuron (Model.MeanActivations).
func ToMean(c Circuit, mean Activations) Intervention {
	return Intervention{op: message.OpValues, circuit: c, from: mean, x: 1, scope: message.Everywhere}
}

// Transplant sets the circuit's neurons to what they were on another prompt (Model.Capture with Neurons), position by
// position, aligned from the end. Positions before the other prompt's beginning are left alone, and so is new text.
func Transplant(c Circuit, from Activations) Intervention {
	return Intervention{op: message.OpValues, circuit: c, from: from, scope: message.PromptOnly}
}

// AddVector adds x times the vector where it was taken: to the residual stream after each of its layers, to the MLPs'
// outputs, or to the neurons.
func AddVector(v Vector, x float64) Intervention {
	return Intervention{op: message.OpResidual, vector: v, x: x, scope: message.Everywhere}
}

// PromptOnly limits the intervention to the positions of the prompt.
func (i Intervention) PromptOnly() Intervention { i.scope = message.PromptOnly; return i }

// GeneratedOnly limits the intervention to the positions of the new text.
func (i Intervention) GeneratedOnly() Intervention { i.scope = message.GeneratedOnly; return i }

// SkipBOS leaves out a real BOS.
func (i Intervention) SkipBOS() Intervention { i.skipBOS = true; return i }

// AtPositions limits the intervention to the positions of the circuit's entries, which TopEntries records; entries
// without a position hold everywhere.
func (i Intervention) AtPositions() Intervention { i.positions = true; return i }

// with returns a longer list; the old one is never shared.
func with(is []Intervention, more ...Intervention) []Intervention {
	return append(slices.Clone(is), more...)
}

// unbounded reports whether a bound of Clamp is none.
func unbounded(x float64) bool { return math.IsInf(x, 0) }

package steer

import (
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// An Intervention is one change to a running model: to the neurons of a circuit, or a vector that is added to the residual
// stream or taken out of it, everywhere or where a condition holds.
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
	gate      *gating
}

// gating is the condition of an intervention.
type gating struct {
	probe  Vector
	above  float64
	prompt bool
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

// ProjectOut takes x times a direction out of what is where the vector was taken, the residual stream after each of its layers or
// the MLPs' outputs: h − x·u⟨h,u⟩, u = v/‖v‖ (directional ablation: Arditi et al., arXiv 2406.11717, equation 4). With x = 1
// nothing of the direction is left, 0 leaves everything, 2 mirrors it. The length of v does not matter, so v and 3v do the
// same; a layer in which v is zero is left alone. A vector of neurons is refused: ablate them.
func ProjectOut(v Vector, x float64) Intervention {
	return Intervention{op: message.OpProjectResidual, vector: v, x: x, scope: message.Everywhere}
}

// When limits the intervention to the positions where the projection on a probe, ⟨h,u⟩ with u = v/‖v‖, is above a number: h is
// what is at the probe's space in the last layer so far that it has (conditional activation steering: Lee et al., arXiv
// 2409.05907, which compares by cosine). A linear probe w·h + b > 0 is When(w, −b/‖w‖); v.Scale(-1) asks for the other side.
// Each position decides for itself, of new text each step; ByPrompt lets the prompt decide. The intervention must not act
// before the probe's first layer: that is an error. Backward the condition counts as a constant.
//
//	m.Generate(text).With(steer.AddVector(calm.Layers(4, -1), 1).When(anger.Layers(4, 4), 12))
func (i Intervention) When(v Vector, above float64) Intervention {
	i.gate = &gating{probe: v, above: above, prompt: i.gate != nil && i.gate.prompt}
	return i
}

// ByPrompt lets the last position of a prompt decide the condition of When, for all of the prompt and for the new text.
func (i Intervention) ByPrompt() Intervention {
	g := gating{prompt: true, above: math.NaN()}
	if i.gate != nil {
		g.probe, g.above = i.gate.probe, i.gate.above
	}
	i.gate = &g
	return i
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

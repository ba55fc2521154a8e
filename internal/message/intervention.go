package message

import (
	"errors"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Intervention is one change as it stands in a request: neurons as values, never a circuit's name.
type Intervention struct {
	Op        string          `json:"op"`
	Neurons   []engine.Neuron `json:"neurons,omitempty"`   // sorted; heads are scaled alone
	Positions []int           `json:"positions,omitempty"` // of each neuron: the same length, −1 everywhere; absent: all −1
	X         float64         `json:"x"`
	Lo        *float64        `json:"lo,omitempty"` // clamp; absent: no bound
	Hi        *float64        `json:"hi,omitempty"`
	Values    Numbers         `json:"values,omitempty"` // values [neurons,Rows]; vectors and directions [L,D]; add-each [L,F]
	Rows      int             `json:"rows,omitempty"`   // values: positions from the end; 1: the same everywhere
	Scope     string          `json:"scope"`
	SkipBOS   bool            `json:"skipBOS,omitempty"`
	Gate      *Gate           `json:"gate,omitempty"` // absent: it acts whatever there is
}

// CheckInterventions reports what a message asks that this version or this model cannot do.
func CheckInterventions(shape engine.Shape, is []Intervention) error {
	var errs []error
	for _, i := range is {
		errs = append(errs, i.check(shape))
	}
	return errors.Join(errs...)
}

func (i Intervention) check(shape engine.Shape) error {
	bad := func(format string, args ...any) error {
		return engine.Mistake(engine.BadRequest, format, args...).Try(engine.TryOneVersion)
	}
	if !slices.Contains([]string{Everywhere, PromptOnly, GeneratedOnly}, i.Scope) {
		return bad("unknown scope %q of an intervention", i.Scope)
	}
	if !Finite(i.X) || FirstNotFinite(i.Values) >= 0 {
		return bad("an intervention with a number that is not finite")
	}
	if i.Positions != nil && len(i.Positions) != len(i.Neurons) {
		return bad("an intervention with %d positions for %d neurons", len(i.Positions), len(i.Neurons))
	}
	want := 0
	switch i.Op {
	case OpScale, OpSet, OpAdd, OpClamp:
	case OpValues:
		if want = len(i.Neurons) * i.Rows; i.Rows < 1 || want/i.Rows != len(i.Neurons) {
			return bad("an intervention with %d rows of values", i.Rows)
		}
	case OpMLP, OpResidual, OpProjectMLP, OpProjectResidual:
		want = shape.Layers * shape.Width
	case OpAddEach:
		want = shape.Layers * shape.Neurons
	default:
		return bad("unknown intervention %q", i.Op)
	}
	if len(i.Values) != want && (want > 0 || len(i.Values) > 0) {
		return engine.Mistake(engine.ModelMismatch, "an intervention has %d numbers, this model needs %d", len(i.Values), want).
			Try("use a vector or activations of this model")
	}
	return errors.Join(CheckScalable(i.Op, i.Neurons), CheckNeurons(shape, i.Neurons), i.checkGate(shape))
}

// Nothing reports an intervention that changes nothing: a vector of zeros, or nothing of a direction.
func (i Intervention) Nothing() bool {
	switch i.Op {
	case OpProjectMLP, OpProjectResidual:
		if float32(i.X) == 0 {
			return true
		}
	case OpMLP, OpResidual, OpAddEach:
	default:
		return false
	}
	return !slices.ContainsFunc(i.Values, func(x float32) bool { return x != 0 })
}

// CheckScalable reports an operation that is none of attention heads: the output of a head is many numbers, which a factor
// scales and 0 ablates.
func CheckScalable(op string, ns []engine.Neuron) error {
	if i := slices.IndexFunc(ns, IsHead); i >= 0 && op != OpScale {
		return engine.Mistake(engine.BadSetting, "%v is an attention head, whose output is many numbers; it can only be scaled or ablated", ns[i]).
			Try("use Scale or Ablate, or leave heads out: circuit.Minus(circuit.Heads())")
	}
	return nil
}

// The operations of a request.
const (
	OpScale    = "scale"    // h·x, of heads z·x
	OpSet      = "set"      // x
	OpAdd      = "add"      // h + x
	OpClamp    = "clamp"    // min(max(h, lo), hi)
	OpValues   = "values"   // a number for each neuron, or for each neuron and position from the end
	OpMLP      = "mlp"      // MLP output + vector
	OpResidual = "residual" // residual stream after the layer + vector
	OpAddEach  = "add-each" // h + a number for each neuron of the model

	OpProjectMLP      = "project-mlp"      // MLP output y − X·u⟨y,u⟩, u being the vector at length 1
	OpProjectResidual = "project-residual" // the same of the residual stream after the layer
)

// Scopes of an intervention: the tokens that it acts on.
const (
	Everywhere    = "all"
	PromptOnly    = "prompt"
	GeneratedOnly = "generated"
)

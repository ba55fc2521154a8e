package message

import (
	"cmp"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ByPlace orders neurons by layer and index; the heads of a layer come after its neurons.
func ByPlace(a, b engine.Neuron) int {
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(kind(a), kind(b)), cmp.Compare(a.Index, b.Index))
}

func kind(n engine.Neuron) int {
	if n.Head {
		return 1
	}
	return 0
}

// IsHead reports whether a unit of a circuit is an attention head.
func IsHead(n engine.Neuron) bool { return n.Head }

// CheckNeurons reports neurons and heads that this model does not have.
func CheckNeurons(shape engine.Shape, ns []engine.Neuron) error {
	for _, n := range ns {
		if !shape.Has(n) {
			return Outside(shape, n)
		}
	}
	return nil
}

// Outside is the mistake of a neuron or head that a model does not have.
func Outside(shape engine.Shape, n engine.Neuron) *engine.Error {
	what, each := "neuron", "neurons"
	if n.Head {
		what, each = "head", "heads"
	}
	return engine.Mistake(engine.ModelMismatch, "%s %v is outside this model of %d layers with %d %s each", what, n, shape.Layers, shape.Units(n.Head), each).
		Try("use a circuit that was found on this model")
}

// WithoutHeads reports heads where only MLP neurons mean anything; why says what heads do not have.
func WithoutHeads(ns []engine.Neuron, why string) error {
	if i := slices.IndexFunc(ns, IsHead); i >= 0 {
		return engine.Mistake(engine.BadSetting, "%v is an attention head, and %s", ns[i], why).Try("leave heads out: circuit.Minus(circuit.Heads())")
	}
	return nil
}

package message

import (
	"cmp"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ByPlace orders neurons by layer and index.
func ByPlace(a, b engine.Neuron) int {
	return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.Index, b.Index))
}

// CheckNeurons reports neurons that this model does not have.
func CheckNeurons(shape engine.Shape, ns []engine.Neuron) error {
	for _, n := range ns {
		if n.Layer < 0 || n.Layer >= shape.Layers || n.Index < 0 || n.Index >= shape.Neurons {
			return engine.Mistake(engine.ModelMismatch, "neuron %v is outside this model of %d layers with %d neurons each", n, shape.Layers, shape.Neurons).
				Try("use a circuit that was found on this model")
		}
	}
	return nil
}

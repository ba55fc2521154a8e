package engine

import (
	"fmt"
)

// A Neuron is a unit of a circuit: an MLP neuron, one input of its layer's down_proj, or with Head an attention head, whose
// output z is its part of o_proj's input. Layers and indices count from 0.
type Neuron struct {
	Layer int  `json:"layer"`
	Index int  `json:"index"`
	Head  bool `json:"head,omitempty"` // an attention head
}

// String returns a neuron as L23/N8079, a head as L5/H3.
func (n Neuron) String() string {
	if n.Head {
		return fmt.Sprintf("L%d/H%d", n.Layer, n.Index)
	}
	return fmt.Sprintf("L%d/N%d", n.Layer, n.Index)
}

// Units returns how many neurons a layer has, or heads.
func (s Shape) Units(heads bool) int {
	if heads {
		return s.Heads
	}
	return s.Neurons
}

// Has reports whether a model of these sizes has the neuron or head.
func (s Shape) Has(n Neuron) bool {
	return n.Layer >= 0 && n.Layer < s.Layers && n.Index >= 0 && n.Index < s.Units(n.Head)
}

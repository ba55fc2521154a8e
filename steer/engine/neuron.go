package engine

import (
	"fmt"
)

// A Neuron is one input of a layer's down_proj: a layer and an index in it, both from 0.
type Neuron struct {
	Layer int `json:"layer"`
	Index int `json:"index"`
}

// String returns the neuron as L23/N8079.
func (n Neuron) String() string { return fmt.Sprintf("L%d/N%d", n.Layer, n.Index) }

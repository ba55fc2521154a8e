package steer

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// An Entry is a neuron or head of a circuit with its score, at one position or, with Position −1, summed over positions.
type Entry struct {
	Neuron
	Position int     `json:"position"`
	Score    float64 `json:"score"` // in logits
}

// units counts neurons and heads for people: "1 neuron", "2 heads", "3 neurons and 1 head".
func units(ns []Neuron) string {
	heads := 0
	for _, n := range ns {
		heads += count(n.Head)
	}
	switch {
	case heads == 0:
		return several(len(ns), "neuron")
	case heads == len(ns):
		return several(heads, "head")
	}
	return several(len(ns)-heads, "neuron") + " and " + several(heads, "head")
}

// several counts things for people: 1 neuron, 20 neurons.
func several(n int, of string) string {
	n, of = message.Counted(n, of+"s")
	return fmt.Sprintf("%d %s", n, of)
}

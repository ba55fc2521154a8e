package steer

import "fmt"

// An Entry is a neuron or head of a circuit with its score, at one position or, with Position −1, summed over positions.
type Entry struct {
	Neuron
	Position int     `json:"position"`
	Score    float64 `json:"score"` // in logits
}

// units counts neurons and heads for people: "3 neurons", "2 heads", "3 neurons and 2 heads".
func units(ns []Neuron) string {
	heads := 0
	for _, n := range ns {
		heads += count(n.Head)
	}
	switch {
	case heads == 0:
		return fmt.Sprintf("%d neurons", len(ns))
	case heads == len(ns):
		return fmt.Sprintf("%d heads", heads)
	}
	return fmt.Sprintf("%d neurons and %d heads", len(ns)-heads, heads)
}

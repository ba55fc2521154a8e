package steer

// An Entry is a neuron of a circuit with its score, at one position or, with Position −1, summed over positions.
type Entry struct {
	Neuron
	Position int     `json:"position"`
	Score    float64 `json:"score"` // in logits
}

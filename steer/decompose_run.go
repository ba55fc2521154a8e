package steer

// A GreedyStep is a neuron that a greedy choice added, and the R² of all that are chosen up to it.
type GreedyStep struct {
	Neuron
	R2 float64 `json:"r2"`
}

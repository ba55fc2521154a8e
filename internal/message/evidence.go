package message

import (
	"encoding/json"
	"errors"
	"strconv"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// EvidenceSettings asks what is kept about a circuit. Whoever keeps results answers it; where nobody does there is none.
type EvidenceSettings struct {
	Neurons []engine.Neuron `json:"neurons"` // the circuit: distinct, sorted
	Scores  []float64       `json:"scores"`  // of each, over positions; the sign of their sum says which way the circuit goes
	Cases   []SweepCase     `json:"cases"`   // the examples that the behavior is tested on; none: all that were
	Found   []string        `json:"found"`   // the prompts that the circuit was found on; null: not known
}

// Kind implements Settings.
func (EvidenceSettings) Kind() Kind { return Kind{"evidence", "verdict", 1} }

// Fits implements Fitting.
func (s EvidenceSettings) Fits(shape engine.Shape) error { return CheckNeurons(shape, s.Neurons) }

// Check implements Settings.
func (s EvidenceSettings) Check() error {
	var errs []error
	if len(s.Neurons) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "the circuit is empty, so there is nothing to judge").Try("select some neurons, e.g. TopK(20)"))
	}
	for i, n := range s.Neurons {
		if i > 0 && ByPlace(s.Neurons[i-1], n) >= 0 {
			errs = append(errs, engine.Mistake(engine.BadRequest, "the neuron %v comes after %v", n, s.Neurons[i-1]).Try(engine.TryOneVersion))
			break
		}
	}
	if len(s.Scores) != len(s.Neurons) {
		errs = append(errs, engine.Mistake(engine.BadRequest, "%d scores for %d neurons", len(s.Scores), len(s.Neurons)).Try(engine.TryOneVersion))
	}
	if len(s.Cases) > 0 {
		errs = append(errs, SweepSettings{Cases: s.Cases}.checkCases())
	}
	return errors.Join(errs...)
}

// Total returns the sum of the scores; 0 where they are not known.
func (s EvidenceSettings) Total() float64 {
	sum := 0.
	for _, x := range s.Scores {
		sum += x
	}
	return sum
}

// EvidenceBody is records about a circuit, in the order of their addresses. The tensors of the i-th stand under the names that
// KeptName gives.
type EvidenceBody struct {
	Kept []KeptRecord `json:"kept"`
}

// A KeptRecord is a record but for its tensors.
type KeptRecord struct {
	Header json.RawMessage  `json:"header"`
	Sizes  map[string][]int `json:"sizes"` // of its tensors
}

// KeptName is the name of a tensor of the i-th record.
func KeptName(i int, name string) string { return strconv.Itoa(i) + "/" + name }

// Tensors implements Body.
func (b *EvidenceBody) Tensors() map[string][]int {
	out := map[string][]int{}
	for i, r := range b.Kept {
		for name, size := range r.Sizes {
			out[KeptName(i, name)] = size
		}
	}
	return out
}

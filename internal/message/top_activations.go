package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TopActivationsSettings is the question where neurons act as a message.
type TopActivationsSettings struct {
	Neurons []engine.Neuron `json:"neurons"`
	Texts   []Prompt        `json:"texts"`
	Edits   []Intervention  `json:"edits"`
}

// Fits implements Fitting.
func (s TopActivationsSettings) Fits(shape engine.Shape) error {
	return errors.Join(CheckNeurons(shape, s.Neurons), CheckInterventions(shape, s.Edits))
}

// Kind implements Settings.
func (TopActivationsSettings) Kind() Kind { return Kind{"top-activations", "top activations", 1} }

// Check implements Settings.
func (s TopActivationsSettings) Check() error {
	errs := []error{checkTexts(s.Texts)}
	if len(s.Neurons) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "there is no neuron").Try("select some, e.g. TopK(20)"))
	}
	errs = append(errs, WithoutHeads(s.Neurons, "its output is no single activation"))
	return errors.Join(errs...)
}

// TopActivationsBody is the part of the record of the question where neurons act that is not tensors.
type TopActivationsBody struct {
	Neurons []engine.Neuron  `json:"neurons"`
	Texts   [][]engine.Token `json:"texts"`
	BOS     []bool           `json:"bos"` // which texts begin with a real BOS
}

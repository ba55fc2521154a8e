package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// WritesSettings is the question what neurons write as a message.
type WritesSettings struct {
	Neurons []engine.Neuron `json:"neurons"`
	Top     int             `json:"top"`
}

// Fits implements Fitting.
func (s WritesSettings) Fits(shape engine.Shape) error { return CheckNeurons(shape, s.Neurons) }

// Kind implements Settings.
func (WritesSettings) Kind() Kind { return Kind{"writes", "writes", 1} }

// Check implements Settings.
func (s WritesSettings) Check() error {
	var errs []error
	if s.Top < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	if len(s.Neurons) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "there is no neuron").Try("select some, e.g. TopK(20)"))
	}
	errs = append(errs, WithoutHeads(s.Neurons, "it writes no one direction: what it writes depends on where it looks"))
	return errors.Join(errs...)
}

// WritesBody is the part of the record of the question what neurons write that is not tensors.
type WritesBody struct {
	Written []Written `json:"written"`
}

// Written is what one neuron writes.
type Written struct {
	engine.Neuron
	Norm     float64    `json:"norm"`     // of W_down[:,n]
	Promoted []Weighted `json:"promoted"` // largest weight first
	Demoted  []Weighted `json:"demoted"`  // smallest weight first
}

// Weighted is a token with a weight.
type Weighted struct {
	engine.Token
	Weight float64 `json:"weight"` // change of the token's logit per unit of activation
}

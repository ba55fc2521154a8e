package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// MeanActivationsSettings is mean activations as a message.
type MeanActivationsSettings struct {
	Texts  []Prompt       `json:"texts"`
	Spaces []engine.Site  `json:"spaces"`
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s MeanActivationsSettings) Fits(shape engine.Shape) error {
	return CheckInterventions(shape, s.Edits)
}

// Kind implements Settings.
func (MeanActivationsSettings) Kind() Kind { return Kind{"mean-activations", "mean activations", 1} }

// Check implements Settings.
func (s MeanActivationsSettings) Check() error {
	errs := []error{CheckSites(s.Spaces, VectorSites...), checkTexts(s.Texts)}
	if len(s.Spaces) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Of() names nothing to average").Try("leave Of out, or Of(steer.MLPNeurons)"))
	}
	return errors.Join(errs...)
}

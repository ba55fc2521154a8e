package message

import (
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// UniversalSettings is a search for neurons that are always active as a message.
type UniversalSettings struct {
	Texts []Prompt       `json:"texts"`
	Edits []Intervention `json:"edits"`
}

// Kind implements Settings.
func (UniversalSettings) Kind() Kind { return Kind{"universal", "universal", 2} }

// Check implements Settings.
func (s UniversalSettings) Check() error { return checkTexts(s.Texts) }

// Fits implements Fitting.
func (s UniversalSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// UniversalBody is the part of its record that is not tensors.
type UniversalBody struct {
	Shape engine.Shape `json:"shape"`
	Texts int          `json:"texts"`
}

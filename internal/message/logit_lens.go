package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// LogitLensSettings is a logit lens as a message.
type LogitLensSettings struct {
	Prompt Prompt         `json:"prompt"`
	Top    int            `json:"top"`
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s LogitLensSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (LogitLensSettings) Kind() Kind { return Kind{"logit-lens", "logit lens", 1} }

// Check implements Settings.
func (s LogitLensSettings) Check() error {
	errs := []error{s.Prompt.checkAlone()}
	if s.Top < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Top(%d) lists nothing", s.Top).Try("use Top(3)"))
	}
	return errors.Join(errs...)
}

// LogitLensBody is the record of a logit lens; it has no tensors.
type LogitLensBody struct {
	Tokens []engine.Token `json:"tokens"`
	Top    [][][]Ranked   `json:"top"`    // [L][T], the most likely first
	Edited int            `json:"edited"` // number of neurons changed

	EditedHeads int `json:"editedHeads,omitempty"` // number of heads changed
}

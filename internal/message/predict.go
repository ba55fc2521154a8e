package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// PredictSettings is a prediction as a message.
type PredictSettings struct {
	Prompt Prompt         `json:"prompt"`
	Of     []TokenRef     `json:"of"`
	Top    int            `json:"top"`
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s PredictSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (PredictSettings) Kind() Kind { return Kind{"predict", "predict", 2} }

// Check implements Settings.
func (s PredictSettings) Check() error {
	errs := []error{s.Prompt.checkAlone()}
	if s.Top < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "Top(%d) lists nothing", s.Top).Try("use Top(10)"))
	}
	for _, r := range s.Of {
		if r.How != ByText || r.Text == "" {
			errs = append(errs, engine.Mistake(engine.BadSetting, "Of names an empty token").Try(`use Of(" word")`))
		}
		errs = append(errs, CheckText("token", r.Text))
	}
	return errors.Join(errs...)
}

// PredictBody is the part of the record of a prediction that is not tensors.
type PredictBody struct {
	Tokens []engine.Token `json:"tokens"`
	Top    []Ranked       `json:"top"`
	Of     []Ranked       `json:"of"`
	Edited int            `json:"edited"` // number of neurons changed

	EditedHeads int `json:"editedHeads,omitempty"` // number of heads changed
}

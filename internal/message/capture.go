package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ActivationsBody is the part of the record that is not tensors. The tensors are named by Space: "residual" and "mlp"
// [l,T,D], "neurons" [l,T,F], "attention" [l,H,T,T], "logits" [T,V], "embedding" [T,D], l being the layers lo..hi. Means
// have T = 1.
type ActivationsBody struct {
	Shape  engine.Shape   `json:"shape"`
	Lo     int            `json:"lo"`
	Hi     int            `json:"hi"`
	Spaces []engine.Site  `json:"spaces"`
	Tokens []engine.Token `json:"tokens"` // of the prompt; empty for means
	BOS    bool           `json:"bos"`
	Texts  int            `json:"texts"`     // means: how many texts
	Count  int            `json:"positions"` // means: how many positions
	Edited int            `json:"edited"`    // number of neurons changed

	EditedHeads int `json:"editedHeads,omitempty"` // number of heads changed
}

// CaptureSettings is a capture as a message.
type CaptureSettings struct {
	Prompt Prompt         `json:"prompt"`
	Spaces []engine.Site  `json:"spaces"` // sorted, each once
	Lo     int            `json:"lo"`
	Hi     int            `json:"hi"` // −1: the last layer
	Edits  []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s CaptureSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (CaptureSettings) Kind() Kind { return Kind{"capture", "capture", 1} }

// Check implements Settings.
func (s CaptureSettings) Check() error {
	errs := []error{s.Prompt.checkAlone(), checkLayers(s.Lo, s.Hi)}
	if len(s.Spaces) == 0 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "nothing is to be captured").Try("add Of(steer.Residual)"))
	}
	errs = append(errs, CheckSites(s.Spaces, engine.Residual, engine.MLP, engine.Neurons, engine.Attention, engine.Logits, engine.Embedding))
	return errors.Join(errs...)
}

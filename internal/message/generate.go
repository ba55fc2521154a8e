package message

import (
	"errors"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// GenerateSettings is a continuation as a message.
type GenerateSettings struct {
	Prompt    Prompt         `json:"prompt"`
	MaxTokens int            `json:"maxTokens"`
	IgnoreEnd bool           `json:"ignoreEnd"`
	Edits     []Intervention `json:"edits"`
}

// Fits implements Fitting.
func (s GenerateSettings) Fits(shape engine.Shape) error { return CheckInterventions(shape, s.Edits) }

// Kind implements Settings.
func (GenerateSettings) Kind() Kind { return Kind{"generate", "generate", 2} }

// Check implements Settings.
func (s GenerateSettings) Check() error {
	errs := []error{s.Prompt.checkAlone()}
	if s.MaxTokens < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "MaxTokens(%d) makes no token", s.MaxTokens).Try("use MaxTokens(50)"))
	}
	return errors.Join(errs...)
}

// GenerateBody is the part of the record of a continuation that is not tensors.
type GenerateBody struct {
	Prompt []engine.Token `json:"prompt"`
	New    []engine.Token `json:"new"`
	Text   string         `json:"text"`   // of the new tokens
	Ended  bool           `json:"ended"`  // by a token that ends a text, which is kept
	Edited int            `json:"edited"` // number of neurons changed
}

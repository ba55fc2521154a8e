package message

import (
	"errors"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Continuation is how a prompt is continued.
type Continuation struct {
	MaxTokens         int            `json:"maxTokens"`
	IgnoreEnd         bool           `json:"ignoreEnd"`
	Edits             []Intervention `json:"edits"`
	RepetitionPenalty float64        `json:"repetitionPenalty,omitempty"` // 0: none
	Sampling          *Sampling      `json:"sampling,omitempty"`          // nil: the likeliest token is taken
	Stop              []string       `json:"stop,omitempty"`              // what ends the new text
}

// Fits implements Fitting.
func (c Continuation) Fits(shape engine.Shape) error { return CheckInterventions(shape, c.Edits) }

// check reports the mistakes that can be seen without a model.
func (c Continuation) check() error {
	errs := []error{c.Sampling.check()}
	if c.MaxTokens < 1 {
		errs = append(errs, engine.Mistake(engine.BadSetting, "MaxTokens(%d) makes no token", c.MaxTokens).Try("use MaxTokens(50)"))
	}
	if p := c.RepetitionPenalty; !(p >= 0) || math.IsInf(p, 0) || p != 0 && (float32(p) == 0 || math.IsInf(float64(float32(p)), 0)) {
		errs = append(errs, BadPenalty(p))
	}
	if slices.Contains(c.Stop, "") {
		errs = append(errs, engine.Mistake(engine.BadSetting, "an empty text would stop at once").Try(`use Stop("\n\n")`))
	}
	for _, s := range c.Stop {
		errs = append(errs, CheckText("the text to stop at", s))
	}
	return errors.Join(errs...)
}

// BadPenalty is the mistake of a penalty for repetition that cannot be one.
func BadPenalty(p float64) error {
	return engine.Mistake(engine.BadSetting, "RepetitionPenalty(%v) is not above 0", p).Try("use RepetitionPenalty(1.1), or RepetitionPenalty(1) for none")
}

// Of returns the continuation of one of many prompts, which draws with a seed of its own.
func (c Continuation) Of(i int) Continuation {
	if c.Sampling != nil {
		s := *c.Sampling
		s.Seed += uint64(i)
		c.Sampling = &s
	}
	return c
}

// GenerateSettings is a continuation as a message.
type GenerateSettings struct {
	Prompt Prompt `json:"prompt"`
	Continuation
}

// Kind implements Settings.
func (GenerateSettings) Kind() Kind { return Kind{"generate", "generate", 2} }

// Check implements Settings.
func (s GenerateSettings) Check() error { return errors.Join(s.Prompt.checkAlone(), s.check()) }

// GenerateBody is the part of the record of a continuation that is not tensors.
type GenerateBody struct {
	Prompt  []engine.Token `json:"prompt"`
	New     []engine.Token `json:"new"`
	Text    string         `json:"text"`              // of the new tokens, as far as the text that it stopped at
	Ended   bool           `json:"ended"`             // by a token that ends a text, which is kept
	Stopped string         `json:"stopped,omitempty"` // the text that it stopped at
	Drawn   bool           `json:"drawn,omitempty"`   // tokens were drawn, not the likeliest taken
	Edited  int            `json:"edited"`            // number of neurons changed

	EditedHeads int `json:"editedHeads,omitempty"` // number of heads changed
}

// GenerateEachSettings is a continuation of many prompts as a message.
type GenerateEachSettings struct {
	Prompts []Prompt `json:"prompts"`
	Continuation
}

// Kind implements Settings.
func (GenerateEachSettings) Kind() Kind { return Kind{"generate-each", "generate each", 1} }

// Check implements Settings.
func (s GenerateEachSettings) Check() error { return errors.Join(checkTexts(s.Prompts), s.check()) }

// GenerateEachBody is the part of the record of many continuations that is not tensors.
type GenerateEachBody struct {
	Each []GenerateBody `json:"each"`
}

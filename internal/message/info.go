package message

import (
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// InfoSettings asks what the model is; there is nothing to set.
type InfoSettings struct{}

// Kind implements Settings.
func (InfoSettings) Kind() Kind { return Kind{"model", "model", 2} }

// Check implements Settings.
func (InfoSettings) Check() error { return nil }

// InfoBody is the part of the record of the question what a model is that is not tensors.
type InfoBody struct {
	Shape engine.Shape   `json:"shape"`
	BOS   *engine.Token  `json:"bos"` // null when the tokenizer adds none
	Ends  []engine.Token `json:"ends"`
	Chat  bool           `json:"chat"` // there is a chat template
}

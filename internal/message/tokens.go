package message

import (
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TokensSettings is a tokenization as a message.
type TokensSettings struct {
	Text string `json:"text"`
}

// Check implements Settings.
func (s TokensSettings) Check() error { return CheckText("the text", s.Text) }

// Kind implements Settings.
func (TokensSettings) Kind() Kind { return Kind{"tokens", "tokens", 1} }

// TokensBody is the part of the record of a tokenization that is not tensors.
type TokensBody struct {
	Tokens []engine.Token `json:"tokens"`
}

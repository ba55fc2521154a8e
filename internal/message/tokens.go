package message

import (
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type TokensSettings struct {
	Text string `json:"text"`
}

// Check implements Settings.
func (s TokensSettings) Check() error { return CheckText("the text", s.Text) }

// Kind implements Settings.
func (TokensSettings) Kind() Kind { return Kind{"tokens", "tokens", 1} }

type TokensBody struct {
	Tokens []engine.Token `json:"tokens"`
}

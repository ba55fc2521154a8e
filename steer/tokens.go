package steer

import (
	"context"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Tokens asks how the tokenizer reads a text as a prompt: markers recognized, BOS added where the tokenizer adds one.
func (m *Model) Tokens(text string) TokensTask { return TokensTask{m, text} }

// TokensTask describes a tokenization.
type TokensTask struct {
	m    *Model
	text string
}

// Model returns the model that the task is about.
func (t TokensTask) Model() *Model { return t.m }

// Run computes the tokens.
func (t TokensTask) Run(ctx context.Context) (Tokens, error) { return run(ctx, t) }

// Result builds the tokens around fetch.
func (t TokensTask) Result(fetch func() Record) Tokens { return Tokens{fetch} }

const tokensVersion = 1

type tokensSettings struct {
	Text string `json:"text"`
}

type tokensBody struct {
	Tokens []engine.Token `json:"tokens"`
}

// Request implements Task.
func (t TokensTask) Request() (Request, error) {
	if err := checkText("tokens", "the text", t.text); err != nil {
		return Request{}, err
	}
	return newRequest("tokens", tokensVersion, tokensSettings{t.text})
}

func executeTokens(_ context.Context, _ engine.Engine, text engine.Tokenizer, r Request, _ func(Event)) (Record, error) {
	var s tokensSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	ts, err := text.Encode(s.Text, engine.Encoding{Markers: true, Special: true})
	if err != nil {
		return Record{}, fmt.Errorf("tokens: %w", err)
	}
	return record(tokensBody{ts}, nil, nil)
}

// Tokens is a text as the model reads it.
type Tokens struct{ rec fetched }

// All returns the tokens in order.
func (t Tokens) All() []engine.Token { return body[tokensBody](t.rec.record()).Tokens }

// IDs returns their ids.
func (t Tokens) IDs() []int32 { return ids(t.All()) }

// String lists id, byte offsets and text of each token.
func (t Tokens) String() string {
	var b strings.Builder
	for i, k := range t.All() {
		fmt.Fprintf(&b, "%3d  %6d  [%d,%d)  %q\n", i, k.ID, k.Start, k.End, k.Text)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

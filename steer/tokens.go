package steer

import (
	"context"
	"fmt"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/message"
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
func (t TokensTask) Result(fetch func() Record) Tokens {
	return Tokens{newResult[message.TokensBody](fetch)}
}

// Request implements Task.
func (t TokensTask) Request() (Request, error) {
	return newRequest(message.TokensSettings{Text: t.text}, nil)
}

// Tokens is a text as the model reads it.
type Tokens struct{ rec result[message.TokensBody] }

// All returns the tokens in order.
func (t Tokens) All() []Token { return t.rec.body().Tokens }

// Len returns how many tokens the text is.
func (t Tokens) Len() int { return len(t.All()) }

// At returns one token; a negative i counts from the end. Beyond the text it is the zero token.
func (t Tokens) At(i int) Token {
	all := t.All()
	if i < 0 {
		i += len(all)
	}
	if i < 0 || i >= len(all) {
		return Token{}
	}
	return all[i]
}

// IDs returns their ids.
func (t Tokens) IDs() []int32 { return message.IDs(t.All()) }

// String lists id, byte offsets and text of each token.
func (t Tokens) String() string {
	var b strings.Builder
	all := t.All()
	for i, label := range engine.Labels(all) {
		fmt.Fprintf(&b, "%3d  %6d  [%d,%d)  %q\n", i, all[i].ID, all[i].Start, all[i].End, label)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

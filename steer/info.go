package steer

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/message"
)

// Info asks what the model is: sizes, markers, and what does the work.
func (m *Model) Info() InfoTask { return InfoTask{m} }

// InfoTask describes the question what a model is.
type InfoTask struct{ m *Model }

// Model returns the model that the task is about.
func (t InfoTask) Model() *Model { return t.m }

// Run computes the answer.
func (t InfoTask) Run(ctx context.Context) (Info, error) { return run(ctx, t) }

// Result builds the answer around fetch.
func (t InfoTask) Result(fetch func() Record) Info { return Info{newResult[message.InfoBody](fetch)} }

// Request implements Task.
func (t InfoTask) Request() (Request, error) { return newRequest(message.InfoSettings{}, nil) }

// Info says what a model is.
type Info struct{ rec result[message.InfoBody] }

// Name returns the model as it was asked for.
func (i Info) Name() string { return i.rec.record().Header.Model }

// Shape returns the sizes.
func (i Info) Shape() Shape { return i.rec.body().Shape }

// Engine says what did the work.
func (i Info) Engine() string { return i.rec.record().Header.Engine }

// Identity returns the digests.
func (i Info) Identity() Identity { return i.rec.record().Header.Identity }

// BOS returns the token that the tokenizer puts before a text; ok is false when there is none.
func (i Info) BOS() (t Token, ok bool) {
	if b := i.rec.body().BOS; b != nil {
		return *b, true
	}
	return Token{}, false
}

// Ends returns the tokens that end a generation.
func (i Info) Ends() []Token { return i.rec.body().Ends }

// Chat reports whether the model has a chat template, so that tasks can ask for Chat.
func (i Info) Chat() bool { return i.rec.body().Chat }

// String returns one line.
func (i Info) String() string {
	s := i.Shape()
	return fmt.Sprintf("%s: %d layers × %d neurons, width %d, %d heads, vocabulary %d, context %d; %s",
		i.Name(), s.Layers, s.Neurons, s.Width, s.Heads, s.Vocab, s.Positions, i.Engine())
}

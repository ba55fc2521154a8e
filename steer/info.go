package steer

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/engine"
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
func (t InfoTask) Result(fetch func() Record) Info { return Info{fetch} }

const infoVersion = 2

type infoBody struct {
	Shape engine.Shape   `json:"shape"`
	BOS   *engine.Token  `json:"bos"` // null when the tokenizer adds none
	Ends  []engine.Token `json:"ends"`
	Chat  bool           `json:"chat"` // there is a chat template
}

// Request implements Task.
func (t InfoTask) Request() (Request, error) { return newRequest("model", infoVersion, struct{}{}) }

func executeInfo(_ context.Context, e engine.Engine, text engine.Tokenizer, _ Request, _ func(Event)) (Record, error) {
	b := infoBody{Shape: e.Shape()}
	_, b.Chat, _ = text.Chat(engine.Conversation{User: "Hello"}) // a template that cannot be rendered says so where it is used
	if id, ok := text.BOS(); ok {
		if t, ok := text.Token(id); ok {
			b.BOS = &t
		}
	}
	for _, id := range text.Ends() {
		if t, ok := text.Token(id); ok {
			b.Ends = append(b.Ends, t)
		}
	}
	return record(b, nil, nil)
}

// Info says what a model is.
type Info struct{ rec fetched }

// Name returns the model as it was asked for.
func (i Info) Name() string { return i.rec.record().Header.Model }

// Shape returns the sizes.
func (i Info) Shape() engine.Shape { return body[infoBody](i.rec.record()).Shape }

// Engine says what did the work.
func (i Info) Engine() string { return i.rec.record().Header.Engine }

// Identity returns the digests.
func (i Info) Identity() Identity { return i.rec.record().Header.Identity }

// BOS returns the token that the tokenizer puts before a text; ok is false when there is none.
func (i Info) BOS() (t engine.Token, ok bool) {
	if b := body[infoBody](i.rec.record()).BOS; b != nil {
		return *b, true
	}
	return engine.Token{}, false
}

// Ends returns the tokens that end a generation.
func (i Info) Ends() []engine.Token { return body[infoBody](i.rec.record()).Ends }

// Chat reports whether the model has a chat template, so that tasks can ask for Chat.
func (i Info) Chat() bool { return body[infoBody](i.rec.record()).Chat }

// String returns one line.
func (i Info) String() string {
	s := i.Shape()
	return fmt.Sprintf("%s: %d layers × %d neurons, width %d, %d heads, vocabulary %d, context %d; %s",
		i.Name(), s.Layers, s.Neurons, s.Width, s.Heads, s.Vocab, s.Positions, i.Engine())
}

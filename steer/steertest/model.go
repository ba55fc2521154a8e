package steertest

import (
	"context"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// NewModel returns a model that runs NewEngine and NewText in this process.
func NewModel() *steer.Model { return ModelOf(NewEngine(), NewText()) }

// ModelOf returns a model that runs an engine and a tokenizer in this process, without a store.
func ModelOf(e engine.Engine, text engine.Tokenizer) *steer.Model {
	return steer.New("fake", steer.RunnerFunc(
		func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
			rec, err := execute.Run(ctx, e, text, r, emit)
			if err != nil {
				return steer.Record{}, err
			}
			rec.Header.Model, rec.Header.Tool = "fake", "test"
			rec.Header.Identity = steer.Identity{Model: "fake-model", Tokenizer: "fake-tokenizer"}
			return rec, nil
		}))
}

// Prompts is what TestRunner asks of a model. FakePrompts fits NewModel; another model needs its own.
type Prompts struct {
	Prompt, Other  string // two prompts of at least three tokens
	Target, Versus string // two words of one token each
	Split          string // a word of several tokens
	NewTokens      int    // new tokens of a generation that is canceled: at least 16, and the context must hold them
}

// FakePrompts returns the prompts for NewModel.
func FakePrompts() Prompts {
	return Prompts{"The capital of France is", "The capital of Italy is", " Paris", " Rome", " Sacramento", 32}
}

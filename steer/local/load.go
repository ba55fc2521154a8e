package local

import (
	"context"
	"errors"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
	"github.com/neuronsteer/neuronsteer/internal/decoder"
	computing "github.com/neuronsteer/neuronsteer/internal/engine"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Loaded is a model in memory: the parts that execute.Run needs.
type Loaded struct {
	Engine   engine.Engine
	Text     engine.Tokenizer
	Identity steer.Identity // of what was read, without the build
	close    []func() error
}

// Load reads a model: its weights on the engine and its tokenizer, side by side, since each takes its time. emit gets
// events of the phase "load" and may be nil. A model whose files change meanwhile is an error: what was read would have
// the identity of neither.
func Load(ctx context.Context, m modelref.Model, emit func(steer.Event)) (*Loaded, error) {
	if emit == nil {
		emit = func(steer.Event) {}
	}
	emit(steer.Event{Phase: "load", Done: 0, Total: 1})
	opt, err := options()
	if err != nil {
		return nil, err
	}
	c, err := checkpoint.Open(ctx, m)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	id, err := c.Identity(ctx)
	if err != nil {
		return nil, err
	}
	type readText struct {
		t   *text.Tokenizer
		err error
	}
	read := make(chan readText, 1)
	go func() {
		t, err := text.New(c.Tokenizer, c.TokenizerConfig, c.Config.Ends)
		read <- readText{t, err}
	}()
	e, err := computing.New(ctx, decoder.FromCheckpoint(c.Config), c, opt, func(done, total int) {
		emit(steer.Event{Phase: "load", Done: done, Total: total})
	})
	t := <-read
	if err = errors.Join(err, t.err); err == nil {
		err = c.Unchanged(ctx)
	}
	if err != nil {
		if e != nil {
			err = errors.Join(err, e.Close())
		}
		if t.t != nil {
			err = errors.Join(err, t.t.Close())
		}
		return nil, err
	}
	return &Loaded{Engine: e, Text: t.t, Identity: id, close: []func() error{e.Close, t.t.Close}}, nil
}

// Close frees both parts.
func (l *Loaded) Close() error {
	var errs []error
	for _, f := range l.close {
		errs = append(errs, f())
	}
	return errors.Join(errs...)
}

package execute

import (
	"context"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runGenerate(ctx context.Context, e *env, s message.GenerateSettings) (any, tensors, error) {
	tokens, warnings, err := readPrompt(e, s.Prompt, s.MaxTokens)
	if err != nil {
		return nil, nil, err
	}
	d, err := e.Decode(ctx, decoding(e, s.Continuation, tokens))
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	w := newWriter(e, s.Continuation, tokens)
	for {
		id, err := w.next(d.Logits())
		if err != nil {
			return nil, nil, err
		}
		e.emit(steer.Event{Phase: "generate", Done: len(w.body.New), Total: s.MaxTokens, Token: w.fresh})
		if w.done {
			break
		}
		if err := d.Step(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	e.warn(warnings...)
	return w.body, nil, nil
}

// decoding is a prompt's part of what the engine is asked for.
func decoding(e *env, c message.Continuation, tokens []engine.Token) engine.Decoding {
	edit, generated := compose(e.Shape(), c.Edits, len(tokens), startsWithBOS(e, tokens))
	return engine.Decoding{IDs: message.IDs(tokens), Edit: edit, Generated: generated, Reserve: c.MaxTokens}
}

// argmax returns the id of the largest of logits [V], ties to the lower id.
func argmax(logits []float32) int32 {
	best := 0
	for i, v := range logits {
		if v > logits[best] {
			best = i
		}
	}
	return int32(best)
}

// A writer writes one continuation, a token at a time.
type writer struct {
	e      *env
	c      message.Continuation
	choice *chooser
	out    stream
	body   message.GenerateBody
	fresh  string // what the last token has added to the text, for whoever watches
	done   bool
}

func newWriter(e *env, c message.Continuation, prompt []engine.Token) *writer {
	return &writer{
		e: e, c: c, choice: newChooser(c, message.IDs(prompt), e.Shape().Vocab), out: stream{text: e.text, stops: c.Stop},
		body: message.GenerateBody{Prompt: prompt, Edited: edited(c.Edits, false), EditedHeads: edited(c.Edits, true), Drawn: c.Sampling != nil},
	}
}

// next chooses the next token by the logits [V] after the text so far.
func (w *writer) next(logits []float32) (id int32, err error) {
	if err := finiteLogits(logits); err != nil {
		return 0, err
	}
	id = w.choice.next(logits)
	t, _ := w.e.text.Token(id)
	w.body.New = append(w.body.New, t)
	w.body.Ended = !w.c.IgnoreEnd && slices.Contains(w.e.text.Ends(), id)
	if w.fresh, err = w.out.add(id); err != nil {
		return 0, err
	}
	w.body.Stopped = w.out.stopped
	if w.done = w.body.Ended || w.body.Stopped != "" || len(w.body.New) == w.c.MaxTokens; w.done {
		w.fresh += w.out.rest()
		w.body.Text = w.out.all
	}
	return id, nil
}

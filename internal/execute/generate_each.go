package execute

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runGenerateEach(ctx context.Context, e *env, s message.GenerateEachSettings) (any, tensors, error) {
	var errs message.Mistakes
	var warnings []engine.Warning
	q := &queue{e: e, c: s.Continuation, prompts: make([][]engine.Token, len(s.Prompts))}
	defer q.close()
	for i, p := range s.Prompts {
		ts, ws, err := readPrompt(e, p, s.MaxTokens)
		errs.Add(message.TextName(i), err)
		if q.prompts[i] = ts; len(warnings) == 0 {
			warnings = ws
		}
		q.waiting = append(q.waiting, i)
	}
	if err := errs.Join(); err != nil {
		return nil, nil, err
	}
	// Sessions of one length are stepped together best.
	slices.SortStableFunc(q.waiting, func(a, b int) int { return len(q.prompts[a]) - len(q.prompts[b]) })
	b := message.GenerateEachBody{Each: make([]message.GenerateBody, len(s.Prompts))}
	made := 0
	for {
		if err := q.admit(ctx); err != nil {
			return nil, nil, err
		}
		if len(q.writing) == 0 {
			break
		}
		var ids []int32
		var on []*underway
		for _, w := range q.writing {
			id, err := w.next(w.session.Logits())
			if err != nil {
				return nil, nil, named(w.prompt, err)
			}
			made++
			e.emit(steer.Event{Phase: "generate", Done: made, Total: len(s.Prompts) * s.MaxTokens})
			if w.done {
				b.Each[w.prompt] = w.body
				w.session.Close()
				continue
			}
			ids, on = append(ids, id), append(on, w)
		}
		if q.writing = on; len(on) == 0 {
			continue
		}
		if err := q.step(ctx, ids); err != nil {
			return nil, nil, err
		}
	}
	e.warn(warnings...)
	return b, nil, nil
}

// named says which prompt a mistake belongs to.
func named(prompt int, err error) error {
	var list message.Mistakes
	list.Add(message.TextName(prompt), err)
	return list.Join()
}

// A queue writes the continuations of many prompts, as many at a time as the engine steps together.
type queue struct {
	e         *env
	c         message.Continuation
	prompts   [][]engine.Token
	waiting   []int // prompts
	writing   []*underway
	generated *engine.Edit // of the sessions so far
}

// underway is a continuation that is being written.
type underway struct {
	*writer
	prompt  int
	session engine.Decoder
}

// admit begins as many continuations as there is place for. One for which there is no memory waits for the others.
func (q *queue) admit(ctx context.Context) error {
	most := 1
	if s, ok := q.e.Engine.(engine.Stepper); ok {
		most = max(most, s.Together())
	}
	for len(q.waiting) > 0 && len(q.writing) < most {
		i := q.waiting[0]
		in := decoding(q.e, q.c, q.prompts[i])
		if reflect.DeepEqual(in.Generated, q.generated) {
			in.Generated = q.generated // the same edit, so that they can be stepped together
		}
		d, err := q.e.Decode(ctx, in)
		if errors.Is(err, engine.TooLarge) && len(q.writing) > 0 {
			return nil
		} else if err != nil {
			return named(i, err)
		}
		q.generated = in.Generated
		q.waiting = q.waiting[1:]
		q.writing = append(q.writing, &underway{newWriter(q.e, q.c.Of(i), q.prompts[i]), i, d})
	}
	return nil
}

// step appends a token to each of the continuations.
func (q *queue) step(ctx context.Context, ids []int32) error {
	if s, ok := q.e.Engine.(engine.Stepper); ok && len(ids) > 1 {
		sessions := make([]engine.Decoder, len(ids))
		for i, w := range q.writing {
			sessions[i] = w.session
		}
		return s.StepTogether(ctx, sessions, ids)
	}
	for i, w := range q.writing {
		if err := w.session.Step(ctx, ids[i]); err != nil {
			return named(w.prompt, err)
		}
	}
	return nil
}

// close frees what is still being written.
func (q *queue) close() {
	for _, w := range q.writing {
		w.session.Close()
	}
}

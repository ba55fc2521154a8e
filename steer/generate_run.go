package steer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

type generateBody struct {
	Prompt []engine.Token `json:"prompt"`
	New    []engine.Token `json:"new"`
	Text   string         `json:"text"`   // of the new tokens
	Ended  bool           `json:"ended"`  // by a token that ends a text, which is kept
	Edited int            `json:"edited"` // number of neurons changed
}

func executeGenerate(ctx context.Context, e engine.Engine, text engine.Tokenizer, r Request, emit func(Event)) (Record, error) {
	var s generateSettings
	if err := r.decode(&s); err != nil {
		return Record{}, err
	}
	if err := s.check(); err != nil {
		return Record{}, err
	}
	shape := e.Shape()
	tokens, warnings, err := s.Prompt.read(text, shape, "generate", s.MaxTokens)
	if err := errors.Join(err, checkInterventions("generate", shape, s.Edits)); err != nil {
		return Record{}, err
	}
	edit, generated := compose(shape, s.Edits, len(tokens), startsWithBOS(text, tokens))
	d, err := e.Decode(ctx, engine.Decoding{IDs: ids(tokens), Edit: edit, Generated: generated, Reserve: s.MaxTokens})
	if err != nil {
		return Record{}, fmt.Errorf("generate: %w", err)
	}
	defer d.Close()
	b := generateBody{Prompt: tokens, Edited: edited(s.Edits)}
	out := stream{text: text}
	for i := range s.MaxTokens {
		if err := finiteLogits("generate", d.Logits()); err != nil {
			return Record{}, err
		}
		id := argmax(d.Logits())
		t, _ := text.Token(id)
		b.New = append(b.New, t)
		b.Ended = !s.IgnoreEnd && slices.Contains(text.Ends(), id)
		emit(Event{Phase: "generate", Done: i + 1, Total: s.MaxTokens, Token: out.add(id)})
		if b.Ended || i == s.MaxTokens-1 {
			break
		}
		if err := d.Step(ctx, id); err != nil {
			return Record{}, fmt.Errorf("generate: %w", err)
		}
	}
	if b.Text, err = text.DecodeNew(ids(b.New)); err != nil {
		return Record{}, fmt.Errorf("generate: %w", err)
	}
	return record(b, warnings, nil)
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

// stream gives the text of new tokens one by one, holding back a character until its last byte is there.
type stream struct {
	text engine.Tokenizer
	ids  []int32
	sent int // bytes of the decoded text
}

func (s *stream) add(id int32) string {
	s.ids = append(s.ids, id)
	all, err := s.text.DecodeNew(s.ids)
	if err != nil || len(all) < s.sent || strings.HasSuffix(all, string(utf8.RuneError)) {
		return ""
	}
	part := all[s.sent:]
	s.sent = len(all)
	return part
}

package execute

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func runGenerate(ctx context.Context, e *env, s message.GenerateSettings) (any, tensors, error) {
	shape := e.Shape()
	tokens, warnings, err := readPrompt(e, s.Prompt, s.MaxTokens)
	if err != nil {
		return nil, nil, err
	}
	edit, generated := compose(shape, s.Edits, len(tokens), startsWithBOS(e, tokens))
	d, err := e.Decode(ctx, engine.Decoding{IDs: message.IDs(tokens), Edit: edit, Generated: generated, Reserve: s.MaxTokens})
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	b := message.GenerateBody{Prompt: tokens, Edited: edited(s.Edits)}
	out := stream{text: e.text}
	for i := range s.MaxTokens {
		if err := finiteLogits(d.Logits()); err != nil {
			return nil, nil, err
		}
		id := argmax(d.Logits())
		t, _ := e.text.Token(id)
		b.New = append(b.New, t)
		b.Ended = !s.IgnoreEnd && slices.Contains(e.text.Ends(), id)
		e.emit(steer.Event{Phase: "generate", Done: i + 1, Total: s.MaxTokens, Token: out.add(id)})
		if b.Ended || i == s.MaxTokens-1 {
			break
		}
		if err := d.Step(ctx, id); err != nil {
			return nil, nil, err
		}
	}
	if b.Text, err = e.text.DecodeNew(message.IDs(b.New)); err != nil {
		return nil, nil, err
	}
	e.warn(warnings...)
	return b, nil, nil
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

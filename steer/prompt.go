package steer

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// promptSpec is a prompt as it stands in a request: raw text, or one exchange of a chat.
type promptSpec struct {
	Text    string `json:"text"`
	Chat    bool   `json:"chat"`
	System  string `json:"system"`
	Prefill string `json:"prefill"`
}

func (p promptSpec) chat() promptSpec              { p.Chat = true; return p }
func (p promptSpec) system(s string) promptSpec    { p.Chat, p.System = true, s; return p }
func (p promptSpec) prefilled(s string) promptSpec { p.Chat, p.Prefill = true, s; return p }

// check is the part of a prompt's check that needs no tokenizer.
func (p promptSpec) check(task string) error {
	if p.Text == "" {
		return engine.Errorf(engine.EmptyPrompt, task, "the prompt is empty").Try("give the text that the model is to continue")
	}
	return errors.Join(checkText(task, "the prompt", p.Text), checkText(task, "the system prompt", p.System),
		checkText(task, "the prefill", p.Prefill))
}

// checkText reports a text that JSON, and so a request, cannot hold as it is: invalid bytes would be replaced silently.
func checkText(task, what, s string) error {
	if !utf8.ValidString(s) {
		return engine.Errorf(engine.BadText, task, "%s %q is not UTF-8", what, s).Try("convert the text to UTF-8")
	}
	return nil
}

// read tokenizes the prompt. In a raw one markers are recognized and what the tokenizer adds is added once; a chat's
// contents are read literally. room is the number of tokens that will follow.
func (p promptSpec) read(text engine.Tokenizer, shape engine.Shape, task string, room int) ([]engine.Token, []Warning, error) {
	ts, ws, err := p.tokens(text, task)
	if err != nil {
		return nil, nil, err
	}
	if len(ts) == 0 {
		return nil, nil, engine.Errorf(engine.EmptyPrompt, task, "the prompt %q has no token in this vocabulary", p.Text).
			Try("give a text with letters, digits or punctuation")
	}
	if room > shape.Positions-len(ts) { // not len(ts)+room, which a huge room overflows
		n := len(ts) + room
		e := engine.Errorf(engine.PromptTooLong, task, "the prompt of %d tokens and %d new ones make %d, but the model's context holds %d",
			len(ts), room, n, shape.Positions)
		if room == 0 {
			e = engine.Errorf(engine.PromptTooLong, task, "the prompt has %d tokens, but the model's context holds %d", len(ts), shape.Positions)
		}
		return nil, nil, e.Try("shorten the prompt by %d tokens%s", n-shape.Positions, map[bool]string{true: " or lower MaxTokens"}[room > 0])
	}
	return ts, ws, nil
}

func (p promptSpec) tokens(text engine.Tokenizer, task string) ([]engine.Token, []Warning, error) {
	if p.Chat {
		ts, ok, err := text.Chat(engine.Conversation{System: p.System, User: p.Text, Prefill: p.Prefill})
		if err != nil {
			return nil, nil, fmt.Errorf("%s: chat: %w", task, err)
		}
		if !ok {
			return nil, nil, engine.Errorf(engine.BadSetting, task, "this model has no chat template").Try("leave out Chat, System and Prefill")
		}
		return ts, nil, nil
	}
	ts, err := text.Encode(p.Text, engine.Encoding{Markers: true, Special: true})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: prompt: %w", task, err)
	}
	var ws []Warning
	_, adds := text.BOS()
	for i, t := range ts {
		if t.Special && !(i == 0 && adds) {
			ws = append(ws, Warning{"markers", fmt.Sprintf("the prompt contains the marker %s, which was read as one token, not as text", t.Text)})
			break
		}
	}
	return ts, ws, nil
}

func ids(ts []engine.Token) []int32 {
	out := make([]int32, len(ts))
	for i, t := range ts {
		out[i] = t.ID
	}
	return out
}

// startsWithBOS reports whether the first token is the one that the tokenizer itself puts before a text. A role marker
// that merely has the same id does not count, since there the tokenizer adds nothing.
func startsWithBOS(text engine.Tokenizer, ts []engine.Token) bool {
	id, ok := text.BOS()
	return ok && len(ts) > 0 && ts[0].ID == id
}

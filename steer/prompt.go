package steer

import (
	"fmt"
	"unicode/utf8"
)

// checkPrompt is the part of a prompt's check that needs no tokenizer.
func checkPrompt(task, prompt string) error {
	if prompt == "" {
		return Errorf(EmptyPrompt, task, "the prompt is empty").Try("give the text that the model is to continue")
	}
	return checkText(task, "the prompt", prompt)
}

// checkText reports a text that JSON, and so a request, cannot hold as it is: invalid bytes would be replaced silently.
func checkText(task, what, s string) error {
	if !utf8.ValidString(s) {
		return Errorf(BadText, task, "%s %q is not UTF-8", what, s).Try("convert the text to UTF-8")
	}
	return nil
}

// readPrompt tokenizes a raw prompt: markers in it are recognized, and what the tokenizer adds is added once. room is the
// number of tokens that will follow.
func readPrompt(text Text, shape Shape, task, prompt string, room int) ([]Token, []Warning, error) {
	ts, err := text.Encode(prompt, Encoding{Markers: true, Special: true})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: prompt: %w", task, err)
	}
	if len(ts) == 0 {
		return nil, nil, Errorf(EmptyPrompt, task, "the prompt %q has no token in this vocabulary", prompt).
			Try("give a text with letters, digits or punctuation")
	}
	if room > shape.Positions-len(ts) { // not len(ts)+room, which a huge room overflows
		n := len(ts) + room
		e := Errorf(PromptTooLong, task, "the prompt of %d tokens and %d new ones make %d, but the model's context holds %d",
			len(ts), room, n, shape.Positions)
		if room == 0 {
			e = Errorf(PromptTooLong, task, "the prompt has %d tokens, but the model's context holds %d", len(ts), shape.Positions)
		}
		return nil, nil, e.Try("shorten the prompt by %d tokens%s", n-shape.Positions, map[bool]string{true: " or lower MaxTokens"}[room > 0])
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

func ids(ts []Token) []int32 {
	out := make([]int32, len(ts))
	for i, t := range ts {
		out[i] = t.ID
	}
	return out
}

// startsWithBOS reports whether the first token is the one that the tokenizer itself puts before a text. A role marker
// that merely has the same id does not count, since there the tokenizer adds nothing.
func startsWithBOS(text Text, ts []Token) bool {
	id, ok := text.BOS()
	return ok && len(ts) > 0 && ts[0].ID == id
}

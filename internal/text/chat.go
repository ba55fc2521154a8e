package text

import (
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Chat renders one exchange by the model's chat template and reads it. Markers that the template writes are recognized;
// the system prompt, the user's turn and the prefill are read literally, whatever they hold. Nothing is added to what the
// template writes, so a BOS token is there when the template writes one, and once. The prefill follows the beginning of
// the answer. Offsets are those of the rendered text.
//
// ok is false when the model has no template. A template that refuses the conversation is an error with the code
// BadSetting, one that cannot be read or rendered has BadModel.
func (t *Tokenizer) Chat(c engine.Conversation) (ts []engine.Token, ok bool, err error) {
	if t.template.chat.template == "" {
		return nil, false, nil
	}
	for _, s := range []*string{&c.System, &c.User, &c.Prefill} {
		if err := readable(*s); err != nil {
			return nil, true, err
		}
		if err := unreserved(*s); err != nil {
			return nil, true, err
		}
		*s = t.vocab.guarded(*s)
	}
	rendered, err := t.template.render(c)
	if err != nil {
		return nil, true, err
	}
	ts, err = t.readGuarded(rendered+c.Prefill, false)
	return ts, true, err
}

// Characters that mark places in a rendered text. Unicode reserves them for use inside programs: no text has them.
const (
	guard    = "\uFDD0" // inside what only looks like a marker
	opening  = "\uFDD1" // around the number of a marker
	closing  = "\uFDD2"
	reserved = guard + opening + closing
)

// unreserved refuses a text with such a character.
func unreserved(s string) error {
	if i := strings.IndexAny(s, reserved); i >= 0 {
		return engine.Errorf(engine.BadText, "tokenizer", "the text holds %U at byte %d, which is no character", []rune(s[i:])[0], i).
			Try("remove it")
	}
	return nil
}

// guarded puts a guard into every marker that s holds, and at its ends where they could complete one with what the
// template writes beside them. White space at the ends stays outside, for templates that trim.
func (v *vocab) guarded(s string) string {
	var b strings.Builder
	at := 0
	for _, m := range v.find(s) {
		inside := m.start + len(string([]rune(v.markers[m.marker])[:1]))
		b.WriteString(s[at:inside] + guard)
		at = inside
	}
	b.WriteString(s[at:])
	s = b.String()
	trimmed := strings.TrimSpace(s)
	from := strings.Index(s, trimmed)
	before, after := s[:from], s[from+len(trimmed):]
	for _, m := range v.markers {
		for i := range m {
			if i > 0 && strings.HasPrefix(trimmed, m[i:]) {
				trimmed = guard + trimmed
			}
			if i > 0 && strings.HasSuffix(trimmed, m[:i]) {
				trimmed += guard
			}
		}
	}
	return before + trimmed + after
}

// readGuarded reads a text with guards; special adds what the post-processor adds.
func (t *Tokenizer) readGuarded(s string, special bool) ([]engine.Token, error) {
	text := strings.ReplaceAll(s, guard, "")
	own := t.vocab.find(s) // the template's markers
	at, before := 0, 0     // bytes of guards up to a place
	for i := range own {
		before += strings.Count(s[at:own[i].start], guard) * len(guard)
		at = own[i].start
		own[i].start -= before
		own[i].end -= before
	}
	if !t.vocab.normalized && slices.Equal(own, t.vocab.find(text)) {
		return t.Encode(text, engine.Encoding{Markers: true, Special: special})
	}
	return t.readNamed(text, own, special)
}

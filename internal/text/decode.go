package text

import (
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Decode returns the text of ids, markers included. Bytes that are no character show as U+FFFD, an id without a token as
// <id 289>. A negative id is an error.
func (t *Tokenizer) Decode(ids []int32) (string, error) { return t.decode(ids, false) }

// DecodeNew returns the text that ids add to a text before them: where the decoder takes a space from the beginning of a
// text (Llama 2 puts one there), that of new tokens stays.
func (t *Tokenizer) DecodeNew(ids []int32) (string, error) { return t.decode(ids, true) }

// decode returns the text of ids, as a text of its own or as one that goes on.
func (t *Tokenizer) decode(ids []int32, goesOn bool) (string, error) {
	for i, id := range ids {
		if id < 0 {
			return "", engine.Errorf(engine.BadSetting, "tokenizer", "id %d at %d is negative", id, i).Try("ids go from 0 on")
		}
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, err := t.library(false)
	if err != nil {
		return "", err
	}
	// The library leaves out ids that it does not know, and hands texts over as C strings, which cannot hold a NUL: decode
	// what lies between, and put those in.
	var b strings.Builder
	for from, i := 0, 0; ; i++ {
		if i < len(ids) && t.vocab.decodes(ids[i]) {
			continue
		}
		s, err := t.decodePart(n, ids[from:i], goesOn || from > 0)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
		if i == len(ids) {
			return b.String(), nil
		}
		tok, _ := t.Token(ids[i])
		b.WriteString(tok.Text)
		from = i + 1
	}
}

// decodes reports whether the library decodes an id.
func (v *vocab) decodes(id int32) bool {
	e, ok := v.lookup(id)
	return ok && !strings.Contains(e.bytes, "\x00")
}

// decodePart decodes ids that the library knows. A text that goes on is decoded after an ordinary token, whose own text is
// then taken away.
func (t *Tokenizer) decodePart(n library, ids []int32, goesOn bool) (string, error) {
	if goesOn && len(ids) > 0 && t.anchor() >= 0 {
		before, err := decode(n, []int32{t.anchor()})
		if err != nil {
			return "", err
		}
		s, err := decode(n, append([]int32{t.anchor()}, ids...))
		if err != nil {
			return "", err
		}
		if rest, ok := strings.CutPrefix(s, before); ok {
			return rest, nil
		}
	}
	return decode(n, ids)
}

func decode(n library, ids []int32) (string, error) {
	s, err := n.decode(ids)
	if err != nil {
		return "", engine.Errorf(engine.BadText, "tokenizer", "decoding %d ids: %v", len(ids), err).Try("decode fewer ids at a time")
	}
	return s, nil
}

// printable makes s UTF-8: part of a character shows as U+FFFD.
func printable(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

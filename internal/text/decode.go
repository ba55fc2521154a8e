package text

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Decode returns the text of ids, markers included. Bytes that are no character show as U+FFFD. An id outside the
// vocabulary is an error.
func (t *Tokenizer) Decode(ids []int32) (string, error) {
	nul := false
	for i, id := range ids {
		e, ok := t.vocab.lookup(id)
		if !ok {
			return "", engine.Errorf(engine.BadSetting, "tokenizer", "id %d at %d is not in the vocabulary", id, i).
				Try("use ids from 0 to %d", len(t.vocab.entries)-1)
		}
		nul = nul || strings.Contains(e.bytes, "\x00")
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, err := t.native(false)
	if err != nil {
		return "", err
	}
	if !nul {
		return decode(n, ids)
	}
	// The library hands texts over as C strings, which cannot hold a NUL: decode what lies between, and put those in.
	var b strings.Builder
	for from, i := 0, 0; ; i++ {
		if i < len(ids) && !strings.Contains(t.vocab.entries[ids[i]].bytes, "\x00") {
			continue
		}
		s, err := decode(n, ids[from:i])
		if err != nil {
			return "", err
		}
		b.WriteString(s)
		if i == len(ids) {
			return b.String(), nil
		}
		b.WriteString(printable(t.vocab.entries[ids[i]].bytes))
		from = i + 1
	}
}

func decode(n *native, ids []int32) (string, error) {
	s, err := n.decode(ids)
	if err != nil {
		return "", engine.Errorf(engine.BadText, "tokenizer", "decoding %d ids: %v", len(ids), err).Try("decode fewer ids at a time")
	}
	return s, nil
}

// printable makes s UTF-8: part of a character shows as U+FFFD.
func printable(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

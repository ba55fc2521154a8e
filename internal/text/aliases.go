package text

import (
	"strconv"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A library recognizes either every marker of a text or none. A text in which some are markers and others only look
// like one is therefore read by an instance of the tokenizer whose markers have other names, which no text holds.

// alias returns the name of the i-th marker in that instance.
func alias(i int) string { return opening + strconv.Itoa(i) + closing }

// readNamed reads a text in which only the given places are markers.
func (t *Tokenizer) readNamed(text string, own []place, special bool) ([]engine.Token, error) {
	var b strings.Builder
	at := 0
	for _, p := range own {
		b.WriteString(text[at:p.start] + alias(p.marker))
		at = p.end
	}
	b.WriteString(text[at:])
	if err := readable(text); err != nil {
		return nil, err
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	if _, err := t.library(false); err != nil { // closed
		return nil, err
	}
	n, err := t.named.get()
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	spans, err := n.encode(b.String(), special)
	if err != nil {
		return nil, engine.Errorf(engine.BadText, "tokenizer", "%v", err).Try("shorten the text, or leave out characters until it works")
	}
	if special {
		spans = t.once(spans)
	}
	for i := range spans {
		spans[i].Start, spans[i].End = unaliased(spans[i].Start, own), unaliased(spans[i].End, own)
	}
	return t.tokens(spans)
}

// unaliased turns an offset in the text with other names into that of the text itself.
func unaliased(offset int, own []place) int {
	shift := 0 // how much longer the names before have made the text
	for _, p := range own {
		start := p.start + shift
		end := start + len(alias(p.marker))
		if offset <= start {
			break
		}
		if offset < end {
			return p.start
		}
		shift += len(alias(p.marker)) - (p.end - p.start)
	}
	return offset - shift
}

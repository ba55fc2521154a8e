package text

import (
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Encode returns the tokens of s, read as how says. An s that is not UTF-8 or holds a NUL byte is an error with the
// code BadText. The tokens of an empty text are those that the post-processor adds.
func (t *Tokenizer) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	if err := readable(s); err != nil {
		return nil, err
	}
	if how.Markers && how.Literal > 0 {
		return t.encodeAfter(s[:max(0, len(s)-how.Literal)], s[max(0, len(s)-how.Literal):], how.Special)
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	n, err := t.library(!how.Markers && t.vocab.holdsMarker(s))
	if err != nil {
		return nil, err
	}
	spans, err := n.encode(s, how.Special)
	if err != nil {
		return nil, engine.Errorf(engine.BadText, "tokenizer", "%v", err).Try("shorten the text, or leave out characters until it works")
	}
	if how.Markers && how.Special {
		spans = t.once(spans)
	}
	return t.tokens(spans)
}

// encodeAfter returns the tokens of two texts as one, of which only the first has markers.
func (t *Tokenizer) encodeAfter(before, literal string, special bool) ([]engine.Token, error) {
	guarded := t.vocab.guarded(literal)
	if guarded == literal && !t.vocab.normalized {
		return t.Encode(before+literal, engine.Encoding{Markers: true, Special: special})
	}
	if err := unreserved(before + literal); err != nil {
		return nil, err
	}
	return t.readGuarded(before+guarded, special)
}

// tokens returns the tokens that spans stand for.
func (t *Tokenizer) tokens(spans []bpe.Token) ([]engine.Token, error) {
	out := make([]engine.Token, len(spans))
	for i, p := range spans {
		tok, ok := t.Token(p.ID)
		if !ok {
			return nil, engine.Errorf(engine.BadModel, "tokenizer.json", "the text has the id %d, which is not in the vocabulary", p.ID)
		}
		tok.Start, tok.End = p.Start, p.End
		out[i] = tok
	}
	return out, nil
}

// once removes what the post-processor added where the text itself has it already. The text's own token stays, because
// it has a place in the text.
func (t *Tokenizer) once(spans []bpe.Token) []bpe.Token {
	if n := len(t.prefix); n > 0 && len(spans) >= 2*n &&
		slices.Equal(ids(spans[:n]), t.prefix) && slices.Equal(ids(spans[n:2*n]), t.prefix) {
		spans = spans[n:]
	}
	if n, m := len(t.suffix), len(spans); n > 0 && m >= len(t.prefix)+2*n &&
		slices.Equal(ids(spans[m-n:]), t.suffix) && slices.Equal(ids(spans[m-2*n:m-n]), t.suffix) {
		spans = spans[:m-n]
	}
	return spans
}

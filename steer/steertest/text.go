package steertest

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// NewText returns a tokenizer of some twenty words: the longest word that fits is read first, and what is no word is read
// byte by byte. It puts <s> before a text; </s> ends one. " Sacramento" is three tokens.
func NewText() engine.Tokenizer { return text{} }

// PlainText is NewText without a BOS, as SmolLM2's tokenizer has none.
func PlainText() engine.Tokenizer { return text{plain: true} }

type text struct{ plain bool }

// Encode implements engine.Tokenizer.
func (x text) Encode(s string, how engine.Encoding) ([]engine.Token, error) {
	if !utf8.ValidString(s) {
		return nil, engine.Errorf(engine.BadText, "", "the text %q is not UTF-8", s).Try("give it as UTF-8")
	}
	if i := strings.IndexByte(s, 0); i >= 0 {
		return nil, engine.Errorf(engine.BadText, "", "the text has a NUL byte at %d", i).Try("leave it out")
	}
	var ts []engine.Token
	if how.Special && !x.plain {
		ts = append(ts, word(BOS))
	}
	for at := 0; at < len(s); {
		t := next(s[at:], how.Markers && at < len(s)-how.Literal)
		t.Start, t.End = at, at+len(bytesOf(t.ID))
		if t.ID >= words { // a byte of a character covers the whole character
			lo := at
			for !utf8.RuneStart(s[lo]) {
				lo--
			}
			_, n := utf8.DecodeRuneInString(s[lo:])
			t.Start, t.End = lo, lo+n
		}
		ts = append(ts, t)
		at += len(bytesOf(t.ID))
	}
	return ts, nil
}

// next returns the longest word that s starts with, or its first byte.
func next(s string, markers bool) engine.Token {
	best, size := words+int32(s[0]), 0
	for id, w := range spelling {
		special := int32(id) == BOS || int32(id) == End
		if (markers || !special) && len(w) > size && strings.HasPrefix(s, w) {
			best, size = int32(id), len(w)
		}
	}
	return word(best)
}

// bytesOf returns what a token of the vocabulary stands for.
func bytesOf(id int32) string {
	if id < words {
		return spelling[id]
	}
	return string([]byte{byte(id - words)})
}

func word(id int32) engine.Token {
	s := bytesOf(id)
	t := engine.Token{
		ID: id, Piece: strings.ReplaceAll(valid(s), " ", "Ġ"), Text: valid(s), Special: id == BOS || id == End,
	}
	if t.Text != s {
		t.Raw = hex.EncodeToString([]byte(s))
		t.Piece = "<0x" + strings.ToUpper(t.Raw) + ">"
	}
	return t
}

func valid(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }

// Decode implements engine.Tokenizer.
func (x text) Decode(ids []int32) (string, error) {
	var b strings.Builder
	for _, id := range ids {
		switch {
		case id < 0:
			return "", engine.Errorf(engine.BadText, "", "id %d is negative", id).Try("use 0 to %d", vocabSize-1)
		case int(id) >= vocabSize:
			b.WriteString(engine.Unnamed(id).Text)
		default:
			b.WriteString(bytesOf(id))
		}
	}
	return valid(b.String()), nil
}

// DecodeNew implements engine.Tokenizer.
func (x text) DecodeNew(ids []int32) (string, error) { return x.Decode(ids) }

// Token implements engine.Tokenizer.
func (x text) Token(id int32) (engine.Token, bool) {
	if id < 0 || int(id) >= vocabSize {
		return engine.Unnamed(id), false
	}
	return word(id), true
}

// BOS implements engine.Tokenizer.
func (x text) BOS() (int32, bool) { return BOS, !x.plain }

// Ends implements engine.Tokenizer.
func (x text) Ends() []int32 { return []int32{End} }

// Warnings implements engine.Tokenizer.
func (x text) Warnings() []engine.Warning { return nil }

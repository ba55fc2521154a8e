package plotting

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
)

// labelLen is the length of the longest token label; a longer token ends in an ellipsis.
const labelLen = 14

// begins are the spellings of the token that begins a text, in Llama 2 and 3, Gemma, LFM and others.
var begins = map[string]bool{"<s>": true, "<|begin_of_text|>": true, "<bos>": true, "<|startoftext|>": true, "[BOS]": true}

// tokenLabel returns what is drawn for a token: white space made visible, special tokens named shortly, what the font
// lacks escaped, at most labelLen characters. It is never empty.
func tokenLabel(token string) string {
	switch {
	case token == "":
		return `""`
	case begins[token]:
		return "BOS"
	}
	if name, ok := strings.CutPrefix(token, "<|"); ok {
		if name, ok = strings.CutSuffix(name, "|>"); ok && name != "" {
			token = "<" + name + ">"
		}
	}
	var buf sfnt.Buffer
	f := mono(tickSize)
	var b strings.Builder
	length := 0 // characters so far
	for rest := token; rest != ""; {
		r, n := utf8.DecodeRuneInString(rest)
		piece := spell(f, &buf, r, rest[:n])
		rest = rest[n:]
		size := utf8.RuneCountInString(piece)
		if length > 0 && (length+size > labelLen || length+size == labelLen && rest != "") {
			return b.String() + "…"
		}
		b.WriteString(piece)
		length += size
	}
	return b.String()
}

// spell returns how one character of a token is drawn; bytes are its encoding.
func spell(f typeface, buf *sfnt.Buffer, r rune, bytes string) string {
	switch {
	case r == utf8.RuneError && len(bytes) == 1: // part of a character
		return fmt.Sprintf(`\x%02x`, bytes[0])
	case r == ' ', r == '▁': // SentencePiece spells a space as U+2581
		return "·"
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case unicode.IsSpace(r):
		return escape(r)
	}
	return f.drawable(bytes)
}

// Package visible spells text that came from elsewhere (tokens, names of models and files, prompts, errors) so that it can
// be shown: nothing in it moves a cursor, changes colors, reverses the direction of what stands beside it, or hides.
//
// [Token] and [Text] are for places of their own, cells of tables and cards: every character is seen, white space too.
// [Stream] and [Writer] are for whole outputs, a terminal's or a pipe's: lines stay lines, letters of every script and
// emoji stay as they are, and what a terminal would obey is spelled as Go's escape. A program sends all that it prints
// through one Writer, so that no call can forget it.
package visible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Token spells the text of a token so that every character is seen: a space as ·, a line break as \n, and what has no
// shape of its own, or would change that of its neighbors, as Go's escape.
func Token(s string) string { return spell(s, true) }

// Text is Token for running text: spaces between words stay spaces, those at the ends are shown.
func Text(s string) string {
	body := strings.Trim(s, " ")
	if body == "" {
		return Token(s)
	}
	lead := strings.Index(s, body)
	return strings.Repeat("·", lead) + spell(body, false) + strings.Repeat("·", len(s)-lead-len(body))
}

func spell(s string, spaces bool) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == ' ' && spaces:
			b.WriteRune('·')
		case r == '·', r == '\\', // or they would pass for a space, and for the start of an escape
			r == utf8.RuneError && n == 1, !unicode.IsPrint(r),
			b.Len() == 0 && unicode.Is(unicode.M, r): // a lone accent would sit on what is before it
			b.WriteString(escape(r, s[:n]))
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// escape is Go's escape of a character; bytes are its encoding, or the one byte that is none.
func escape(r rune, bytes string) string {
	switch {
	case r == utf8.RuneError && len(bytes) == 1:
		return fmt.Sprintf(`\x%02x`, bytes[0])
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r == '\\':
		return `\\`
	case r >= 1<<16:
		return fmt.Sprintf(`\U%08x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

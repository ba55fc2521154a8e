package plotting

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"
)

// drawable returns s with every character that the font cannot show replaced by its escape, e.g. \u4e2d, and every
// kind of white space by a plain space. A font otherwise drops what it lacks without a word.
func (f typeface) drawable(s string) string {
	var buf sfnt.Buffer
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case unicode.In(r, unicode.M, unicode.Cf) || !f.visible(&buf, r): // a lone combining mark would sit on its neighbor
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// spelled returns s with every character that acts on what shows it, instead of being shown, as its escape, e.g. \x1b:
// what a terminal obeys, what turns the direction of text around, what has no width. White space becomes a space. Those
// that only join letters or parts of an emoji stay.
func spelled(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case r == '\u200c' || r == '\u200d':
			b.WriteRune(r)
		case unicode.In(r, unicode.Cc, unicode.Cf) || r&0xfffe == 0xfffe: // and no character at all, which XML refuses
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// escape spells a character as Go does.
func escape(r rune) string {
	switch {
	case r < 0x80:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

package plotting

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/image/font/sfnt"

	"github.com/neuronsteer/neuronsteer/internal/visible"
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

// spelled returns a title or an alternative text as one line that a terminal shows and does not obey.
func spelled(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, visible.Stream(s))
}

// escape spells a character as Go does.
func escape(r rune) string {
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

package plotting

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// drawable returns s as it is drawn: letters and signs of every script stay, white space becomes a plain space, and what has no
// shape of its own, or would change that of its neighbors, is named, e.g. ‹U+200B›. A sign that sits on a letter is kept on its letter
// and stands on ◌ where it has none; joiners and selectors within a word, which are there for their neighbors' shapes, show nothing.
func drawable(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	before := ' '
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		next, _ := utf8.DecodeRuneInString(s[n:])
		switch within := before != ' ' && before != '›'; {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case string(r) == hold:
			r = ' '
			b.WriteString(hold)
		case unicode.IsSpace(r):
			r = ' '
			b.WriteByte(' ')
		case joins(r) && within && (unicode.IsLetter(next) || unicode.Is(unicode.So, next)), unicode.Is(unicode.Variation_Selector, r) && within:
			b.WriteRune(r)
		case unicode.Is(unicode.M, r) && !shapeless(r):
			if !within && before != '◌' {
				b.WriteRune('◌')
			}
			b.WriteRune(r)
		case shapeless(r):
			b.WriteString(named(r))
			r = '›'
		default:
			b.WriteRune(r)
		}
		before, s = r, s[n:]
	}
	return b.String()
}

// plain reports whether all of s is drawn as it is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// joins reports whether a character is a joiner or its opposite, which scripts and emoji need.
func joins(r rune) bool { return r == '\u200c' || r == '\u200d' }

// shapeless reports whether a character is none that anybody sees. The replacement character is one that would pass for a fault.
func shapeless(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs) || unicode.Is(unicode.Variation_Selector, r) ||
		unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// named spells a character by its code, as Unicode does.
func named(r rune) string { return fmt.Sprintf("‹U+%04X›", r) }

// spelled returns a title or an alternative text as one line that a terminal shows and does not obey.
func spelled(s string) string {
	if plain(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch shown := visible.Stream(s[:n]); {
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		case shown != s[:n] && n > 1, shown != s[:n] && r < utf8.RuneSelf:
			b.WriteString(named(r))
		default:
			b.WriteString(shown)
		}
		s = s[n:]
	}
	return b.String()
}

package visible

import (
	"unicode"
	"unicode/utf8"
)

// Width is the number of columns that s takes in a font of fixed width: two for East Asian characters and emoji, none for
// accents.
func Width(s string) int {
	n := utf8.RuneCountInString(s)
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
			n--
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) || r >= 0x1F300 && r < 0x1FB00:
			n++
		}
	}
	return n
}

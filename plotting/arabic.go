package plotting

import "unicode"

// Arabic letters join: each has up to four shapes, alone, at the end, at the beginning and in the middle of what joins. Fonts have
// these under codes of their own (Unicode Standard, chapter 9.2 and the charts of Arabic Presentation Forms A and B), in this order.
// letters holds where the shapes of a letter begin and how many there are; one that joins to the right alone has two.
var letters = arabicLetters()

type arabicLetter struct {
	first  rune
	shapes int
}

func arabicLetters() map[rune]arabicLetter {
	all := map[rune]arabicLetter{
		'پ': {0xfb56, 4}, 'ٹ': {0xfb66, 4}, 'چ': {0xfb7a, 4}, 'ڈ': {0xfb88, 2}, 'ژ': {0xfb8a, 2}, 'ڑ': {0xfb8c, 2}, 'ک': {0xfb8e, 4},
		'گ': {0xfb92, 4}, 'ں': {0xfb9e, 2}, 'ھ': {0xfbaa, 4}, 'ے': {0xfbae, 2}, 'ی': {0xfbfc, 4},
	}
	at := rune(0xfe80)
	for i, shapes := range []int{1, 2, 2, 2, 2, 4, 2, 4, 2, 4, 4, 4, 4, 4, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4} { // U+0621 to U+063A
		all[0x621+rune(i)] = arabicLetter{at, shapes}
		at += rune(shapes)
	}
	for i, shapes := range []int{4, 4, 4, 4, 4, 4, 4, 2, 2, 4} { // U+0641 to U+064A
		all[0x641+rune(i)] = arabicLetter{at, shapes}
		at += rune(shapes)
	}
	return all
}

// ligatures are lam with an alef, which are always one sign: its first code, of two shapes.
var ligatures = map[rune]rune{'آ': 0xfef5, 'أ': 0xfef7, 'إ': 0xfef9, 'ا': 0xfefb}

// tatweel lengthens what joins, and joins on both sides.
const tatweel = 'ـ'

// shaped returns s with the shapes that its Arabic letters have beside their neighbors, as far as a font has them.
func shaped(s string) string {
	in, out := []rune(s), []rune(nil)
	for i := 0; i < len(in); i++ {
		r := in[i]
		l, ok := letters[r]
		if !ok {
			if !joins(r) || i == 0 || i == len(in)-1 { // it has done its work
				out = append(out, r)
			}
			continue
		}
		before := joinsOn(neighbor(in, i, -1))
		first := ligatures[neighbor(in, i, 1)]
		shape := rune(0)
		if before && l.shapes > 1 {
			shape = 1
		}
		switch {
		case r == 'ل' && first != 0 && i+1 < len(in) && in[i+1] == neighbor(in, i, 1) && hasShape(first):
			out = append(out, first+shape)
			i++
			continue
		case l.shapes == 4 && joinsBack(neighbor(in, i, 1)):
			shape += 2
		}
		if hasShape(l.first + shape) {
			r = l.first + shape
		}
		out = append(out, r)
	}
	return string(out)
}

// neighbor returns the next character before or behind, past the signs that sit on letters; 0 is none.
func neighbor(s []rune, i, step int) rune {
	for i += step; i >= 0 && i < len(s); i += step {
		if !unicode.Is(unicode.M, s[i]) {
			return s[i]
		}
	}
	return 0
}

// joinsOn reports whether a letter joins to what follows, joinsBack whether one joins to what is before it.
func joinsOn(r rune) bool   { return letters[r].shapes == 4 || r == tatweel || r == '\u200d' }
func joinsBack(r rune) bool { return letters[r].shapes > 1 || r == tatweel || r == '\u200d' }

// hasShape reports whether any font has a shape.
func hasShape(r rune) bool {
	_, _, ok := fonts.glyph(r)
	return ok
}

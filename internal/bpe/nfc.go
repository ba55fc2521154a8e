package bpe

import (
	"bytes"
	"slices"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A form is one of Unicode's normalization forms (UAX #15). Package norm knows the characters; which character of the text
// before each new one stands for, which it does not tell, is found here by the steps of the standard.
type form struct {
	norm    norm.Form // with what the standard's check is made
	parts   norm.Form // its decompositions
	compose bool
}

var forms = map[string]form{
	"NFC": {norm.NFC, norm.NFD, true}, "NFD": {norm.NFD, norm.NFD, false},
	"NFKC": {norm.NFKC, norm.NFKD, true}, "NFKD": {norm.NFKD, norm.NFKD, false},
}

// normalize returns a part in the form; one that is in it already as it is.
func (f form) normalize(p part) part {
	if f.norm.IsNormalString(p.s) {
		return p
	}
	changes := f.decomposed(p.s)
	if f.compose {
		changes = composed(changes)
	}
	return p.changed(0, changes)
}

// decomposed returns the canonical order of the decompositions of s.
func (f form) decomposed(s string) []change {
	type mark struct {
		change
		class uint8
	}
	var out []change
	var pending []mark // since the last starter
	flush := func() {
		slices.SortStableFunc(pending, func(a, b mark) int { return int(a.class) - int(b.class) })
		for _, m := range pending {
			out = append(out, m.change)
		}
		pending = pending[:0]
	}
	put := func(r rune, first bool) {
		m := mark{change{r, 1}, class(r)}
		if first {
			m.n = 0
		}
		if m.class == 0 {
			flush()
		}
		pending = append(pending, m)
	}
	for _, r := range s {
		if parts := f.partsOf(r); parts != "" {
			first := true
			for _, x := range parts {
				put(x, first)
				first = false
			}
			continue
		}
		put(r, true)
	}
	flush()
	return out
}

// partsOf returns the full decomposition of a character; "" when it has none.
func (f form) partsOf(r rune) string {
	if l, v, t, ok := jamo(r); ok {
		if t == 0 {
			return string([]rune{l, v})
		}
		return string([]rune{l, v, t})
	}
	if r < 0xA0 || unicode.Is(later, r) {
		return ""
	}
	var buf [utf8.UTFMax]byte
	return string(f.parts.Properties(utf8.AppendRune(buf[:0], r)).Decomposition())
}

// class returns the canonical combining class.
func class(r rune) uint8 {
	if r < 0x300 || unicode.Is(later, r) {
		return 0
	}
	var buf [utf8.UTFMax]byte
	return norm.NFD.Properties(utf8.AppendRune(buf[:0], r)).CCC()
}

// composed puts characters together with the starter before them, where nothing blocks it (UAX #15, canonical composition).
func composed(in []change) []change {
	out := make([]change, 0, len(in))
	starter := -1 // in out
	last := -1    // class of what stands after it; −1 nothing
	for _, c := range in {
		cl := int(class(c.r))
		if starter >= 0 && (last < 0 || last < cl) {
			if r, ok := compose(out[starter].r, c.r); ok {
				out[starter].r = r
				out[starter].n += c.n - 1
				continue
			}
		}
		if cl == 0 {
			starter, last = len(out), -1
		} else if starter >= 0 {
			last = cl
		}
		out = append(out, c)
	}
	return out
}

// compose returns the character that two make.
func compose(a, b rune) (rune, bool) {
	if r, ok := hangul(a, b); ok {
		return r, true
	}
	if b < 0x300 {
		return 0, false
	}
	var buf [4 * utf8.UTFMax]byte
	pair := utf8.AppendRune(utf8.AppendRune(buf[:0], a), b)
	both := norm.NFC.Bytes(pair)
	r, n := utf8.DecodeRune(both)
	// norm composes by the lower 16 bits alone: U+10041 and an acute would be Á. What two make has to come apart again.
	whole := utf8.AppendRune(nil, r)
	return r, n == len(both) && r != a && !unicode.Is(later, r) && bytes.Equal(norm.NFD.Bytes(whole), norm.NFD.Bytes(pair))
}

// Hangul syllables are composed by arithmetic (The Unicode Standard, 3.12).
const (
	hangulS, hangulL, hangulV, hangulT = 0xAC00, 0x1100, 0x1161, 0x11A7
	hangulLS, hangulVS, hangulTS       = 19, 21, 28
)

func jamo(r rune) (l, v, t rune, ok bool) {
	i := r - hangulS
	if i < 0 || i >= hangulLS*hangulVS*hangulTS {
		return 0, 0, 0, false
	}
	if t = i % hangulTS; t != 0 {
		t += hangulT
	}
	return hangulL + i/(hangulVS*hangulTS), hangulV + i/hangulTS%hangulVS, t, true
}

func hangul(a, b rune) (rune, bool) {
	if l, v := a-hangulL, b-hangulV; l >= 0 && l < hangulLS && v >= 0 && v < hangulVS {
		return hangulS + (l*hangulVS+v)*hangulTS, true
	}
	if s, t := a-hangulS, b-hangulT; s >= 0 && s < hangulLS*hangulVS*hangulTS && s%hangulTS == 0 && t > 0 && t < hangulTS {
		return a + t, true
	}
	return 0, false
}

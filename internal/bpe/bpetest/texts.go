package bpetest

import (
	"slices"
	"strings"
	"unicode"
)

// A Text is a text and the kind that it is of.
type Text struct{ Kind, Text string }

// draw is a sequence of numbers by chance: SplitMix64 (Steele, Lea & Flood 2014).
type draw uint64

func (d *draw) next() uint64 {
	*d += 0x9E3779B97F4A7C15
	x := uint64(*d)
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// n returns a number below n, between one from low to below high.
func (d *draw) n(n int) int               { return int(d.next() % uint64(n)) }
func (d *draw) between(low, high int) int { return low + d.n(high-low) }

func (d *draw) of(list []string) string { return list[d.n(len(list))] }

// many joins as many texts as between says.
func (d *draw) many(low, high int, one func() string) string {
	var b strings.Builder
	for range d.between(low, high) {
		b.WriteString(one())
	}
	return b.String()
}

func (d *draw) sentence(n int) string {
	ends := []string{" ", " ", " ", ", ", ". ", "? ", "; ", "'s ", "-", "/", "\n", "  "}
	return d.many(n, n+1, func() string { return d.of(words) + d.of(ends) })
}

func (d *draw) number() string {
	digits := d.many(1, 14, func() string { return string(rune('0' + d.n(10))) })
	switch d.n(6) {
	case 0:
		return digits + "." + digits[:min(2, len(digits))]
	case 1:
		return "-" + digits
	case 2:
		return "$" + digits
	case 3:
		return "²³" + digits
	case 4:
		return "٠١٢" + digits
	}
	return digits
}

// character returns any assigned character but a surrogate, those of the first planes more often.
func (d *draw) character() string {
	for {
		r := rune(d.between(0xA0, 0x2000))
		switch d.n(4) {
		case 0:
			r = rune(d.between(0x20, 0x7F))
		case 1:
			r = rune(d.between(0x2000, 0x10000))
		case 2:
			r = rune(d.between(0x10000, 0x1FC00))
		}
		if unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cf) {
			return string(r)
		}
	}
}

// Texts returns 5,000 texts.
func Texts() []Text {
	d := draw(20261127)
	var all []Text
	add := func(kind string, texts ...string) {
		for _, s := range texts {
			all = append(all, Text{kind, s})
		}
	}
	times := func(kind string, n int, one func() string) {
		for range n {
			add(kind, one())
		}
	}
	add("empty", "")
	add("space", " ", "  ", "\n", "\t", "   \n\n  \t ", "\r", "\r\n\r\n", "\u00a0", "\u3000\u3000", " a", "a ", " \n a", "\n\n\nthe")
	add("plain", "The capital of France is", "Hello world", " Hello", "Hello ", "a", "A", "é", "中", "🤖")
	add("contraction", "can't CAN'T ’twas I’m", "I'ſ it'ſ", "'S'T'RE'VE'M'LL'D", "we'Re they'lL 'ſ", "x'sy'tz")
	add("long", strings.Repeat("ab", 2000), strings.Repeat(" ", 700), strings.Repeat("a b ", 900), strings.Repeat("a", 4000),
		strings.Repeat("中", 1300), strings.Repeat("\n", 300), strings.Repeat("é", 1000), strings.Repeat("1", 500), strings.Repeat("!?", 600), strings.Repeat("aA", 700))
	times("plain", 700, func() string { return strings.TrimRight(d.sentence(d.between(1, 14)), " \n") })
	times("leading space", 400, func() string {
		return strings.Repeat(d.of(spaces), d.between(1, 4)) + d.sentence(d.between(1, 6))
	})
	times("digits", 400, func() string {
		return d.of([]string{"", " ", "x", "("}) + d.number() + d.of([]string{"", " ", "kg", ")"}) + d.number()
	})
	times("emoji", 350, func() string {
		return d.many(1, 8, func() string { return d.of(slices.Concat(emoji, []string{" ", "a", "!"})) })
	})
	times("code", 400, func() string { return d.many(1, 5, func() string { return d.of(slices.Concat(code, spaces)) }) })
	times("unicode", 600, func() string { return d.many(1, 20, d.character) })
	times("combining", 450, func() string {
		return d.many(1, 8, func() string {
			if d.n(3) == 0 {
				return d.of([]string{"a", "e", "o", "A", "ê", "ô", "ㅏ"}) + d.many(1, 4, func() string { return string(rune(d.between(0x300, 0x370))) })
			}
			return d.of(slices.Concat(combining, []string{" ", "x", "7"}))
		})
	})
	times("white space", 300, func() string {
		return d.many(1, 12, func() string { return d.of(slices.Concat(spaces, []string{"x", ".", "1"})) })
	})
	times("ascii", 300, func() string { return d.many(1, 40, func() string { return string(rune(d.between(1, 127))) }) })
	times("special", 500, func() string {
		return d.many(1, 8, func() string {
			switch d.n(7) {
			case 0, 1:
				return d.of(specials)
			case 2:
				return d.of(words)
			case 3:
				return d.number()
			}
			return d.of([]string{" ", "\n", "<|", "|>", "<", "  "})
		})
	})
	times("chat", 120, func() string {
		return d.of(chats[0]) + d.sentence(5) + d.of(chats[1])
	})
	times("paragraph", 20, func() string { return d.sentence(400) })
	times("nul", 60, func() string {
		return d.many(1, 6, func() string { return d.of([]string{"\x00", "a", " b", "\n", "é"}) })
	})
	times("newer characters", 150, func() string { return d.many(1, 8, func() string { return d.of(newer) }) })
	times("unicode words", 5000-len(all), func() string {
		return d.many(1, 6, func() string { return d.of(words) + d.character() })
	})
	return all
}

package bpe

import "unicode/utf8"

// A Token is an id and the bytes [Start,End) of the text that it came from. A character that is spread over several tokens
// gives each of them its whole span; what the post-processor added has an empty span at 0.
type Token struct {
	ID         int32
	Start, End int
}

// A span is where a byte of a normalized text came from: bytes [start,end) of the text as given, always whole characters.
type span struct{ start, end int32 }

// A part is a piece of the text on its way to tokens: normalized text, and for each of its bytes where it came from. Most
// texts are not changed by normalizing, and need no list of that.
type part struct {
	s    string
	at   []span // of each byte of s; nil: s is the text as given, from base on
	base int
	id   int32 // of an added token, which is not looked at any further; −1: text
}

// slice returns the bytes [i,j) of a part.
func (p part) slice(i, j int) part {
	q := part{s: p.s[i:j], base: p.base + i, id: -1}
	if p.at != nil {
		q.at = p.at[i:j]
	}
	return q
}

// source returns where the bytes [i,j) of a part came from; i < j.
func (p part) source(i, j int) (start, end int) {
	if p.at != nil {
		return int(p.at[i].start), int(p.at[j-1].end)
	}
	for i > 0 && !utf8.RuneStart(p.s[i]) {
		i--
	}
	for j < len(p.s) && !utf8.RuneStart(p.s[j]) {
		j++
	}
	return p.base + i, p.base + j
}

// start returns where a part begins in the text as given.
func (p part) start() int {
	if len(p.at) > 0 {
		return int(p.at[0].start)
	}
	return p.base
}

// spans returns where each byte came from, as a list.
func (p part) spans() []span {
	if p.at != nil {
		return p.at
	}
	at := make([]span, len(p.s))
	for i := 0; i < len(p.s); {
		_, n := utf8.DecodeRuneInString(p.s[i:])
		for k := range n {
			at[i+k] = span{int32(p.base + i), int32(p.base + i + n)}
		}
		i += n
	}
	return at
}

// A change is a character of a normalized text and what it stands for: 0 in place of one character of the text before, −n
// of one and the n after it, 1 of none (it is new, and shares the place of the character before).
type change struct {
	r rune
	n int
}

// changed returns the part made of changes, after skip characters that are taken away at the beginning.
func (p part) changed(skip int, changes []change) part {
	old := p.spans()
	rest := p.s
	at := 0 // bytes of the text before that are used up
	take := func(n int) {
		for ; n > 0 && rest != ""; n-- {
			_, w := utf8.DecodeRuneInString(rest)
			rest, at = rest[w:], at+w
		}
	}
	take(skip)
	out := make([]byte, 0, len(p.s)+8)
	spans := make([]span, 0, len(p.s)+8)
	for _, c := range changes {
		var where span
		switch {
		case c.n > 0 && at > 0:
			where = old[at-1]
		case c.n <= 0 && at < len(old):
			where = old[at]
		case c.n <= 0 && len(old) > 0:
			where = old[len(old)-1]
		}
		if c.n <= 0 {
			take(1 - c.n)
		}
		n := len(out)
		out = utf8.AppendRune(out, c.r)
		for range len(out) - n {
			spans = append(spans, where)
		}
	}
	return part{s: string(out), at: spans, base: p.base, id: -1}
}

// prepended returns a part with a text before it, which shares the place of its first character. Nothing is put before
// nothing.
func (p part) prepended(s string) part {
	if p.s == "" || s == "" {
		return p
	}
	old := p.spans()
	_, w := utf8.DecodeRuneInString(p.s)
	at := make([]span, 0, len(s)+len(old))
	for range len(s) + w {
		at = append(at, old[0])
	}
	return part{s: s + p.s, at: append(at, old[w:]...), base: p.base, id: -1}
}

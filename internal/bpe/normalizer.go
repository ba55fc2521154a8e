package bpe

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/bpe/pattern"
)

// A normalizer changes a part before it is split into words.
type normalizer func(part) part

// none says that nothing is to be done: a nil normalizer.
func readNormalizer(v any) (normalizer, error) {
	o, err := settings("normalizer", v)
	if err != nil || o.fields == nil {
		return nil, err
	}
	switch o.kind {
	case "Sequence":
		list, err := o.list("normalizers")
		if err != nil {
			return nil, err
		}
		var all []normalizer
		for _, x := range list {
			n, err := readNormalizer(x)
			if err != nil {
				return nil, err
			}
			if n != nil {
				all = append(all, n)
			}
		}
		if len(all) == 0 {
			return nil, o.done()
		}
		return func(p part) part {
			for _, n := range all {
				p = n(p)
			}
			return p
		}, o.done()
	case "NFC", "NFD", "NFKC", "NFKD":
		return forms[o.kind].normalize, o.done()
	case "Lowercase":
		return lowercase, o.done()
	case "StripAccents":
		return func(p part) part { return p.kept(func(r rune) bool { return !unicode.Is(unicode.M, r) }) }, o.done()
	case "Strip":
		left, right := o.flag("strip_left"), o.flag("strip_right")
		return func(p part) part { return stripped(p, left, right) }, o.done()
	case "Prepend":
		s := o.text("prepend")
		return func(p part) part { return p.prepended(s) }, o.done()
	case "Replace":
		pat, content := o.pattern("pattern"), o.text("content")
		return func(p part) part { return replaced(p, pat, content) }, o.done()
	}
	return nil, o.unknown("Sequence, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Prepend and Replace")
}

// lowercase maps each character by itself; İ alone becomes two, i and a dot above.
func lowercase(p part) part {
	if strings.IndexFunc(p.s, func(r rune) bool { return unicode.ToLower(r) != r }) < 0 {
		return p
	}
	changes := make([]change, 0, len(p.s))
	for _, r := range p.s {
		changes = append(changes, change{unicode.ToLower(r), 0})
		if r == 'İ' {
			changes = append(changes, change{'\u0307', 1})
		}
	}
	return p.changed(0, changes)
}

// kept returns the characters that keep says; each takes the place of those after it that go.
func (p part) kept(keep func(rune) bool) part {
	if strings.IndexFunc(p.s, func(r rune) bool { return !keep(r) }) < 0 {
		return p
	}
	var changes []change
	skip := 0
	for _, r := range p.s {
		switch {
		case keep(r):
			changes = append(changes, change{r, 0})
		case len(changes) == 0:
			skip++
		default:
			changes[len(changes)-1].n--
		}
	}
	return p.changed(skip, changes)
}

// stripped takes white space away at the ends.
func stripped(p part, left, right bool) part {
	i, j := 0, len(p.s)
	if left {
		i = len(p.s) - len(strings.TrimLeftFunc(p.s, unicode.IsSpace))
	}
	if right && i < j {
		j = len(strings.TrimRightFunc(p.s, unicode.IsSpace))
	}
	return p.slice(i, j)
}

// replaced puts content where pat matches. Each of its characters has the place of the last character of the match.
func replaced(p part, pat *pattern.Pattern, content string) part {
	m := pat.Find(p.s)
	defer m.Release()
	from, to, ok := m.Next()
	if !ok {
		return p
	}
	old := p.spans()
	out := make([]byte, 0, len(p.s)+len(content)*4)
	at := make([]span, 0, cap(out))
	last := 0
	for ; ok; from, to, ok = m.Next() {
		out = append(append(out, p.s[last:from]...), content...)
		at = append(at, old[last:from]...)
		var where span
		if to > 0 {
			where = old[to-1]
		}
		for range len(content) {
			at = append(at, where)
		}
		last = to
	}
	out = append(out, p.s[last:]...)
	return part{s: string(out), at: append(at, old[last:]...), base: p.base, id: -1}
}

// width returns the bytes of the first character of s.
func width(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

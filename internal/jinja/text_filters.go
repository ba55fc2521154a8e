package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textFilter makes a filter of a function of a text; nil leaves it as it is.
func textFilter(f func(string) string) filter {
	return func(m *machine, v any, a args) (any, error) {
		if _, err := a.bind(0); err != nil {
			return nil, err
		}
		s, err := m.text(v)
		if err != nil || f == nil {
			return s, err
		}
		if err := m.build(3 * len(s)); err != nil {
			return nil, err
		}
		return f(s), nil
	}
}

// titleWords is Jinja's title, which differs from Python's: a word begins after white space, a hyphen or an opening bracket.
func titleWords(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		was := start
		start = space(r) || strings.ContainsRune("-({[<", r)
		if was {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, s)
}

func centerFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "width")
	if err != nil {
		return nil, err
	}
	width, err := asInt(x[0], 80)
	if err != nil {
		return nil, err
	}
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	return m.pad(s, width, " ", func(n int) int { return n / 2 })
}

func escapeFilter(m *machine, v any, _ args) (any, error) {
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	if err := m.build(5 * len(s)); err != nil {
		return nil, err
	}
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;").Replace(s), nil
}

// formatFilter is Python's %: of the arguments, or of those with names.
func formatFilter(m *machine, v any, a args) (any, error) {
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	if len(a.named) > 0 {
		if len(a.pos) > 0 {
			return nil, errors.New("it takes arguments with names or without")
		}
		d := newDict()
		for i, n := range a.names {
			d.set(n, a.named[i])
		}
		return m.format(s, d)
	}
	return m.format(s, tupleOf(a.pos...))
}

func indentFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "width", "first", "blank")
	if err != nil {
		return nil, err
	}
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	by, isText := x[0].(string)
	if !isText {
		width, err := asInt(x[0], 4)
		if err != nil {
			return nil, err
		}
		if by, err = m.pad("", width, " ", func(int) int { return 0 }); err != nil {
			return nil, err
		}
	}
	lines, blank := strings.Split(s, "\n"), asBool(x[2], false)
	if len(by) > 0 && len(lines) > maxBuilt/len(by) {
		return nil, errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	if err := errors.Join(m.items(len(lines)), m.build(len(s)+len(by)*len(lines))); err != nil {
		return nil, err
	}
	for i, l := range lines {
		if i == 0 && asBool(x[1], false) || i > 0 && (blank || l != "") {
			lines[i] = by + l
		}
	}
	return strings.Join(lines, "\n"), nil
}

func replaceFilter(m *machine, v any, a args) (any, error) {
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	x, err := a.bind(2, "old", "new", "count")
	if err != nil {
		return nil, err
	}
	if x[2] == nil {
		x[2] = absent{}
	}
	old, err := m.text(x[0])
	if err != nil {
		return nil, err
	}
	with, err := m.text(x[1])
	if err != nil {
		return nil, err
	}
	most, err := asInt(x[2], -1)
	if err != nil {
		return nil, err
	}
	return m.replace(s, old, with, most)
}

func trimFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "chars")
	if err != nil {
		return nil, err
	}
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	if set, ok := x[0].(string); ok {
		if err := m.work((1 + len(set)) * len(s) / 64); err != nil {
			return nil, err
		}
	}
	if err := m.scan(len(s)); err != nil {
		return nil, err
	}
	return strip(s, x[0], true, true)
}

func truncateFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "length", "killwords", "end", "leeway")
	if err != nil {
		return nil, err
	}
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	length, err := asInt(x[0], 255)
	if err != nil {
		return nil, err
	}
	end, err := asText(x[2], "...")
	if err != nil {
		return nil, err
	}
	leeway, err := asInt(x[3], 5)
	if err != nil {
		return nil, err
	}
	if err := m.build(5 * len(s)); err != nil {
		return nil, err
	}
	runes, size := []rune(s), utf8.RuneCountInString(end)
	if length < size || leeway < 0 {
		return nil, errors.New("the length is shorter than the end")
	}
	if len(runes) <= length+leeway {
		return s, nil
	}
	cut := string(runes[:length-size])
	if !asBool(x[1], false) {
		if i := strings.LastIndexByte(cut, ' '); i >= 0 {
			cut = cut[:i]
		}
	}
	return cut + end, nil
}

func urlencodeFilter(m *machine, v any, _ args) (any, error) {
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	if err := m.build(3 * len(s)); err != nil {
		return nil, err
	}
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || strings.IndexByte("_.-~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String(), nil
}

func wordcountFilter(m *machine, v any, _ args) (any, error) {
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	words := strings.FieldsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsNumber(r) })
	return int64(len(words)), m.items(len(words))
}

// wordwrapFilter breaks lines at spaces, and words that are longer than a line.
func wordwrapFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "width", "break_long_words", "wrapstring", "break_on_hyphens")
	if err != nil {
		return nil, err
	}
	s, err := m.text(v)
	if err != nil {
		return nil, err
	}
	width, err := asInt(x[0], 79)
	if err != nil {
		return nil, err
	}
	if x[2] == nil {
		x[2] = absent{}
	}
	with, err := asText(x[2], "\n")
	if err == nil && width < 1 {
		err = errors.New("the width is less than one character")
	}
	if err != nil {
		return nil, err
	}
	if err := m.items(len(s)); err != nil { // as many parts as characters, at most
		return nil, err
	}
	var out []string
	for line := range strings.Lines(s) {
		out = append(out, wrapped(strings.TrimRight(line, "\r\n"), width, asBool(x[1], true))...)
	}
	if len(with) > 0 && len(out) > maxBuilt/len(with) {
		return nil, errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	if err := m.build(len(s) + len(out)*len(with)); err != nil {
		return nil, err
	}
	return strings.Join(out, with), nil
}

// wrapped breaks one line.
func wrapped(line string, width int, long bool) []string {
	var out []string
	now := ""
	for word := range strings.FieldsSeq(line) {
		if long && utf8.RuneCountInString(word) > width {
			if now != "" {
				out, now = append(out, now), ""
			}
			r := []rune(word)
			for ; len(r) > width; r = r[width:] {
				out = append(out, string(r[:width]))
			}
			word = string(r)
		}
		switch {
		case now == "":
			now = word
		case utf8.RuneCountInString(now)+1+utf8.RuneCountInString(word) <= width:
			now += " " + word
		default:
			out, now = append(out, now), word
		}
	}
	if now != "" || len(out) == 0 {
		out = append(out, now)
	}
	return out
}

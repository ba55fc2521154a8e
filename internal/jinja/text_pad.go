package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

func joinMethod(m *machine, s string, a args) (any, error) {
	v, err := a.bind(1, "iterable")
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v[0])
	if err != nil {
		return nil, err
	}
	for _, x := range all {
		if _, ok := x.(string); !ok {
			return nil, fmt.Errorf("a %s is joined to a text", typeName(x))
		}
	}
	return m.join(all, s)
}

// join writes values with a text between them.
func (m *machine) join(all []any, sep string) (string, error) {
	var b strings.Builder
	for i, x := range all {
		if i > 0 {
			b.WriteString(sep)
		}
		t, err := m.text(x)
		if err != nil {
			return "", err
		}
		if err := m.work(1); err != nil {
			return "", err
		}
		if err := m.build(len(sep) + len(t)); err != nil {
			return "", err
		}
		b.WriteString(t)
	}
	return b.String(), nil
}

// padMethod fills a text up to a width; left says how many of n characters come before it.
func padMethod(left func(n int) int) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(1, "width", "fillchar")
		if err != nil {
			return nil, err
		}
		width, err := asInt(v[0], 0)
		if err != nil {
			return nil, err
		}
		fill, err := asText(v[1], " ")
		if err == nil && utf8.RuneCountInString(fill) != 1 {
			err = errors.New("it fills with one character")
		}
		if err != nil {
			return nil, err
		}
		return m.pad(s, width, fill, left)
	}
}

func (m *machine) pad(s string, width int, fill string, left func(n int) int) (string, error) {
	n := width - utf8.RuneCountInString(s)
	if n <= 0 {
		return s, nil
	}
	if n > maxBuilt/len(fill) {
		return "", errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	if err := m.build(n*len(fill) + len(s)); err != nil {
		return "", err
	}
	l := left(n)
	return strings.Repeat(fill, l) + s + strings.Repeat(fill, n-l), nil
}

func zfill(m *machine, s string, a args) (any, error) {
	v, err := a.bind(1, "width")
	if err != nil {
		return nil, err
	}
	width, err := asInt(v[0], 0)
	if err != nil {
		return nil, err
	}
	sign := ""
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[:1], s[1:]
	}
	s, err = m.pad(s, width-len(sign), "0", func(n int) int { return n })
	return sign + s, err
}

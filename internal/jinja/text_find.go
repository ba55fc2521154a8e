package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// endMethod is startswith and endswith: of a text, or of any of a tuple.
func endMethod(has func(s, end string) bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(1, "prefix", "start", "end")
		if err != nil {
			return nil, err
		}
		if v[1] != (absent{}) || v[2] != (absent{}) {
			if s, err = m.between(s, v[1], v[2]); err != nil {
				return nil, err
			}
		}
		ends := []any{v[0]}
		if l, ok := v[0].(*list); ok && l.tuple {
			ends = l.items
		}
		for _, e := range ends {
			t, ok := e.(string)
			if !ok {
				return nil, fmt.Errorf("the argument is a %s", typeName(e))
			}
			if err := m.scan(len(t) + 64); err != nil {
				return nil, err
			}
			if has(s, t) {
				return true, nil
			}
		}
		return false, nil
	}
}

// between returns s[start:end].
func (m *machine) between(s string, start, end any) (string, error) {
	part := func(v any) expr {
		if v == (absent{}) || v == nil {
			return nil
		}
		return constExpr{v}
	}
	v, err := m.slice(s, sliceExpr{start: part(start), stop: part(end)}, nil)
	if err != nil {
		return "", err
	}
	return asText(v, "")
}

func cutMethod(cut func(s, end string) string) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(1, "prefix")
		if err != nil {
			return nil, err
		}
		end, err := asText(v[0], "")
		if err != nil {
			return nil, err
		}
		return cut(s, end), m.scan(len(end))
	}
}

// findMethod gives the place of a text among the characters; without one −1, or an error.
func findMethod(find func(s, sep string) int, must bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(1, "sub")
		if err != nil {
			return nil, err
		}
		sub, err := asText(v[0], "")
		if err == nil {
			err = m.scan(2 * len(s))
		}
		if err != nil {
			return nil, err
		}
		i := find(s, sub)
		if i < 0 {
			if must {
				return nil, errors.New("the text is not there")
			}
			return int64(-1), nil
		}
		return int64(utf8.RuneCountInString(s[:i])), nil
	}
}

func countMethod(m *machine, s string, a args) (any, error) {
	v, err := a.bind(1, "sub")
	if err != nil {
		return nil, err
	}
	sub, err := asText(v[0], "")
	if err != nil {
		return nil, err
	}
	return int64(strings.Count(s, sub)), m.scan(len(s))
}

func replaceMethod(m *machine, s string, a args) (any, error) {
	v, err := a.bind(2, "old", "new", "count")
	if err != nil {
		return nil, err
	}
	old, err := asText(v[0], "")
	if err != nil {
		return nil, err
	}
	with, err := asText(v[1], "")
	if err != nil {
		return nil, err
	}
	most, err := asInt(v[2], -1)
	if err != nil {
		return nil, err
	}
	return m.replace(s, old, with, most)
}

func (m *machine) replace(s, old, with string, most int) (any, error) {
	if err := m.scan(len(s)); err != nil {
		return nil, err
	}
	n := strings.Count(s, old)
	if most >= 0 {
		n = min(n, most)
	}
	if len(with) > 0 && n > maxBuilt/len(with) {
		return nil, errBound("it builds more than %d MiB", maxBuilt>>20)
	}
	if err := m.build(len(s) + n*len(with)); err != nil {
		return nil, err
	}
	if err := m.work(n / 4); err != nil {
		return nil, err
	}
	return strings.Replace(s, old, with, most), nil
}

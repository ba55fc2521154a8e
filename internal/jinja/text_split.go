package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

func splitMethod(right bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(0, "sep", "maxsplit")
		if err != nil {
			return nil, err
		}
		most, err := asInt(v[1], -1)
		if err != nil {
			return nil, err
		}
		var parts []string
		switch sep := v[0].(type) {
		case nil, absent:
			if err := m.items(len(s)/2 + 1); err != nil {
				return nil, err
			}
			parts = fields(s, most, right)
		case string:
			if sep == "" {
				return nil, errors.New("the separator is empty")
			}
			if err := m.items(strings.Count(s, sep) + 1); err != nil {
				return nil, err
			}
			parts = splitAt(s, sep, most, right)
		default:
			return nil, fmt.Errorf("the separator is a %s", typeName(sep))
		}
		return texts(parts), m.scan(len(s))
	}
}

// fields splits at white space, at most so often; what stays together keeps its inner white space.
func fields(s string, most int, right bool) []string {
	if most < 0 {
		return strings.FieldsFunc(s, space)
	}
	var out []string
	if right {
		for s = strings.TrimRightFunc(s, space); s != ""; s = strings.TrimRightFunc(s, space) {
			i := strings.LastIndexFunc(s, space)
			if i < 0 || len(out) == most {
				out = append(out, s)
				break
			}
			_, n := utf8.DecodeRuneInString(s[i:])
			out, s = append(out, s[i+n:]), s[:i]
		}
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
		if len(out) == most+1 {
			out[0] = strings.TrimRightFunc(out[0], space)
		}
		return out
	}
	for s = strings.TrimLeftFunc(s, space); s != ""; s = strings.TrimLeftFunc(s, space) {
		i := strings.IndexFunc(s, space)
		if i < 0 || len(out) == most {
			return append(out, s)
		}
		out, s = append(out, s[:i]), s[i:]
	}
	return out
}

func splitAt(s, sep string, most int, right bool) []string {
	all := strings.Split(s, sep)
	n := len(all) - most // how many parts stay together
	switch {
	case most < 0 || n <= 1:
		return all
	case right:
		return append([]string{strings.Join(all[:n], sep)}, all[n:]...)
	}
	return append(all[:most:most], strings.Join(all[most:], sep))
}

func texts(parts []string) *list {
	l := &list{items: make([]any, len(parts))}
	for i, p := range parts {
		l.items[i] = p
	}
	return l
}

// splitLines splits at the ends of lines that Python knows.
func splitLines(m *machine, s string, a args) (any, error) {
	v, err := a.bind(0, "keepends")
	if err != nil {
		return nil, err
	}
	if err := m.items(len(s) + 1); err != nil {
		return nil, err
	}
	keep := asBool(v[0], false)
	var parts []string
	for s != "" {
		i := strings.IndexAny(s, "\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029")
		if i < 0 {
			parts = append(parts, s)
			break
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		if strings.HasPrefix(s[i:], "\r\n") {
			n = 2
		}
		if keep {
			parts = append(parts, s[:i+n])
		} else {
			parts = append(parts, s[:i])
		}
		s = s[i+n:]
	}
	return texts(parts), nil
}

func partition(find func(s, sep string) int, right bool) func(*machine, string, args) (any, error) {
	return func(m *machine, s string, a args) (any, error) {
		v, err := a.bind(1, "sep")
		if err != nil {
			return nil, err
		}
		sep, err := asText(v[0], "")
		if err == nil && sep == "" {
			err = errors.New("the separator is empty")
		}
		if err == nil {
			err = m.scan(len(s))
		}
		if err != nil {
			return nil, err
		}
		switch i := find(s, sep); {
		case i >= 0:
			return tupleOf(s[:i], sep, s[i+len(sep):]), nil
		case right:
			return tupleOf("", "", s), nil
		}
		return tupleOf(s, "", ""), nil
	}
}

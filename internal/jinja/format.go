package jinja

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxWidth bounds the width and the digits that a format asks for.
const maxWidth = 10_000

// format is Python's % of a text: %s, %r, %d, %i, %f, %g, %e, %x, %o, %c with flags, width and precision.
func (m *machine) format(s string, v any) (any, error) {
	d, byName := v.(*dict)
	values, next := []any{v}, 0
	if l, ok := v.(*list); ok && l.tuple {
		values = l.items
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '%')
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		f, rest, err := readFormat(s[i+1:])
		if err != nil {
			return nil, err
		}
		s = rest
		if f.verb == '%' {
			b.WriteByte('%')
			continue
		}
		var x any
		switch {
		case f.name != "" && byName:
			var ok bool
			if x, ok = d.get(f.name); !ok {
				return nil, fmt.Errorf("the format has no value %q", f.name)
			}
		case f.name != "":
			return nil, errors.New("the format needs a dict")
		case next == len(values):
			return nil, errors.New("the format has too few values")
		default:
			x = values[next]
			next++
		}
		t, err := m.formatted(f, x)
		if err != nil {
			return nil, err
		}
		if err := m.build(len(t)); err != nil {
			return nil, err
		}
		b.WriteString(t)
	}
	if next < len(values) && !byName {
		return nil, errors.New("the format has too many values")
	}
	b.WriteString(s)
	return b.String(), m.build(len(s))
}

// A placeholder is one part of a format.
type placeholder struct {
	name                  string
	left, zero, sign, gap bool // the flags - 0 + and space
	width, digits         int  // digits is −1 when not given
	verb                  byte
}

func readFormat(s string) (f placeholder, rest string, err error) {
	f.digits = -1
	if after, ok := strings.CutPrefix(s, "("); ok {
		name, more, ok := strings.Cut(after, ")")
		if !ok {
			return f, "", errors.New("the format has a name without an end")
		}
		f.name, s = name, more
	}
	for s != "" && strings.IndexByte("-0+ ", s[0]) >= 0 {
		switch s[0] {
		case '-':
			f.left = true
		case '0':
			f.zero = true
		case '+':
			f.sign = true
		case ' ':
			f.gap = true
		}
		s = s[1:]
	}
	number := func() (int, error) {
		n := 0
		for s != "" && s[0] >= '0' && s[0] <= '9' {
			if n = n*10 + int(s[0]-'0'); n > maxWidth {
				return 0, fmt.Errorf("the format has a width of more than %d", maxWidth)
			}
			s = s[1:]
		}
		return n, nil
	}
	if f.width, err = number(); err != nil {
		return f, "", err
	}
	if strings.HasPrefix(s, ".") {
		s = s[1:]
		if f.digits, err = number(); err != nil {
			return f, "", err
		}
	}
	s = strings.TrimLeft(s, "hlL")
	if s == "" {
		return f, "", errors.New("the format ends in %")
	}
	f.verb = s[0]
	return f, s[1:], nil
}

func (m *machine) formatted(f placeholder, x any) (string, error) {
	var t string
	var err error
	numeric := true
	switch f.verb {
	case 's', 'r', 'a':
		numeric = false
		if t, err = m.text(x); f.verb != 's' {
			t, err = m.repr(x)
		}
		if f.digits >= 0 && err == nil {
			if r := []rune(t); f.digits < len(r) {
				t = string(r[:f.digits])
			}
		}
	case 'c':
		numeric = false
		if n, ok := whole(x); ok {
			t = string(rune(n))
		} else if s, ok := x.(string); ok && utf8.RuneCountInString(s) == 1 {
			t = s
		} else {
			err = errors.New("%c needs one character")
		}
	case 'd', 'i', 'u', 'x', 'X', 'o':
		n, ok := whole(x)
		if v, isFloat := x.(float64); isFloat && strings.IndexByte("diu", f.verb) >= 0 {
			n, ok = int64(v), true
		}
		if !ok {
			return "", fmt.Errorf("%%%c needs a number, not a %s", f.verb, typeName(x))
		}
		base := 10
		switch f.verb {
		case 'x', 'X':
			base = 16
		case 'o':
			base = 8
		}
		if t = strconv.FormatInt(n, base); f.verb == 'X' {
			t = strings.ToUpper(t)
		}
	case 'f', 'e', 'E', 'g', 'G':
		v, ok := number(x)
		if !ok {
			return "", fmt.Errorf("%%%c needs a number, not a %s", f.verb, typeName(x))
		}
		digits := f.digits
		if digits < 0 {
			digits = 6
		}
		t = strconv.FormatFloat(v, f.verb, digits, 64)
	default:
		err = fmt.Errorf("%%%c is no format", f.verb)
	}
	if err != nil {
		return "", err
	}
	if numeric && !strings.HasPrefix(t, "-") {
		if f.sign {
			t = "+" + t
		} else if f.gap {
			t = " " + t
		}
	}
	return f.padded(t, numeric), nil
}

// padded fills up to the width.
func (f placeholder) padded(t string, numeric bool) string {
	n := f.width - utf8.RuneCountInString(t)
	switch {
	case n <= 0:
		return t
	case f.left:
		return t + strings.Repeat(" ", n)
	case f.zero && numeric:
		sign := ""
		if t != "" && strings.IndexByte("+- ", t[0]) >= 0 {
			sign, t = t[:1], t[1:]
		}
		return sign + strings.Repeat("0", n) + t
	}
	return strings.Repeat(" ", n) + t
}

// braceFormat is the method format: {}, {0} and {name}, without a format of their own.
func braceFormat(m *machine, s string, a args) (any, error) {
	var b strings.Builder
	next := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '{' && c != '}' {
			b.WriteByte(c)
			continue
		}
		if i+1 < len(s) && s[i+1] == c {
			b.WriteByte(c)
			i++
			continue
		}
		end := strings.IndexByte(s[i:], '}')
		if c == '}' || end < 0 {
			return nil, errors.New("a brace stands alone")
		}
		name := s[i+1 : i+end]
		i += end
		v, err := a.argument(name, &next)
		if err != nil {
			return nil, err
		}
		if err := m.append(&b, v); err != nil {
			return nil, err
		}
	}
	return b.String(), m.build(len(s))
}

// argument returns the argument that a pair of braces names; next counts those without a name.
func (a args) argument(name string, next *int) (any, error) {
	n := *next
	if name == "" {
		*next++
	} else {
		for i, k := range a.names {
			if k == name {
				return a.named[i], nil
			}
		}
		var err error
		if n, err = strconv.Atoi(name); err != nil {
			return nil, fmt.Errorf("{%s} is not supported", name)
		}
	}
	if n < 0 || n >= len(a.pos) {
		return nil, fmt.Errorf("{%s} has no value", name)
	}
	return a.pos[n], nil
}

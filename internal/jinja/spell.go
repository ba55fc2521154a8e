package jinja

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// text returns v as it is written: Python's str.
func (m *machine) text(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *undefined:
		return "", nil
	}
	return m.repr(v)
}

// repr returns v as Python's repr.
func (m *machine) repr(v any) (string, error) {
	var b strings.Builder
	if err := m.spell(&b, v); err != nil {
		return "", err
	}
	return b.String(), nil
}

func (m *machine) spell(b *strings.Builder, v any) error {
	if err := m.enter(); err != nil {
		return err
	}
	defer m.leave()
	put := func(s string) error {
		b.WriteString(s)
		return m.build(len(s))
	}
	switch v := v.(type) {
	case nil:
		return put("None")
	case bool:
		return put(map[bool]string{true: "True", false: "False"}[v])
	case int64:
		return put(strconv.FormatInt(v, 10))
	case float64:
		return put(spellFloat(v))
	case string:
		return put(quote(v))
	case *undefined:
		return put("Undefined")
	case *list:
		open, shut := "[", "]"
		if v.tuple {
			open, shut = "(", ")"
			if len(v.items) == 1 {
				shut = ",)"
			}
		}
		if err := put(open); err != nil {
			return err
		}
		for i, x := range v.items {
			if i > 0 {
				if err := put(", "); err != nil {
					return err
				}
			}
			if err := m.spell(b, x); err != nil {
				return err
			}
		}
		return put(shut)
	case *dict:
		if err := put("{"); err != nil {
			return err
		}
		for i, k := range v.keys {
			if i > 0 {
				if err := put(", "); err != nil {
					return err
				}
			}
			if err := m.spell(b, k); err != nil {
				return err
			}
			if err := put(": "); err != nil {
				return err
			}
			if err := m.spell(b, v.values[i]); err != nil {
				return err
			}
		}
		return put("}")
	}
	return fmt.Errorf("a value of type %s is written, which no text can show", typeName(v))
}

// spellFloat writes a float as Python does: 1.0, 1e+16, 1e-05, inf, nan.
func spellFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quote returns a string as Python's repr: in single quotes, unless it holds one and no double quote.
func quote(s string) string {
	q := '\''
	if strings.ContainsRune(s, '\'') && !strings.ContainsRune(s, '"') {
		q = '"'
	}
	var b strings.Builder
	b.WriteRune(q)
	for _, r := range s {
		switch {
		case r == q || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteRune(q)
	return b.String()
}

package jinja

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxIndent bounds the indent of tojson.
const maxIndent = 100

// toJSON is the filter tojson as transformers has it: Python's json.dumps, of which nothing is escaped for HTML.
func toJSON(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "ensure_ascii", "indent", "separators", "sort_keys")
	if err != nil {
		return nil, err
	}
	d := dumper{m: m, item: ", ", key: ": ", ascii: asBool(x[0], false), sorted: asBool(x[3], false), flat: true}
	if x[1] != nil && x[1] != (absent{}) {
		d.flat, d.item = false, ","
		if s, ok := x[1].(string); ok {
			d.indent = s
		} else {
			n, err := asInt(x[1], 0)
			if err != nil {
				return nil, err
			}
			d.indent = strings.Repeat(" ", min(max(n, 0), maxIndent))
		}
		if len(d.indent) > maxIndent {
			return nil, fmt.Errorf("the indent has more than %d bytes", maxIndent)
		}
	}
	if l, ok := x[2].(*list); ok {
		if len(l.items) != 2 {
			return nil, errors.New("separators are two texts")
		}
		if d.item, err = asText(l.items[0], ""); err != nil {
			return nil, err
		}
		if d.key, err = asText(l.items[1], ""); err != nil {
			return nil, err
		}
	}
	if err := d.value(v, 0); err != nil {
		return nil, err
	}
	return d.String(), nil
}

// A dumper writes values as json.dumps does.
type dumper struct {
	strings.Builder
	m         *machine
	item, key string // between items, and after a key
	indent    string // of a level
	flat      bool   // all on one line
	ascii     bool   // other characters as \u00e9
	sorted    bool   // keys in order; else in the order of the dict
}

func (d *dumper) put(s string) error {
	d.WriteString(s)
	return d.m.build(len(s))
}

func (d *dumper) value(v any, depth int) error {
	if err := d.m.enter(); err != nil {
		return err
	}
	defer d.m.leave()
	switch v := v.(type) {
	case nil:
		return d.put("null")
	case bool:
		return d.put(strconv.FormatBool(v))
	case int64:
		return d.put(strconv.FormatInt(v, 10))
	case float64:
		return d.put(jsonFloat(v))
	case string:
		return d.text(v)
	case *list:
		return d.parts("[]", len(v.items), depth, func(i int) error { return d.value(v.items[i], depth+1) })
	case *dict:
		order := make([]int, len(v.keys))
		for i := range order {
			order[i] = i
		}
		if d.sorted {
			var failed error
			slices.SortStableFunc(order, func(i, j int) int {
				c, err := d.m.order(v.keys[i], v.keys[j])
				if err != nil {
					failed = err
				}
				return c
			})
			if failed != nil {
				return failed
			}
		}
		return d.parts("{}", len(order), depth, func(i int) error { return d.pair(v.keys[order[i]], v.values[order[i]], depth) })
	}
	return fmt.Errorf("a value of type %s is none of JSON", typeName(v))
}

func jsonFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return spellFloat(f)
}

func (d *dumper) pair(key, v any, depth int) error {
	switch k := key.(type) {
	case string:
	case nil, bool:
		key = map[any]string{nil: "null", true: "true", false: "false"}[k]
	case int64:
		key = strconv.FormatInt(k, 10)
	case float64:
		key = jsonFloat(k)
	}
	if err := d.value(key, depth+1); err != nil {
		return err
	}
	if err := d.put(d.key); err != nil {
		return err
	}
	return d.value(v, depth+1)
}

// parts writes n parts between brackets.
func (d *dumper) parts(brackets string, n, depth int, part func(int) error) error {
	line := func(depth int) error {
		if d.flat {
			return nil
		}
		if err := d.m.build(len(d.indent) * depth); err != nil {
			return err
		}
		return d.put("\n" + strings.Repeat(d.indent, depth))
	}
	if err := d.put(brackets[:1]); err != nil {
		return err
	}
	for i := range n {
		if i > 0 {
			if err := d.put(d.item); err != nil {
				return err
			}
		}
		if err := line(depth + 1); err != nil {
			return err
		}
		if err := part(i); err != nil {
			return err
		}
	}
	if n > 0 {
		if err := line(depth); err != nil {
			return err
		}
	}
	return d.put(brackets[1:])
}

// text writes a string.
func (d *dumper) text(s string) error {
	if err := d.m.build(len(s)); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20 || d.ascii && r > 0x7E && r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		case d.ascii && r >= utf8.RuneSelf:
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+(r-0x10000)>>10, 0xDC00+(r-0x10000)&0x3FF)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return d.put(b.String())
}

package jinja

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// equal reports whether Python's == holds.
func (m *machine) equal(a, b any) (bool, error) {
	if err := m.enter(); err != nil {
		return false, err
	}
	defer m.leave()
	if x, ok := number(a); ok {
		y, ok := number(b)
		if i, oki := whole(a); oki {
			if j, okj := whole(b); okj {
				return i == j, nil
			}
		}
		return ok && x == y, nil
	}
	switch a := a.(type) {
	case nil:
		return b == nil, nil
	case *undefined:
		_, ok := b.(*undefined)
		return ok, nil
	case string:
		b, ok := b.(string)
		if !ok {
			return false, nil
		}
		return a == b, m.scan(min(len(a), len(b)))
	case *list:
		b, ok := b.(*list)
		if !ok || a.tuple != b.tuple || len(a.items) != len(b.items) {
			return false, nil
		}
		for i := range a.items {
			if same, err := m.equal(a.items[i], b.items[i]); !same || err != nil {
				return false, err
			}
		}
		return true, nil
	case *dict:
		b, ok := b.(*dict)
		if !ok || len(a.keys) != len(b.keys) {
			return false, nil
		}
		for i, k := range a.keys {
			v, ok := b.get(k)
			if !ok {
				return false, nil
			}
			if same, err := m.equal(a.values[i], v); !same || err != nil {
				return false, err
			}
		}
		return true, nil
	}
	return a == b, nil
}

// order compares two numbers, texts or lists as Python's < and > do.
func (m *machine) order(a, b any) (int, error) {
	if err := m.enter(); err != nil {
		return 0, err
	}
	defer m.leave()
	if err := errors.Join(use(a), use(b)); err != nil {
		return 0, err
	}
	if i, ok := whole(a); ok {
		if j, ok := whole(b); ok {
			return cmp.Compare(i, j), nil
		}
	}
	if x, ok := number(a); ok {
		if y, ok := number(b); ok {
			return cmp.Compare(x, y), nil
		}
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return strings.Compare(x, y), m.scan(min(len(x), len(y)))
		}
	case *list:
		if y, ok := b.(*list); ok && x.tuple == y.tuple {
			for i := range min(len(x.items), len(y.items)) {
				same, err := m.equal(x.items[i], y.items[i])
				if err != nil {
					return 0, err
				}
				if !same {
					return m.order(x.items[i], y.items[i])
				}
			}
			return cmp.Compare(len(x.items), len(y.items)), nil
		}
	}
	return 0, fmt.Errorf("%s and %s have no order", typeName(a), typeName(b))
}

// holds reports whether x is in a text, a list or the keys of a dict.
func (m *machine) holds(in, x any) (bool, error) {
	switch in := in.(type) {
	case string:
		s, ok := x.(string)
		if !ok {
			return false, fmt.Errorf("a %s is looked for in a text", typeName(x))
		}
		return strings.Contains(in, s), m.scan(len(in))
	case *dict:
		if _, err := hashed(x); err != nil {
			return false, err
		}
		_, ok := in.get(x)
		return ok, nil
	}
	all, err := m.iterate(in)
	if err != nil {
		return false, err
	}
	for _, y := range all {
		if same, err := m.equal(x, y); same || err != nil {
			return same, err
		}
	}
	return false, nil
}

// iterate returns the values that a loop over v goes through.
func (m *machine) iterate(v any) ([]any, error) {
	switch v := v.(type) {
	case *list:
		return v.items, nil
	case *dict:
		return v.keys, nil
	case *undefined:
		return nil, nil
	case string:
		if err := m.items(len(v)); err != nil {
			return nil, err
		}
		out := make([]any, 0, len(v))
		for _, r := range v {
			out = append(out, string(r))
		}
		return out, nil
	}
	return nil, fmt.Errorf("a value of type %s is no list", typeName(v))
}

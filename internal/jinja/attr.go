package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

func (e attrExpr) eval(m *machine, s *scope) (any, error) {
	v, err := m.eval(e.of, s)
	if err != nil {
		return nil, err
	}
	return m.attr(v, e.name)
}

func (e itemExpr) eval(m *machine, s *scope) (any, error) {
	v, err := m.eval(e.of, s)
	if err != nil {
		return nil, err
	}
	if cut, ok := e.key.(sliceExpr); ok {
		return m.slice(v, cut, s)
	}
	k, err := m.eval(e.key, s)
	if err != nil {
		return nil, err
	}
	return m.item(v, k)
}

func (e sliceExpr) eval(*machine, *scope) (any, error) {
	return nil, errors.New("a slice stands among several indices")
}

// attr returns v.name: an attribute or method, else what a dict has under that key.
func (m *machine) attr(v any, name string) (any, error) {
	if err := use(v); err != nil {
		return nil, err
	}
	if x, ok, err := m.member(v, name); ok || err != nil {
		return x, err
	}
	if d, ok := v.(*dict); ok {
		if x, ok := d.get(name); ok {
			return x, nil
		}
	}
	return missing(v, name), nil
}

// item returns v[key]: an item, else the attribute of that name.
func (m *machine) item(v, key any) (any, error) {
	if err := use(v); err != nil {
		return nil, err
	}
	switch x := v.(type) {
	case *dict:
		if _, err := hashed(key); err == nil {
			if found, ok := x.get(key); ok {
				return found, nil
			}
		}
	case *list:
		if i, ok := whole(key); ok {
			if i < 0 {
				i += int64(len(x.items))
			}
			if i >= 0 && i < int64(len(x.items)) {
				return x.items[i], nil
			}
			return &undefined{fmt.Sprintf("the %s has no item %d", typeName(v), i)}, nil
		}
	case string:
		if i, ok := whole(key); ok {
			return m.character(x, i)
		}
	}
	if name, ok := key.(string); ok {
		if found, ok, err := m.member(v, name); ok || err != nil {
			return found, err
		}
		return missing(v, name), nil
	}
	return &undefined{fmt.Sprintf("the %s has no such item", typeName(v))}, nil
}

func missing(v any, name string) any {
	return &undefined{fmt.Sprintf("the %s has no attribute %q", typeName(v), name)}
}

// character returns one of a text, by its place among characters.
func (m *machine) character(s string, i int64) (any, error) {
	if err := m.scan(len(s)); err != nil {
		return nil, err
	}
	if i < 0 {
		i += int64(utf8.RuneCountInString(s))
	}
	if i >= 0 {
		for _, r := range s {
			if i == 0 {
				return string(r), nil
			}
			i--
		}
	}
	return &undefined{"the text has no such character"}, nil
}

// member returns an attribute or a method. What begins with an underscore is Python's own, and none of a template's.
func (m *machine) member(v any, name string) (any, bool, error) {
	if strings.HasPrefix(name, "_") {
		return nil, false, nil
	}
	switch v := v.(type) {
	case *namespace:
		x, ok := v.vars[name]
		return x, ok, nil
	case *loop:
		x, ok := v.attr(name)
		return x, ok, nil
	case *cycler:
		x, ok := v.attr(name)
		return x, ok, nil
	case *macroValue:
		if name == "name" {
			return v.name, true, nil
		}
	case string:
		if f, ok := textMethods[name]; ok {
			return method(v, name, f), true, nil
		}
	case *dict:
		if f, ok := dictMethods[name]; ok {
			return method(v, name, f), true, nil
		}
		if dictChanges[name] {
			return nil, false, errChange(name)
		}
	case *list:
		if f, ok := listMethods[name]; ok {
			return method(v, name, f), true, nil
		}
		if listChanges[name] && !v.tuple {
			return nil, false, errChange(name)
		}
	}
	return nil, false, nil
}

func errChange(name string) error {
	return fmt.Errorf("%s changes a list or a dict, which a template may not", name)
}

// method binds a method to its value.
func method[T any](self T, name string, f func(*machine, T, args) (any, error)) *function {
	return &function{name, func(m *machine, a args) (any, error) { return f(m, self, a) }}
}

// slice returns v[start:stop:step].
func (m *machine) slice(v any, e sliceExpr, s *scope) (any, error) {
	if err := use(v); err != nil {
		return nil, err
	}
	var bounds [3]*int64
	for i, part := range []expr{e.start, e.stop, e.step} {
		if part == nil {
			continue
		}
		x, err := m.eval(part, s)
		if err != nil {
			return nil, err
		}
		if x == nil {
			continue
		}
		n, ok := whole(x)
		if !ok {
			return nil, fmt.Errorf("a slice has a %s where an int should stand", typeName(x))
		}
		bounds[i] = &n
	}
	switch v := v.(type) {
	case *list:
		at, err := sliced(len(v.items), bounds)
		if err == nil {
			err = m.items(len(at))
		}
		if err != nil {
			return nil, err
		}
		out := make([]any, len(at))
		for i, k := range at {
			out[i] = v.items[k]
		}
		return &list{out, v.tuple}, nil
	case string:
		if err := m.build(5 * len(v)); err != nil { // as runes, and as text
			return nil, err
		}
		runes := []rune(v)
		at, err := sliced(len(runes), bounds)
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		for _, k := range at {
			b.WriteRune(runes[k])
		}
		return b.String(), nil
	}
	return nil, fmt.Errorf("a %s cannot be sliced", typeName(v))
}

// sliced lists the places that a slice of n items takes, as Python does.
func sliced(n int, bounds [3]*int64) ([]int, error) {
	step := int64(1)
	if bounds[2] != nil {
		step = *bounds[2]
	}
	if step == 0 {
		return nil, errors.New("the step of a slice is 0")
	}
	lo, hi := int64(0), int64(n)
	if step < 0 {
		lo, hi = -1, int64(n)-1
	}
	clip := func(b *int64, or int64) int64 {
		if b == nil {
			return or
		}
		x := *b
		if x < 0 {
			x += int64(n)
			if x > int64(n) { // it overflowed
				x = lo
			}
		}
		return min(max(x, lo), hi)
	}
	start, stop := clip(bounds[0], lo), clip(bounds[1], hi)
	if step < 0 {
		start, stop = clip(bounds[0], hi), clip(bounds[1], lo)
	}
	var out []int
	for i := start; step > 0 && i < stop || step < 0 && i > stop; {
		out = append(out, int(i))
		if step > int64(n) || step < -int64(n) {
			break
		}
		i += step
	}
	return out, nil
}

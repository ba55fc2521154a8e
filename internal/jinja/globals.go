package jinja

import (
	"errors"
	"fmt"
)

// globals are the names that every template sees.
var globals *scope

func init() { //nolint:gochecknoinits // as the filters
	globals = &scope{vars: map[string]any{}}
	for name, f := range map[string]func(*machine, args) (any, error){
		"range": numbers, "dict": makeDict, "namespace": makeNamespace, "cycler": makeCycler, "joiner": makeJoiner,
		"strftime_now": strftime,
		"raise_exception": func(m *machine, a args) (any, error) {
			v, err := a.bind(1, "message")
			if err != nil {
				return nil, err
			}
			s, err := m.text(v[0])
			if err != nil {
				return nil, err
			}
			return nil, &Raised{s}
		},
		"lipsum": func(*machine, args) (any, error) {
			return nil, errors.New("it is refused: a template must give the same text each time")
		},
	} {
		globals.vars[name] = &function{name, f}
	}
}

// numbers is range(stop), range(start, stop) or range(start, stop, step).
func numbers(m *machine, a args) (any, error) {
	var b []int64
	for _, v := range a.pos {
		n, ok := whole(v)
		if !ok {
			return nil, fmt.Errorf("a %s is no int", typeName(v))
		}
		b = append(b, n)
	}
	var start, stop int64
	step := int64(1)
	switch {
	case len(a.named) > 0 || len(b) < 1 || len(b) > 3:
		return nil, errors.New("it takes one to three ints")
	case len(b) == 1:
		stop = b[0]
	case len(b) == 3:
		step = b[2]
		fallthrough
	default:
		start, stop = b[0], b[1]
	}
	if step == 0 {
		return nil, errors.New("the step is 0")
	}
	out := &list{}
	for i := start; step > 0 && i < stop || step < 0 && i > stop; {
		if len(out.items) == maxRange {
			return nil, errBound("more than %d numbers", maxRange)
		}
		out.items = append(out.items, i)
		next := i + step
		if (next > i) != (step > 0) { // it overflowed
			break
		}
		i = next
	}
	return out, m.items(len(out.items))
}

func makeDict(m *machine, a args) (any, error) {
	d := newDict()
	if len(a.pos) > 1 {
		return nil, errors.New("it takes a dict or a list of pairs")
	}
	if len(a.pos) == 1 {
		if from, ok := a.pos[0].(*dict); ok {
			for i, k := range from.keys {
				h, err := hashed(k)
				if err != nil {
					return nil, err
				}
				d.put(h, k, from.values[i])
			}
		} else {
			all, err := m.iterate(a.pos[0])
			if err != nil {
				return nil, err
			}
			for _, x := range all {
				pair, ok := x.(*list)
				if !ok || len(pair.items) != 2 {
					return nil, errors.New("an item is no pair")
				}
				h, err := hashed(pair.items[0])
				if err != nil {
					return nil, err
				}
				d.put(h, pair.items[0], pair.items[1])
			}
		}
	}
	for i, n := range a.names {
		d.set(n, a.named[i])
	}
	return d, m.items(4 * len(d.keys))
}

func makeNamespace(m *machine, a args) (any, error) {
	v, err := makeDict(m, a)
	if err != nil {
		return nil, err
	}
	n := &namespace{map[string]any{}}
	if d, ok := v.(*dict); ok {
		for i, k := range d.keys {
			s, ok := k.(string)
			if !ok {
				return nil, errors.New("the name of an attribute is no text")
			}
			n.vars[s] = d.values[i]
		}
	}
	return n, nil
}

// A cycler gives its items in turn.
type cycler struct {
	items []any
	at    int
}

func makeCycler(_ *machine, a args) (any, error) {
	if len(a.pos) == 0 {
		return nil, errors.New("there is nothing to cycle through")
	}
	return &cycler{items: a.pos}, nil
}

func (c *cycler) attr(name string) (any, bool) {
	switch name {
	case "current":
		return c.items[c.at], true
	case "next":
		return &function{name, func(*machine, args) (any, error) {
			v := c.items[c.at]
			c.at = (c.at + 1) % len(c.items)
			return v, nil
		}}, true
	case "reset":
		return &function{name, func(*machine, args) (any, error) { c.at = 0; return nil, nil }}, true
	}
	return nil, false
}

// makeJoiner gives a function that returns nothing when first called, and the separator from then on.
func makeJoiner(m *machine, a args) (any, error) {
	v, err := a.bind(0, "sep")
	if err != nil {
		return nil, err
	}
	sep, err := asText(v[0], ", ")
	if err != nil {
		return nil, err
	}
	used := false
	return &function{"joiner", func(*machine, args) (any, error) {
		if !used {
			used = true
			return "", nil
		}
		return sep, nil
	}}, nil
}

package jinja

import (
	"fmt"
	"slices"
)

// args are the arguments of a call, evaluated.
type args struct {
	pos   []any
	names []string // of named, in the order of the call
	named []any
}

// arguments evaluates those of a call.
func (m *machine) arguments(e argExprs, s *scope) (a args, err error) {
	if a.pos, err = m.evalAll(e.pos, s); err != nil {
		return a, err
	}
	if a.named, err = m.evalAll(e.named, s); err != nil {
		return a, err
	}
	a.names = slices.Clone(e.names)
	if e.spread != nil {
		v, err := m.eval(e.spread, s)
		if err != nil {
			return a, err
		}
		more, err := m.iterate(v)
		if err != nil {
			return a, err
		}
		if err := m.items(len(more)); err != nil {
			return a, err
		}
		a.pos = append(a.pos, more...)
	}
	if e.spreadNamed != nil {
		v, err := m.eval(e.spreadNamed, s)
		if err != nil {
			return a, err
		}
		d, ok := v.(*dict)
		if !ok {
			return a, fmt.Errorf("a %s stands after **", typeName(v))
		}
		if err := m.items(2 * len(d.keys)); err != nil {
			return a, err
		}
		for i, k := range d.keys {
			n, ok := k.(string)
			if !ok {
				return a, fmt.Errorf("a key after ** is no name")
			}
			a.names, a.named = append(a.names, n), append(a.named, d.values[i])
		}
	}
	return a, nil
}

// absent is an argument that was not given.
type absent struct{}

// bind gives arguments to parameters, in order and by name; one that is not given is absent. The first need ones have no
// default.
func (a args) bind(need int, params ...string) ([]any, error) {
	if len(a.pos) > len(params) {
		return nil, fmt.Errorf("it takes at most %d arguments, not %d", len(params), len(a.pos))
	}
	out := make([]any, len(params))
	for i := range out {
		out[i] = absent{}
	}
	copy(out, a.pos)
	for k, n := range a.names {
		i := slices.Index(params, n)
		if i < 0 {
			return nil, fmt.Errorf("it has no argument %q", n)
		}
		if i < len(a.pos) {
			return nil, fmt.Errorf("the argument %q is given twice", n)
		}
		out[i] = a.named[k]
	}
	for i := range need {
		if out[i] == (absent{}) {
			return nil, fmt.Errorf("the argument %q is missing", params[i])
		}
	}
	return out, nil
}

// asText, asInt and asBool read an argument, or give its default.
func asText(v any, or string) (string, error) {
	switch v := v.(type) {
	case absent:
		return or, nil
	case string:
		return v, nil
	}
	return "", fmt.Errorf("an argument is a %s, it should be a str", typeName(v))
}

func asInt(v any, or int) (int, error) {
	if v == (absent{}) {
		return or, nil
	}
	n, ok := whole(v)
	if !ok {
		return 0, fmt.Errorf("an argument is a %s, it should be an int", typeName(v))
	}
	return int(n), nil
}

func asBool(v any, or bool) bool {
	if v == (absent{}) {
		return or
	}
	return truth(v)
}

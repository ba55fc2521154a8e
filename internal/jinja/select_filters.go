package jinja

import (
	"errors"
	"strconv"
	"strings"
)

// each makes a list of what f gives for every item.
func (m *machine) each(all []any, f func(any) (any, error)) ([]any, error) {
	if err := m.items(len(all)); err != nil {
		return nil, err
	}
	out := make([]any, len(all))
	for i, x := range all {
		if err := m.work(1); err != nil {
			return nil, err
		}
		var err error
		if out[i], err = f(x); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// path returns what an item has under an attribute: a name, an index or several with dots between them.
func (m *machine) path(item, attribute any) (any, error) {
	s, ok := attribute.(string)
	if !ok {
		return m.item(item, attribute)
	}
	for part := range strings.SplitSeq(s, ".") {
		var key any = part
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			key = n
		}
		var err error
		if item, err = m.item(item, key); err != nil {
			return nil, err
		}
	}
	return item, nil
}

// mapFilter gives an attribute of every item, or what a filter makes of it.
func mapFilter(m *machine, v any, a args) (any, error) {
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	if len(a.pos) == 0 {
		x, err := a.bind(0, "attribute", "default")
		if err != nil {
			return nil, err
		}
		if x[0] == (absent{}) {
			return nil, errors.New("it needs an attribute or the name of a filter")
		}
		out, err := m.each(all, func(item any) (any, error) {
			got, err := m.path(item, x[0])
			if _, none := got.(*undefined); none && x[1] != (absent{}) {
				got = x[1]
			}
			return got, err
		})
		return listOf(out...), err
	}
	name, err := asText(a.pos[0], "")
	if err != nil {
		return nil, err
	}
	f := filterNamed(name)
	rest := args{a.pos[1:], a.names, a.named}
	out, err := m.each(all, func(item any) (any, error) { return f(m, item, rest) })
	return listOf(out...), err
}

// selectFilter keeps the items, or those with an attribute, that pass a test or do not; without a test it is truth.
func selectFilter(keep, attribute bool) filter {
	return func(m *machine, v any, a args) (any, error) {
		all, err := m.iterate(v)
		if err != nil {
			return nil, err
		}
		pos := a.pos
		var name any
		if attribute {
			if len(pos) == 0 {
				return nil, errors.New("it needs an attribute")
			}
			name, pos = pos[0], pos[1:]
		}
		passes := func(x any) (bool, error) { return truth(x), nil }
		if len(pos) > 0 {
			name, err := asText(pos[0], "")
			if err != nil {
				return nil, err
			}
			t, rest := testNamed(name), args{pos[1:], a.names, a.named}
			passes = func(x any) (bool, error) { return t(m, x, rest) }
		}
		if err := m.items(len(all)); err != nil {
			return nil, err
		}
		out := &list{}
		for _, item := range all {
			if err := m.work(1); err != nil {
				return nil, err
			}
			x := item
			if attribute {
				if x, err = m.path(item, name); err != nil {
					return nil, err
				}
			}
			ok, err := passes(x)
			if err != nil {
				return nil, err
			}
			if ok == keep {
				out.items = append(out.items, item)
			}
		}
		return out, nil
	}
}

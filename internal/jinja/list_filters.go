package jinja

import (
	"errors"
	"fmt"
	"slices"
)

func batchFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(1, "linecount", "fill_with")
	if err != nil {
		return nil, err
	}
	n, err := asInt(x[0], 0)
	if err == nil && n < 1 {
		err = errors.New("a batch has at least one item")
	}
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	if err := m.items(2 * len(all)); err != nil {
		return nil, err
	}
	out := &list{}
	for part := range slices.Chunk(all, n) {
		part = slices.Clone(part)
		if x[1] != nil && x[1] != (absent{}) && len(part) < n {
			if err := m.items(n - len(part)); err != nil {
				return nil, err
			}
			for len(part) < n {
				part = append(part, x[1])
			}
		}
		out.items = append(out.items, listOf(part...))
	}
	return out, nil
}

// sliceFilter makes n lists of about the same length.
func sliceFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(1, "slices", "fill_with")
	if err != nil {
		return nil, err
	}
	n, err := asInt(x[0], 0)
	if err == nil && n < 1 {
		err = errors.New("there is at least one slice")
	}
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	if err := m.items(4*n + 2*len(all)); err != nil {
		return nil, err
	}
	each, more, at := len(all)/n, len(all)%n, 0
	out := &list{}
	for i := range n {
		size := each
		if i < more {
			size++
		}
		part := slices.Clone(all[at : at+size])
		if at += size; i >= more && x[1] != nil && x[1] != (absent{}) {
			part = append(part, x[1])
		}
		out.items = append(out.items, listOf(part...))
	}
	return out, nil
}

func firstFilter(m *machine, v any, _ args) (any, error) {
	if s, ok := v.(string); ok {
		return m.character(s, 0)
	}
	all, err := m.iterate(v)
	if err != nil || len(all) == 0 {
		return &undefined{"there is no first item"}, err
	}
	return all[0], nil
}

func lastFilter(m *machine, v any, _ args) (any, error) {
	if s, ok := v.(string); ok {
		return m.character(s, -1)
	}
	all, err := m.iterate(v)
	if err != nil || len(all) == 0 {
		return &undefined{"there is no last item"}, err
	}
	return all[len(all)-1], nil
}

func itemsFilter(m *machine, v any, _ args) (any, error) {
	switch v := v.(type) {
	case *undefined:
		return listOf(), nil
	case *dict:
		return m.dictItems(v)
	}
	return nil, fmt.Errorf("a %s has no items", typeName(v))
}

func listFilter(m *machine, v any, _ args) (any, error) {
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	return listOf(all...), m.work(1)
}

func reverseFilter(m *machine, v any, _ args) (any, error) {
	if s, ok := v.(string); ok {
		if err := m.build(5 * len(s)); err != nil {
			return nil, err
		}
		r := []rune(s)
		slices.Reverse(r)
		return string(r), nil
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	if err := m.items(len(all)); err != nil {
		return nil, err
	}
	all = slices.Clone(all)
	slices.Reverse(all)
	return listOf(all...), nil
}

func joinFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "d", "attribute")
	if err != nil {
		return nil, err
	}
	sep := ""
	if x[0] != (absent{}) {
		if sep, err = m.text(x[0]); err != nil {
			return nil, err
		}
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	if x[1] != (absent{}) && x[1] != nil {
		if all, err = m.each(all, func(item any) (any, error) { return m.path(item, x[1]) }); err != nil {
			return nil, err
		}
	}
	return m.join(all, sep)
}

func sumFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "attribute", "start")
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	total := x[1]
	if total == (absent{}) {
		total = int64(0)
	}
	for _, item := range all {
		if x[0] != (absent{}) && x[0] != nil {
			if item, err = m.path(item, x[0]); err != nil {
				return nil, err
			}
		}
		if err := m.work(1); err != nil {
			return nil, err
		}
		if total, err = m.binary("+", total, item); err != nil {
			return nil, err
		}
	}
	return total, nil
}

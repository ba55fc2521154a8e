package jinja

import (
	"fmt"
	"slices"
	"strings"
)

// keyed is a list with what it is ordered by.
type keyed struct{ key, item any }

// byKey makes the keys of items: the item or an attribute, texts in lower case unless they are told apart.
func (m *machine) byKey(all []any, attribute any, cased bool) ([]keyed, error) {
	if err := m.items(2 * len(all)); err != nil {
		return nil, err
	}
	out := make([]keyed, len(all))
	for i, item := range all {
		key := item
		if attribute != (absent{}) && attribute != nil {
			var err error
			if key, err = m.path(item, attribute); err != nil {
				return nil, err
			}
		}
		if s, ok := key.(string); ok && !cased {
			if err := m.build(len(s)); err != nil {
				return nil, err
			}
			key = strings.ToLower(s)
		}
		out[i] = keyed{key, item}
	}
	return out, nil
}

// sorted orders items by their keys; what is equal stays in order.
func (m *machine) sorted(ks []keyed, reverse bool) (*list, error) {
	var failed error
	slices.SortStableFunc(ks, func(a, b keyed) int {
		if failed != nil {
			return 0
		}
		c, err := m.order(a.key, b.key)
		failed = err
		if reverse {
			return -c
		}
		return c
	})
	out := &list{}
	for _, k := range ks {
		out.items = append(out.items, k.item)
	}
	return out, failed
}

func sortFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "reverse", "case_sensitive", "attribute")
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	ks, err := m.byKey(all, x[2], asBool(x[1], false))
	if err != nil {
		return nil, err
	}
	return m.sorted(ks, asBool(x[0], false))
}

func dictsortFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(0, "case_sensitive", "by", "reverse")
	if err != nil {
		return nil, err
	}
	d, ok := v.(*dict)
	if !ok {
		return nil, fmt.Errorf("a %s is no dict", typeName(v))
	}
	by, err := asText(x[1], "key")
	if err != nil {
		return nil, err
	}
	at, ok := map[string]int64{"key": 0, "value": 1}[by]
	if !ok {
		return nil, fmt.Errorf("it sorts by key or value, not %q", by)
	}
	pairs, err := m.dictItems(d)
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(pairs)
	if err != nil {
		return nil, err
	}
	ks, err := m.byKey(all, at, asBool(x[0], false))
	if err != nil {
		return nil, err
	}
	return m.sorted(ks, asBool(x[2], false))
}

func groupFilter(m *machine, v any, a args) (any, error) {
	x, err := a.bind(1, "attribute", "default", "case_sensitive")
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	cased := asBool(x[2], false)
	ks, err := m.byKey(all, x[0], cased)
	if err != nil {
		return nil, err
	}
	for i := range ks {
		if _, none := ks[i].key.(*undefined); none && x[1] != (absent{}) {
			ks[i].key = x[1]
		}
	}
	ordered, err := m.sorted(slices.Clone(ks), false)
	if err != nil {
		return nil, err
	}
	again, err := m.byKey(ordered.items, x[0], cased)
	if err != nil {
		return nil, err
	}
	out := &list{}
	var last *list
	var key any
	for _, k := range again {
		if last != nil {
			same, err := m.equal(key, k.key)
			if err != nil {
				return nil, err
			}
			if same {
				last.items = append(last.items, k.item)
				continue
			}
		}
		last, key = listOf(k.item), k.key
		grouper, err := m.path(k.item, x[0])
		if err != nil {
			return nil, err
		}
		out.items = append(out.items, tupleOf(grouper, last))
	}
	return out, m.items(4 * len(out.items))
}

// keyed returns the items of a value with what min, max and unique compare of them.
func (m *machine) keyed(v any, a args) ([]keyed, error) {
	x, err := a.bind(0, "case_sensitive", "attribute")
	if err != nil {
		return nil, err
	}
	all, err := m.iterate(v)
	if err != nil {
		return nil, err
	}
	return m.byKey(all, x[1], asBool(x[0], false))
}

func bestFilter(sign int) filter {
	return func(m *machine, v any, a args) (any, error) {
		ks, err := m.keyed(v, a)
		if err != nil {
			return nil, err
		}
		if len(ks) == 0 {
			return &undefined{"there is nothing to choose from"}, nil
		}
		best := ks[0]
		for _, k := range ks[1:] {
			c, err := m.order(k.key, best.key)
			if err != nil {
				return nil, err
			}
			if c*sign > 0 {
				best = k
			}
		}
		return best.item, nil
	}
}

func uniqueFilter(m *machine, v any, a args) (any, error) {
	ks, err := m.keyed(v, a)
	if err != nil {
		return nil, err
	}
	seen, out := map[any]bool{}, &list{}
	for _, k := range ks {
		h, err := hashed(k.key)
		if err != nil {
			return nil, err
		}
		if !seen[h] {
			seen[h] = true
			out.items = append(out.items, k.item)
		}
	}
	return out, m.items(4 * len(out.items))
}

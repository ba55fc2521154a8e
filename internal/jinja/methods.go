package jinja

import "errors"

// dictMethods and listMethods are those that change nothing.
var (
	dictMethods = map[string]func(*machine, *dict, args) (any, error){
		"get": func(_ *machine, d *dict, a args) (any, error) {
			v, err := a.bind(1, "key", "default")
			if err != nil {
				return nil, err
			}
			if x, ok := d.get(v[0]); ok {
				return x, nil
			}
			if v[1] == (absent{}) {
				return nil, nil
			}
			return v[1], nil
		},
		"items":  func(m *machine, d *dict, a args) (any, error) { return m.dictItems(d) },
		"keys":   func(m *machine, d *dict, a args) (any, error) { return &list{items: d.keys}, nil },
		"values": func(m *machine, d *dict, a args) (any, error) { return &list{items: d.values}, nil },
		"copy":   func(m *machine, d *dict, a args) (any, error) { return d, nil }, // nothing can change it
	}
	listMethods = map[string]func(*machine, *list, args) (any, error){
		"index": func(m *machine, l *list, a args) (any, error) {
			v, err := a.bind(1, "value")
			if err != nil {
				return nil, err
			}
			for i, x := range l.items {
				if same, err := m.equal(x, v[0]); same || err != nil {
					return int64(i), err
				}
			}
			return nil, errors.New("the value is not in the list")
		},
		"count": func(m *machine, l *list, a args) (any, error) {
			v, err := a.bind(1, "value")
			if err != nil {
				return nil, err
			}
			n := int64(0)
			for _, x := range l.items {
				same, err := m.equal(x, v[0])
				if err != nil {
					return nil, err
				}
				if same {
					n++
				}
			}
			return n, nil
		},
		"copy": func(m *machine, l *list, a args) (any, error) { return l, nil },
	}
	dictChanges = map[string]bool{"clear": true, "pop": true, "popitem": true, "setdefault": true, "update": true}
	listChanges = map[string]bool{"append": true, "clear": true, "extend": true, "insert": true, "pop": true, "remove": true, "reverse": true, "sort": true}
)

// dictItems returns the pairs of a dict.
func (m *machine) dictItems(d *dict) (any, error) {
	if err := m.items(4 * len(d.keys)); err != nil {
		return nil, err
	}
	out := &list{items: make([]any, len(d.keys))}
	for i, k := range d.keys {
		out.items[i] = tupleOf(k, d.values[i])
	}
	return out, nil
}

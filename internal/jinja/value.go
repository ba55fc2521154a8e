package jinja

import (
	"fmt"
	"math"
)

// The values of a template are Go's nil, bool, int64, float64 and string for Python's None, bool, int, float and str, and the
// types below.
type (
	// list is a list, or a tuple.
	list struct {
		items []any
		tuple bool
	}
	// dict is a dict in its order.
	dict struct {
		keys   []any
		values []any
		at     map[any]int // of a key as hashed gives it
	}
	// undefined is what a name without a value gives: empty when written, an error when used otherwise.
	undefined struct{ what string }
	// namespace is an object whose attributes can be set.
	namespace struct{ vars map[string]any }
	// function is anything that can be called.
	function struct {
		name string
		call func(*machine, args) (any, error)
	}
)

func newDict() *dict { return &dict{at: map[any]int{}} }

func listOf(items ...any) *list  { return &list{items: items} }
func tupleOf(items ...any) *list { return &list{items: items, tuple: true} }

// hashed returns what tells keys apart: 1, 1.0 and True are the same one.
func hashed(key any) (any, error) {
	switch k := key.(type) {
	case nil, string:
		return k, nil
	case bool:
		if k {
			return int64(1), nil
		}
		return int64(0), nil
	case int64:
		return k, nil
	case float64:
		if k == math.Trunc(k) && math.Abs(k) < 1<<53 {
			return int64(k), nil
		}
		return k, nil
	}
	return nil, fmt.Errorf("a value of type %s cannot be a key", typeName(key))
}

// set puts a value under a string key.
func (d *dict) set(key string, v any) { d.put(key, key, v) }

func (d *dict) put(hash, key, v any) {
	if i, ok := d.at[hash]; ok {
		d.values[i] = v
		return
	}
	d.at[hash] = len(d.keys)
	d.keys, d.values = append(d.keys, key), append(d.values, v)
}

// get returns the value under a key; ok is false without one.
func (d *dict) get(key any) (v any, ok bool) {
	h, err := hashed(key)
	if err != nil {
		return nil, false
	}
	i, ok := d.at[h]
	if !ok {
		return nil, false
	}
	return d.values[i], true
}

// truth reports what Python's bool does.
func truth(v any) bool {
	switch v := v.(type) {
	case nil, *undefined:
		return false
	case bool:
		return v
	case int64:
		return v != 0
	case float64:
		return v != 0
	case string:
		return v != ""
	case *list:
		return len(v.items) > 0
	case *dict:
		return len(v.keys) > 0
	}
	return true
}

// typeName is the name of a value's type in a mistake.
func typeName(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return "bool"
	case int64:
		return "int"
	case float64:
		return "float"
	case string:
		return "str"
	case *list:
		if v.tuple {
			return "tuple"
		}
		return "list"
	case *dict:
		return "dict"
	case *undefined:
		return "undefined"
	case *namespace:
		return "namespace"
	case *function, *macroValue:
		return "function"
	case *loop:
		return "loop"
	}
	return "object"
}

// use refuses an undefined value.
func use(v any) error {
	if u, ok := v.(*undefined); ok {
		return fmt.Errorf("%s", u.what)
	}
	return nil
}

// whole returns v as an int: bool counts as one.
func whole(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

// number returns v as a float: int and bool count.
func number(v any) (float64, bool) {
	if n, ok := whole(v); ok {
		return float64(n), true
	}
	f, ok := v.(float64)
	return f, ok
}

package jinja

import (
	"fmt"
	"strings"
)

// A test is what stands after "is".
type test func(m *machine, v any, a args) (bool, error)

var tests map[string]test

// init, because select and reject use the tests that they are among the filters of.
func init() { //nolint:gochecknoinits // what stands in the table looks into it
	comparing := func(op string) test {
		return func(m *machine, v any, a args) (bool, error) {
			x, err := a.bind(1, "other")
			if err != nil {
				return false, err
			}
			return m.compare(op, v, x[0])
		}
	}
	kindOf := func(f func(any) bool) test {
		return func(_ *machine, v any, a args) (bool, error) { return f(v), nil }
	}
	typed := func(names ...string) test {
		return kindOf(func(v any) bool {
			for _, n := range names {
				if typeName(v) == n {
					return true
				}
			}
			return false
		})
	}
	divisible := func(by int64, rest int64) test {
		return func(m *machine, v any, _ args) (bool, error) {
			r, err := m.binary("%", v, by)
			return r == rest, err
		}
	}
	cased := func(f func(string) string) test {
		return func(m *machine, v any, _ args) (bool, error) {
			s, err := m.text(v)
			if err != nil {
				return false, err
			}
			other := upper(s)
			if f(s) == other {
				other = strings.ToLower(s)
			}
			return s == f(s) && s != other, m.build(3 * len(s))
		}
	}
	tests = map[string]test{
		"defined":   kindOf(func(v any) bool { _, ok := v.(*undefined); return !ok }),
		"undefined": typed("undefined"),
		"none":      typed("None"),
		"boolean":   typed("bool"),
		"true":      kindOf(func(v any) bool { return v == true }),
		"false":     kindOf(func(v any) bool { return v == false }),
		"integer":   typed("int"),
		"float":     typed("float"),
		"number":    typed("int", "float", "bool"),
		"string":    typed("str"),
		"mapping":   typed("dict"),
		"sequence":  typed("str", "list", "tuple", "dict", "undefined"),
		"iterable":  typed("str", "list", "tuple", "dict", "undefined"),
		"callable": kindOf(func(v any) bool {
			_, ok := v.(interface {
				do(*machine, args) (any, error)
			})
			return ok
		}),
		"odd":     divisible(2, 1),
		"even":    divisible(2, 0),
		"escaped": kindOf(func(any) bool { return false }),
		"lower":   cased(strings.ToLower),
		"upper":   cased(upper),
		"divisibleby": func(m *machine, v any, a args) (bool, error) {
			x, err := a.bind(1, "num")
			if err != nil {
				return false, err
			}
			r, err := m.binary("%", v, x[0])
			if err != nil {
				return false, err
			}
			return m.equal(r, int64(0))
		},
		"sameas": func(m *machine, v any, a args) (bool, error) {
			x, err := a.bind(1, "other")
			if err != nil {
				return false, err
			}
			return typeName(v) == typeName(x[0]) && v == x[0], nil
		},
		"in": func(m *machine, v any, a args) (bool, error) {
			x, err := a.bind(1, "seq")
			if err != nil {
				return false, err
			}
			return m.holds(x[0], v)
		},
		"filter": func(_ *machine, v any, _ args) (bool, error) { s, _ := v.(string); return filters[s] != nil, nil },
		"test":   func(_ *machine, v any, _ args) (bool, error) { s, _ := v.(string); return tests[s] != nil, nil },
	}
	for op, names := range map[string]string{"==": "eq equalto ==", "!=": "ne !=", "<": "lt lessthan <", "<=": "le <=", ">": "gt greaterthan >", ">=": "ge >="} {
		for n := range strings.FieldsSeq(names) {
			tests[n] = comparing(op)
		}
	}
}

// testNamed returns a test; one that is not known is an error where it is used, as templates ask for it only on other
// programs.
func testNamed(name string) test {
	if t, ok := tests[name]; ok {
		return t
	}
	return func(*machine, any, args) (bool, error) { return false, fmt.Errorf("there is no test %q", name) }
}

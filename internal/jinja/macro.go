package jinja

import (
	"fmt"
	"slices"
)

// A macro is a function that a template defines.
type macro struct {
	name   string
	params []param
	body   []stmt
}

type param struct {
	name string
	or   expr // the default; nil without one
}

type (
	macroStmt struct {
		line int
		of   *macro
	}
	callStmt struct {
		line   int
		call   callExpr
		caller *macro
	}
)

// macroValue is a macro with the names that it sees.
type macroValue struct {
	*macro
	scope *scope
}

func (x macroStmt) exec(_ *machine, s *scope) error {
	s.set(x.of.name, &macroValue{x.of, s})
	return nil
}

// do calls the macro: parameters in order and by name, what is left over under varargs and kwargs, and the body of a call
// block under caller.
func (f *macroValue) do(m *machine, a args) (any, error) {
	if m.calls++; m.calls > maxCalls {
		return nil, errBound("calls of the macro %s are nested more than %d deep", f.name, maxCalls)
	}
	defer func() { m.calls-- }()
	in := f.scope.inner()
	rest := tupleOf(a.pos[min(len(f.params), len(a.pos)):]...)
	named := newDict()
	in.set("varargs", rest)
	in.set("kwargs", named)
	in.set("caller", &undefined{"the macro was called without a call block, so there is no caller"})
	for k, n := range a.names {
		i := slices.IndexFunc(f.params, func(p param) bool { return p.name == n })
		switch {
		case i >= 0 && i < len(a.pos):
			return nil, fmt.Errorf("the macro %s is given its argument %q twice", f.name, n)
		case i < 0 && n == "caller":
			in.set("caller", a.named[k])
		case i < 0:
			named.set(n, a.named[k])
		}
	}
	for i, p := range f.params {
		k := slices.Index(a.names, p.name)
		switch {
		case i < len(a.pos):
			in.set(p.name, a.pos[i])
		case k >= 0:
			in.set(p.name, a.named[k])
		case p.or != nil:
			v, err := m.eval(p.or, in)
			if err != nil {
				return nil, err
			}
			in.set(p.name, v)
		default:
			in.set(p.name, &undefined{fmt.Sprintf("the macro %s was called without its argument %q", f.name, p.name)})
		}
	}
	return m.capture(func() error { return m.exec(f.body, in) })
}

func (x callStmt) exec(m *machine, s *scope) error {
	m.line = x.line
	f, err := m.eval(x.call.of, s)
	if err != nil {
		return err
	}
	a, err := m.arguments(x.call.args, s)
	if err != nil {
		return err
	}
	a.names, a.named = append(a.names, "caller"), append(a.named, &macroValue{x.caller, s})
	v, err := m.call(f, a)
	if err != nil {
		return err
	}
	t, err := m.text(v)
	if err != nil {
		return err
	}
	return m.write(t)
}

package jinja

import "fmt"

// A scope has the names of a block; those of the blocks around it are seen.
type scope struct {
	vars   map[string]any
	parent *scope
}

func (s *scope) inner() *scope { return &scope{parent: s} }

func (s *scope) get(name string) (any, bool) {
	for ; s != nil; s = s.parent {
		if v, ok := s.vars[name]; ok {
			return v, true
		}
	}
	return nil, false
}

func (s *scope) set(name string, v any) {
	if s.vars == nil {
		s.vars = map[string]any{}
	}
	s.vars[name] = v
}

// capturedName is under what a filter block keeps what was written: no name of a template.
const capturedName = "what was written"

// A target is what a value is assigned to.
type target interface {
	assign(m *machine, s *scope, v any) error
}

type (
	nameTarget  string
	tupleTarget []target
	attrTarget  struct{ object, name string }
)

func (t nameTarget) assign(_ *machine, s *scope, v any) error {
	s.set(string(t), v)
	return nil
}

func (t tupleTarget) assign(m *machine, s *scope, v any) error {
	if err := use(v); err != nil {
		return err
	}
	all, err := m.iterate(v)
	if err != nil {
		return err
	}
	if len(all) != len(t) {
		return fmt.Errorf("%d values are assigned to %d names", len(all), len(t))
	}
	for i, one := range t {
		if err := one.assign(m, s, all[i]); err != nil {
			return err
		}
	}
	return nil
}

func (t attrTarget) assign(_ *machine, s *scope, v any) error {
	o, _ := s.get(t.object)
	n, ok := o.(*namespace)
	if !ok {
		return fmt.Errorf("%s is no namespace, so its attribute %s cannot be set", t.object, t.name)
	}
	n.vars[t.name] = v
	return nil
}

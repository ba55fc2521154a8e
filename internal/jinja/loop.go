package jinja

import (
	"errors"
	"fmt"
)

type forStmt struct {
	line        int
	target      target
	over, test  expr
	body, other []stmt
	recursive   bool
}

// A loop is what a body sees under that name.
type loop struct {
	items   []any
	at      int // index of the item under way
	depth   int // of recursive loops, from 0
	changed any // the arguments of the last call of changed; nil before the first
	again   func(m *machine, over any) (any, error)
}

func (x forStmt) exec(m *machine, s *scope) error {
	over, err := m.value(x.line, x.over, s)
	if err != nil {
		return err
	}
	return x.run(m, s, over, 0)
}

// run goes through the items of a value. A recursive loop calls it again through the function loop.
func (x forStmt) run(m *machine, s *scope, over any, depth int) error {
	items, err := m.iterate(over)
	if err != nil {
		return err
	}
	if x.test != nil {
		if items, err = x.passing(m, s, items); err != nil {
			return err
		}
	}
	if len(items) == 0 {
		return m.exec(x.other, s.inner())
	}
	l := &loop{items: items, depth: depth}
	if x.recursive {
		l.again = func(m *machine, over any) (any, error) {
			if m.calls++; m.calls > maxCalls {
				return nil, errBound("loops that call themselves are nested more than %d deep", maxCalls)
			}
			defer func() { m.calls-- }()
			return m.capture(func() error { return x.run(m, s, over, depth+1) })
		}
	}
	for i, item := range items {
		if err := m.work(2); err != nil {
			return err
		}
		l.at = i
		in := s.inner()
		in.set("loop", l)
		if err := x.target.assign(m, in, item); err != nil {
			return err
		}
		switch err := m.exec(x.body, in); {
		case errors.Is(err, errBreak):
			return nil
		case err != nil && !errors.Is(err, errContinue):
			return err
		}
	}
	return nil
}

// passing returns the items for which the loop's own condition holds.
func (x forStmt) passing(m *machine, s *scope, items []any) ([]any, error) {
	var out []any
	for _, item := range items {
		in := s.inner()
		if err := x.target.assign(m, in, item); err != nil {
			return nil, err
		}
		v, err := m.eval(x.test, in)
		if err != nil {
			return nil, err
		}
		if truth(v) {
			if err := m.items(1); err != nil {
				return nil, err
			}
			out = append(out, item)
		}
	}
	return out, nil
}

// attr returns an attribute of the loop.
func (l *loop) attr(name string) (any, bool) {
	n := len(l.items)
	at := func(i int, missing string) any {
		if i < 0 || i >= n {
			return &undefined{missing}
		}
		return l.items[i]
	}
	switch name {
	case "index":
		return int64(l.at + 1), true
	case "index0":
		return int64(l.at), true
	case "revindex":
		return int64(n - l.at), true
	case "revindex0":
		return int64(n - l.at - 1), true
	case "first":
		return l.at == 0, true
	case "last":
		return l.at == n-1, true
	case "length":
		return int64(n), true
	case "depth":
		return int64(l.depth + 1), true
	case "depth0":
		return int64(l.depth), true
	case "previtem":
		return at(l.at-1, "there is no item before the first"), true
	case "nextitem":
		return at(l.at+1, "there is no item after the last"), true
	case "cycle":
		return &function{"cycle", func(_ *machine, a args) (any, error) {
			if len(a.pos) == 0 {
				return nil, errors.New("there is nothing to cycle through")
			}
			return a.pos[l.at%len(a.pos)], nil
		}}, true
	case "changed":
		return &function{"changed", func(m *machine, a args) (any, error) {
			now := &list{items: a.pos}
			if l.changed != nil {
				if same, err := m.equal(l.changed, now); same || err != nil {
					return false, err
				}
			}
			l.changed = now
			return true, nil
		}}, true
	}
	return nil, false
}

// do runs a recursive loop over other items.
func (l *loop) do(m *machine, a args) (any, error) {
	if l.again == nil {
		return nil, errors.New("the loop is not recursive, so it cannot be called")
	}
	v, err := a.bind(1, "iterable")
	if err != nil {
		return nil, fmt.Errorf("loop: %w", err)
	}
	return l.again(m, v[0])
}

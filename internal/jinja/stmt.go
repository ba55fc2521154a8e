package jinja

import "errors"

// A stmt is a statement of a template, or text.
type stmt interface {
	exec(m *machine, s *scope) error
}

// The statements but loops and macros.
type (
	textStmt  string
	printStmt struct {
		line int
		e    expr
	}
	doStmt struct {
		line int
		e    expr
	}
	ifStmt struct {
		line   int
		tests  []expr
		bodies [][]stmt
		other  []stmt
	}
	setStmt struct {
		line int
		to   target
		v    expr
	}
	setBlockStmt struct {
		line   int
		to     target
		filter expr // of captured
		body   []stmt
	}
	filterStmt struct {
		line   int
		filter expr
		body   []stmt
	}
	scopeStmt struct { // with, block and generation
		line    int
		targets []target
		values  []expr
		body    []stmt
	}
	jumpStmt struct {
		line int
		how  error
	}
)

var errBreak, errContinue = errors.New("break"), errors.New("continue")

// exec runs statements in order.
func (m *machine) exec(body []stmt, s *scope) error {
	if err := m.enter(); err != nil {
		return err
	}
	defer m.leave()
	for _, x := range body {
		if err := m.work(1); err != nil {
			return err
		}
		if err := x.exec(m, s); err != nil {
			return err
		}
	}
	return nil
}

// value evaluates the expression of a statement.
func (m *machine) value(line int, e expr, s *scope) (any, error) {
	m.line = line
	return m.eval(e, s)
}

func (x textStmt) exec(m *machine, _ *scope) error { return m.write(string(x)) }

func (x printStmt) exec(m *machine, s *scope) error {
	v, err := m.value(x.line, x.e, s)
	if err != nil {
		return err
	}
	t, err := m.text(v)
	if err != nil {
		return err
	}
	return m.write(t)
}

func (x doStmt) exec(m *machine, s *scope) error {
	_, err := m.value(x.line, x.e, s)
	return err
}

func (x ifStmt) exec(m *machine, s *scope) error {
	for i, test := range x.tests {
		v, err := m.value(x.line, test, s)
		if err != nil {
			return err
		}
		if truth(v) {
			return m.exec(x.bodies[i], s)
		}
	}
	return m.exec(x.other, s)
}

func (x setStmt) exec(m *machine, s *scope) error {
	v, err := m.value(x.line, x.v, s)
	if err != nil {
		return err
	}
	return x.to.assign(m, s, v)
}

func (x setBlockStmt) exec(m *machine, s *scope) error {
	v, err := m.filtered(x.line, x.filter, x.body, s)
	if err != nil {
		return err
	}
	return x.to.assign(m, s, v)
}

func (x filterStmt) exec(m *machine, s *scope) error {
	v, err := m.filtered(x.line, x.filter, x.body, s)
	if err != nil {
		return err
	}
	t, err := m.text(v)
	if err != nil {
		return err
	}
	return m.write(t)
}

// filtered runs body and gives what it writes to a filter.
func (m *machine) filtered(line int, f expr, body []stmt, s *scope) (any, error) {
	t, err := m.capture(func() error { return m.exec(body, s.inner()) })
	if err != nil {
		return nil, err
	}
	in := s.inner()
	in.set(capturedName, t)
	return m.value(line, f, in)
}

func (x scopeStmt) exec(m *machine, s *scope) error {
	in := s.inner()
	for i, e := range x.values {
		v, err := m.value(x.line, e, s)
		if err != nil {
			return err
		}
		if err := x.targets[i].assign(m, in, v); err != nil {
			return err
		}
	}
	return m.exec(x.body, in)
}

func (x jumpStmt) exec(m *machine, _ *scope) error {
	m.line = x.line
	return x.how
}

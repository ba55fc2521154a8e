package jinja

import (
	"errors"
	"fmt"
	"strings"
)

// An expr is an expression of a template.
type expr interface {
	eval(m *machine, s *scope) (any, error)
}

// The expressions.
type (
	constExpr struct{ v any }
	nameExpr  string
	listExpr  []expr
	tupleExpr []expr
	dictExpr  [][2]expr
	condExpr  struct{ test, yes, no expr }
	logicExpr struct {
		a, b expr
		or   bool
	}
	notExpr  struct{ e expr }
	signExpr struct {
		minus bool
		e     expr
	}
	binaryExpr struct {
		op   string
		a, b expr
	}
	concatExpr  []expr
	compareExpr struct {
		first expr
		ops   []string
		rest  []expr
	}
	attrExpr struct {
		of   expr
		name string
	}
	itemExpr  struct{ of, key expr }
	sliceExpr struct{ start, stop, step expr }
	callExpr  struct {
		of   expr
		args argExprs
	}
	filterExpr struct {
		of   expr
		name string
		args argExprs
		do   filter
	}
	testExpr struct {
		of   expr
		name string
		args argExprs
		do   test
	}
	captured struct{} // what the block around a filter wrote
)

// argExprs are the arguments of a call.
type argExprs struct {
	pos                 []expr
	names               []string
	named               []expr
	spread, spreadNamed expr // *args and **kwargs
}

// eval evaluates an expression, and counts it.
func (m *machine) eval(e expr, s *scope) (any, error) {
	if err := m.enter(); err != nil {
		return nil, err
	}
	defer m.leave()
	return e.eval(m, s)
}

// evalAll evaluates expressions in order.
func (m *machine) evalAll(es []expr, s *scope) ([]any, error) {
	if err := m.items(len(es)); err != nil {
		return nil, err
	}
	out := make([]any, len(es))
	for i, e := range es {
		var err error
		if out[i], err = m.eval(e, s); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e constExpr) eval(*machine, *scope) (any, error) { return e.v, nil }

func (e nameExpr) eval(_ *machine, s *scope) (any, error) {
	if v, ok := s.get(string(e)); ok {
		return v, nil
	}
	return &undefined{fmt.Sprintf("%q is undefined", string(e))}, nil
}

func (captured) eval(_ *machine, s *scope) (any, error) {
	v, _ := s.get(capturedName)
	return v, nil
}

func (e listExpr) eval(m *machine, s *scope) (any, error) {
	items, err := m.evalAll(e, s)
	return &list{items: items}, err
}

func (e tupleExpr) eval(m *machine, s *scope) (any, error) {
	items, err := m.evalAll(e, s)
	return &list{items: items, tuple: true}, err
}

func (e dictExpr) eval(m *machine, s *scope) (any, error) {
	if err := m.items(4 * len(e)); err != nil {
		return nil, err
	}
	d := newDict()
	for _, pair := range e {
		k, err := m.eval(pair[0], s)
		if err != nil {
			return nil, err
		}
		v, err := m.eval(pair[1], s)
		if err != nil {
			return nil, err
		}
		h, err := hashed(k)
		if err != nil {
			return nil, err
		}
		d.put(h, k, v)
	}
	return d, nil
}

func (e condExpr) eval(m *machine, s *scope) (any, error) {
	t, err := m.eval(e.test, s)
	if err != nil {
		return nil, err
	}
	switch {
	case truth(t):
		return m.eval(e.yes, s)
	case e.no != nil:
		return m.eval(e.no, s)
	}
	return &undefined{"the inline if was false and has no else"}, nil
}

func (e logicExpr) eval(m *machine, s *scope) (any, error) {
	a, err := m.eval(e.a, s)
	if err != nil || truth(a) == e.or {
		return a, err
	}
	return m.eval(e.b, s)
}

func (e notExpr) eval(m *machine, s *scope) (any, error) {
	v, err := m.eval(e.e, s)
	return !truth(v), err
}

func (e signExpr) eval(m *machine, s *scope) (any, error) {
	v, err := m.eval(e.e, s)
	if err != nil {
		return nil, err
	}
	if f, ok := v.(float64); ok {
		if e.minus {
			f = -f
		}
		return f, nil
	}
	n, ok := whole(v)
	if !ok {
		return nil, fmt.Errorf("a %s has no sign", typeName(v))
	}
	if e.minus {
		return integers("-", 0, n)
	}
	return n, nil
}

func (e binaryExpr) eval(m *machine, s *scope) (any, error) {
	a, err := m.eval(e.a, s)
	if err != nil {
		return nil, err
	}
	b, err := m.eval(e.b, s)
	if err != nil {
		return nil, err
	}
	return m.binary(e.op, a, b)
}

func (e concatExpr) eval(m *machine, s *scope) (any, error) {
	var b strings.Builder
	for _, part := range e {
		v, err := m.eval(part, s)
		if err != nil {
			return nil, err
		}
		if err := m.append(&b, v); err != nil {
			return nil, err
		}
	}
	return b.String(), nil
}

// append writes a value as text.
func (m *machine) append(b *strings.Builder, v any) error {
	t, err := m.text(v)
	if err != nil {
		return err
	}
	if err := m.build(len(t)); err != nil {
		return err
	}
	b.WriteString(t)
	return nil
}

func (e compareExpr) eval(m *machine, s *scope) (any, error) {
	a, err := m.eval(e.first, s)
	if err != nil {
		return nil, err
	}
	for i, op := range e.ops {
		b, err := m.eval(e.rest[i], s)
		if err != nil {
			return nil, err
		}
		if ok, err := m.compare(op, a, b); !ok || err != nil {
			return ok, err
		}
		a = b
	}
	return true, nil
}

func (m *machine) compare(op string, a, b any) (bool, error) {
	switch op {
	case "==":
		return m.equal(a, b)
	case "!=":
		same, err := m.equal(a, b)
		return !same, err
	case "in":
		return m.holds(b, a)
	case "not in":
		in, err := m.holds(b, a)
		return !in, err
	}
	c, err := m.order(a, b)
	return op == "<" && c < 0 || op == "<=" && c <= 0 || op == ">" && c > 0 || op == ">=" && c >= 0, err
}

func (e callExpr) eval(m *machine, s *scope) (any, error) {
	f, err := m.eval(e.of, s)
	if err != nil {
		return nil, err
	}
	a, err := m.arguments(e.args, s)
	if err != nil {
		return nil, err
	}
	return m.call(f, a)
}

// call calls a value.
func (m *machine) call(f any, a args) (any, error) {
	if err := use(f); err != nil {
		return nil, err
	}
	c, ok := f.(interface {
		do(*machine, args) (any, error)
	})
	if !ok {
		return nil, fmt.Errorf("a value of type %s cannot be called", typeName(f))
	}
	return c.do(m, a)
}

func (f *function) do(m *machine, a args) (any, error) {
	v, err := f.call(m, a)
	if err != nil && f.name != "" {
		if _, raised := errors.AsType[*Raised](err); !raised {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	return v, err
}

// operands evaluates what a filter or a test is applied to, and its arguments.
func (m *machine) operands(of expr, list argExprs, s *scope) (v any, a args, err error) {
	if v, err = m.eval(of, s); err != nil {
		return nil, args{}, err
	}
	a, err = m.arguments(list, s)
	return v, a, err
}

func (e filterExpr) eval(m *machine, s *scope) (any, error) {
	v, a, err := m.operands(e.of, e.args, s)
	if err != nil {
		return nil, err
	}
	out, err := e.do(m, v, a)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.name, err)
	}
	return out, nil
}

func (e testExpr) eval(m *machine, s *scope) (any, error) {
	v, a, err := m.operands(e.of, e.args, s)
	if err != nil {
		return nil, err
	}
	yes, err := e.do(m, v, a)
	if err != nil {
		return nil, fmt.Errorf("is %s: %w", e.name, err)
	}
	return yes, nil
}

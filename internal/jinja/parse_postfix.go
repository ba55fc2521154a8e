package jinja

import "strconv"

// postfix reads what may follow a value: .name, [index] and (arguments).
func (p *parser) postfix(e expr) (expr, error) {
	var err error
	for err == nil {
		switch {
		case p.op("."):
			e, err = p.attribute(e)
		case p.op("["):
			e, err = p.subscript(e)
		case p.op("("):
			e, err = p.call(e)
		default:
			return e, nil
		}
	}
	return nil, err
}

func (p *parser) attribute(e expr) (expr, error) {
	p.next()
	t := p.next()
	switch t.kind {
	case name:
		return attrExpr{e, t.text}, nil
	case integer:
		n, err := strconv.ParseInt(t.text, 10, 64)
		if err != nil {
			return nil, p.fail("%.40s is no index", t.text)
		}
		return itemExpr{e, constExpr{n}}, nil
	}
	return nil, p.fail("%v stands where the name of an attribute should", t)
}

func (p *parser) subscript(e expr) (expr, error) {
	p.next()
	var all tupleExpr
	for !p.op("]") {
		if len(all) > 0 {
			if err := p.wantOp(","); err != nil {
				return nil, err
			}
		}
		i, err := p.index()
		if err != nil {
			return nil, err
		}
		all = append(all, i)
	}
	if err := p.wantOp("]"); err != nil {
		return nil, err
	}
	if len(all) == 1 {
		return itemExpr{e, all[0]}, nil
	}
	return itemExpr{e, all}, nil
}

// index reads an expression, or a slice start:stop:step.
func (p *parser) index() (expr, error) {
	var s sliceExpr
	var err error
	if !p.op(":") {
		if s.start, err = p.expression(); err != nil || !p.op(":") {
			return s.start, err
		}
	}
	for _, part := range []*expr{&s.stop, &s.step} {
		if !p.skipOp(":") {
			break
		}
		if !p.op(":") && !p.op("]") && !p.op(",") {
			if *part, err = p.expression(); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (p *parser) call(e expr) (expr, error) {
	a, err := p.arguments()
	return callExpr{e, a}, err
}

// arguments reads those of a call, brackets included.
func (p *parser) arguments() (a argExprs, err error) {
	if err := p.wantOp("("); err != nil {
		return a, err
	}
	err = p.listed(")", func() error {
		var err error
		switch {
		case p.skipOp("*"):
			a.spread, err = p.expression()
		case p.skipOp("**"):
			a.spreadNamed, err = p.expression()
		case p.now().kind == name && p.look().kind == operator && p.look().text == "=":
			n := p.next().text
			p.next()
			var v expr
			v, err = p.expression()
			a.names, a.named = append(a.names, n), append(a.named, v)
		case len(a.named) > 0 || a.spread != nil || a.spreadNamed != nil:
			return p.fail("an argument without a name follows one with a name")
		default:
			var v expr
			v, err = p.expression()
			a.pos = append(a.pos, v)
		}
		return err
	})
	return a, err
}

// filters reads |name(arguments) as often as it stands there; inline begins with the name.
func (p *parser) filters(e expr, inline bool) (expr, error) {
	for inline || p.skipOp("|") {
		inline = false
		t, err := p.want(name)
		if err != nil {
			return nil, err
		}
		x := filterExpr{of: e, name: t.text, do: filterNamed(t.text)}
		if p.op("(") {
			if x.args, err = p.arguments(); err != nil {
				return nil, err
			}
		}
		e = x
	}
	return e, nil
}

// test reads "is name argument" and "is not name(arguments)".
func (p *parser) test(e expr) (expr, error) {
	p.next()
	negated := p.skipWord("not")
	t, err := p.want(name)
	if err != nil {
		return nil, err
	}
	x := testExpr{of: e, name: t.text, do: testNamed(t.text)}
	switch n := p.now(); {
	case p.op("("):
		if x.args, err = p.arguments(); err != nil {
			return nil, err
		}
	case n.kind == name && n.text != "else" && n.text != "or" && n.text != "and" || n.kind == str || n.kind == integer || n.kind == float || p.op("[") || p.op("{"):
		if n.text == "is" && n.kind == name {
			return nil, p.fail("a test follows a test")
		}
		v, err := p.primary()
		if err == nil {
			v, err = p.postfix(v)
		}
		if err != nil {
			return nil, err
		}
		x.args.pos = []expr{v}
	}
	if negated {
		return notExpr{x}, nil
	}
	return x, nil
}

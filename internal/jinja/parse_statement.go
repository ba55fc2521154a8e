package jinja

// statement reads a block from its first word on, up to the end of its last tag.
func (p *parser) statement() (stmt, error) {
	t, err := p.want(name)
	if err != nil {
		return nil, err
	}
	read, ok := map[string]func(int) (stmt, error){
		"if": p.ifStatement, "for": p.forStatement, "set": p.setStatement, "macro": p.macroStatement, "call": p.callStatement,
		"filter": p.filterStatement, "with": p.withStatement, "do": p.doStatement, "print": p.printStatement, "block": p.blockStatement,
		"generation": func(line int) (stmt, error) {
			b, err := p.only("endgeneration")
			return scopeStmt{line, nil, nil, b}, err
		},
		"break":    func(line int) (stmt, error) { return jumpStmt{line, errBreak}, nil },
		"continue": func(line int) (stmt, error) { return jumpStmt{line, errContinue}, nil },
	}[t.text]
	if !ok {
		switch t.text {
		case "include", "import", "from", "extends":
			return nil, p.fail("%s needs another file, and a chat template is one", t.text)
		}
		return nil, p.fail("there is no tag %q here", t.text)
	}
	return read(t.line)
}

func (p *parser) ifStatement(line int) (stmt, error) {
	s := ifStmt{line: line}
	for {
		test, err := p.tuple(tupleRule{plain: true})
		if err != nil {
			return nil, err
		}
		body, end, err := p.body("elif", "else", "endif")
		if err != nil {
			return nil, err
		}
		s.tests, s.bodies = append(s.tests, test), append(s.bodies, body)
		switch end {
		case "elif":
			continue
		case "else":
			s.other, err = p.only("endif")
		}
		return s, err
	}
}

func (p *parser) forStatement(line int) (stmt, error) {
	s := forStmt{line: line}
	var err error
	if s.target, err = p.target("in"); err != nil {
		return nil, err
	}
	if !p.skipWord("in") {
		return nil, p.fail(`%v stands where "in" should`, p.now())
	}
	if s.over, err = p.tuple(tupleRule{plain: true, until: "recursive"}); err != nil {
		return nil, err
	}
	if p.skipWord("if") {
		if s.test, err = p.expression(); err != nil {
			return nil, err
		}
	}
	s.recursive = p.skipWord("recursive")
	var end string
	if s.body, end, err = p.body("endfor", "else"); err == nil && end == "else" {
		s.other, err = p.only("endfor")
	}
	return s, err
}

func (p *parser) setStatement(line int) (stmt, error) {
	to, err := p.target("")
	if err != nil {
		return nil, err
	}
	if p.skipOp("=") {
		v, err := p.tuple(tupleRule{})
		return setStmt{line, to, v}, err
	}
	filtered, err := p.filters(captured{}, false)
	if err != nil {
		return nil, err
	}
	b, err := p.only("endset")
	return setBlockStmt{line, to, filtered, b}, err
}

func (p *parser) macroStatement(line int) (stmt, error) {
	n, err := p.want(name)
	if err != nil {
		return nil, err
	}
	params, err := p.signature()
	if err != nil {
		return nil, err
	}
	b, err := p.only("endmacro")
	return macroStmt{line, &macro{name: n.text, params: params, body: b}}, err
}

// signature reads the parameters of a macro.
func (p *parser) signature() (ps []param, err error) {
	if err := p.wantOp("("); err != nil {
		return nil, err
	}
	for !p.op(")") {
		if len(ps) > 0 {
			if err := p.wantOp(","); err != nil {
				return nil, err
			}
		}
		n, err := p.want(name)
		if err != nil {
			return nil, err
		}
		one := param{name: n.text}
		if p.skipOp("=") {
			if one.or, err = p.expression(); err != nil {
				return nil, err
			}
		} else if len(ps) > 0 && ps[len(ps)-1].or != nil {
			return nil, p.fail("the parameter %s has no default, but one before it does", n.text)
		}
		ps = append(ps, one)
	}
	return ps, p.wantOp(")")
}

func (p *parser) callStatement(line int) (stmt, error) {
	caller := &macro{name: "caller"}
	if p.op("(") {
		var err error
		if caller.params, err = p.signature(); err != nil {
			return nil, err
		}
	}
	e, err := p.expression()
	if err != nil {
		return nil, err
	}
	call, ok := e.(callExpr)
	if !ok {
		return nil, p.fail("the block call calls nothing")
	}
	caller.body, err = p.only("endcall")
	return callStmt{line, call, caller}, err
}

func (p *parser) filterStatement(line int) (stmt, error) {
	f, err := p.filters(captured{}, true)
	if err != nil {
		return nil, err
	}
	b, err := p.only("endfilter")
	return filterStmt{line, f, b}, err
}

func (p *parser) withStatement(line int) (stmt, error) {
	s := scopeStmt{line: line}
	for p.now().kind != blockEnd {
		if len(s.targets) > 0 {
			if err := p.wantOp(","); err != nil {
				return nil, err
			}
		}
		to, err := p.target("")
		if err != nil {
			return nil, err
		}
		if err := p.wantOp("="); err != nil {
			return nil, err
		}
		v, err := p.expression()
		if err != nil {
			return nil, err
		}
		s.targets, s.values = append(s.targets, to), append(s.values, v)
	}
	var err error
	s.body, err = p.only("endwith")
	return s, err
}

func (p *parser) doStatement(line int) (stmt, error) {
	e, err := p.tuple(tupleRule{})
	return doStmt{line, e}, err
}

func (p *parser) printStatement(line int) (stmt, error) {
	e, err := p.expression()
	return printStmt{line, e}, err
}

func (p *parser) blockStatement(line int) (stmt, error) {
	n, err := p.want(name)
	if err != nil {
		return nil, err
	}
	p.skipWord("scoped")
	b, err := p.only("endblock")
	p.skipWord(n.text)
	return scopeStmt{line, nil, nil, b}, err
}

// target reads what is assigned to: a name, an attribute of a namespace, or a tuple of names. until is the word that ends it.
func (p *parser) target(until string) (target, error) {
	var all []target
	paren := p.skipOp("(")
	for {
		n, err := p.want(name)
		if err != nil {
			return nil, err
		}
		switch n.text {
		case "true", "false", "none", "True", "False", "None":
			return nil, p.fail("%s cannot be assigned to", n.text)
		}
		if until == "" && p.skipOp(".") {
			attr, err := p.want(name)
			if err != nil {
				return nil, err
			}
			all = append(all, attrTarget{n.text, attr.text})
		} else {
			all = append(all, nameTarget(n.text))
		}
		if !p.skipOp(",") {
			if paren {
				if err := p.wantOp(")"); err != nil {
					return nil, err
				}
			}
			if len(all) == 1 {
				return all[0], nil
			}
			return tupleTarget(all), nil
		}
		if until != "" && p.word(until) || p.op("=") || paren && p.skipOp(")") {
			return tupleTarget(all), nil
		}
	}
}

package jinja

import (
	"math"
	"strconv"
	"strings"
)

// A tupleRule says how an expression that may be a tuple is read.
type tupleRule struct {
	plain  bool   // no "a if b else c" outside of parentheses
	until  string // a word that ends it
	parens bool   // within parentheses, where () is a tuple
}

// tuple reads an expression, or several with commas between them.
func (p *parser) tuple(r tupleRule) (expr, error) {
	var all tupleExpr
	for {
		t := p.now()
		if t.kind == varEnd || t.kind == blockEnd || p.op(")") || r.until != "" && p.word(r.until) {
			if len(all) == 0 && !r.parens {
				return nil, p.fail("%v stands where an expression should", t)
			}
			return all, nil
		}
		read := p.expression
		if r.plain {
			read = p.or
		}
		e, err := read()
		if err != nil {
			return nil, err
		}
		all = append(all, e)
		if !p.skipOp(",") {
			if len(all) == 1 {
				return e, nil
			}
			return all, nil
		}
	}
}

// expression reads an expression with its inline ifs.
func (p *parser) expression() (expr, error) {
	up, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer up()
	e, err := p.or()
	for err == nil && p.skipWord("if") {
		c := condExpr{yes: e}
		if c.test, err = p.or(); err != nil {
			return nil, err
		}
		if p.skipWord("else") {
			if c.no, err = p.expression(); err != nil {
				return nil, err
			}
		}
		e = c
	}
	return e, err
}

func (p *parser) or() (expr, error) {
	return p.chain(p.and, func() string { return p.wordOf("or") }, func(_ string, a, b expr) expr { return logicExpr{a, b, true} })
}

func (p *parser) and() (expr, error) {
	return p.chain(p.not, func() string { return p.wordOf("and") }, func(_ string, a, b expr) expr { return logicExpr{a, b, false} })
}

func (p *parser) wordOf(s string) string {
	if p.word(s) {
		return s
	}
	return ""
}

func (p *parser) opOf(ops ...string) string {
	for _, s := range ops {
		if p.op(s) {
			return s
		}
	}
	return ""
}

// chain reads operands with operators between them, from left to right.
func (p *parser) chain(operand func() (expr, error), which func() string, join func(op string, a, b expr) expr) (expr, error) {
	left, err := operand()
	for err == nil {
		op := which()
		if op == "" {
			return left, nil
		}
		p.next()
		var right expr
		if right, err = operand(); err == nil {
			left = join(op, left, right)
		}
	}
	return nil, err
}

func (p *parser) not() (expr, error) {
	if !p.skipWord("not") {
		return p.compare()
	}
	up, err := p.deeper()
	if err != nil {
		return nil, err
	}
	defer up()
	e, err := p.not()
	return notExpr{e}, err
}

func (p *parser) compare() (expr, error) {
	first, err := p.sum()
	if err != nil {
		return nil, err
	}
	c := compareExpr{first: first}
	for {
		op := p.opOf("==", "!=", ">=", "<=", ">", "<")
		switch {
		case op != "":
			p.next()
		case p.skipWord("in"):
			op = "in"
		case p.word("not") && p.look().kind == name && p.look().text == "in":
			p.next()
			p.next()
			op = "not in"
		case len(c.ops) == 0:
			return first, nil
		default:
			return c, nil
		}
		e, err := p.sum()
		if err != nil {
			return nil, err
		}
		c.ops, c.rest = append(c.ops, op), append(c.rest, e)
	}
}

func (p *parser) sum() (expr, error) {
	return p.chain(p.concat, func() string { return p.opOf("+", "-") }, func(op string, a, b expr) expr { return binaryExpr{op, a, b} })
}

func (p *parser) concat() (expr, error) {
	e, err := p.product()
	if err != nil || !p.op("~") {
		return e, err
	}
	all := concatExpr{e}
	for p.skipOp("~") {
		e, err := p.product()
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func (p *parser) product() (expr, error) {
	return p.chain(p.power, func() string { return p.opOf("*", "/", "//", "%") }, func(op string, a, b expr) expr { return binaryExpr{op, a, b} })
}

func (p *parser) power() (expr, error) {
	return p.chain(func() (expr, error) { return p.unary(true) }, func() string { return p.opOf("**") },
		func(op string, a, b expr) expr { return binaryExpr{op, a, b} })
}

// unary reads a sign, a value and what follows it: attributes, calls, and filters unless a sign stands before.
func (p *parser) unary(filters bool) (e expr, err error) {
	switch sign := p.opOf("-", "+"); sign {
	case "":
		e, err = p.primary()
	default:
		p.next()
		up, derr := p.deeper()
		if derr != nil {
			return nil, derr
		}
		e, err = p.unary(false)
		up()
		e = signExpr{sign == "-", e}
	}
	if err != nil {
		return nil, err
	}
	if e, err = p.postfix(e); err != nil || !filters {
		return e, err
	}
	for {
		switch {
		case p.op("|"):
			e, err = p.filters(e, false)
		case p.word("is"):
			e, err = p.test(e)
		case p.op("("):
			e, err = p.call(e)
		default:
			return e, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) primary() (expr, error) {
	t := p.now()
	switch {
	case t.kind == name:
		p.next()
		switch t.text {
		case "true", "True":
			return constExpr{true}, nil
		case "false", "False":
			return constExpr{false}, nil
		case "none", "None":
			return constExpr{nil}, nil
		}
		return nameExpr(t.text), nil
	case t.kind == str:
		var b strings.Builder
		for p.now().kind == str {
			b.WriteString(p.next().text)
		}
		return constExpr{b.String()}, nil
	case t.kind == integer:
		p.next()
		n, err := strconv.ParseInt(strings.TrimLeft(t.text, "0"), 0, 64)
		if strings.Trim(t.text, "0") == "" {
			n, err = 0, nil
		} else if len(t.text) > 1 && strings.IndexByte("bBoOxX", t.text[1]) >= 0 {
			n, err = strconv.ParseInt(t.text, 0, 64)
		}
		if err != nil {
			return nil, p.fail("the number %.40s has more than 64 bits", t.text)
		}
		return constExpr{n}, nil
	case t.kind == float:
		p.next()
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil && !math.IsInf(f, 0) {
			return nil, p.fail("%.40s is no number", t.text)
		}
		return constExpr{f}, nil
	case p.skipOp("("):
		up, err := p.deeper()
		if err != nil {
			return nil, err
		}
		defer up()
		e, err := p.tuple(tupleRule{parens: true})
		if err != nil {
			return nil, err
		}
		return e, p.wantOp(")")
	case p.skipOp("["):
		var all listExpr
		err := p.listed("]", func() error {
			e, err := p.expression()
			all = append(all, e)
			return err
		})
		return all, err
	case p.skipOp("{"):
		var all dictExpr
		err := p.listed("}", func() error {
			k, err := p.expression()
			if err != nil {
				return err
			}
			if err := p.wantOp(":"); err != nil {
				return err
			}
			v, err := p.expression()
			all = append(all, [2]expr{k, v})
			return err
		})
		return all, err
	}
	return nil, p.fail("%v stands where a value should", t)
}

// listed reads parts with commas between them, and perhaps after the last, up to the closing bracket.
func (p *parser) listed(closing string, part func() error) error {
	for n := 0; !p.op(closing); n++ {
		if n > 0 {
			if err := p.wantOp(","); err != nil {
				return err
			}
			if p.op(closing) {
				break
			}
		}
		if err := part(); err != nil {
			return err
		}
	}
	return p.wantOp(closing)
}

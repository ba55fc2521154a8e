package jinja

import (
	"fmt"
	"slices"
)

// A parser follows Jinja's, rule by rule; each method reads one rule.
type parser struct {
	tokens []token
	at     int
	depth  int // statements and expressions that are being read
}

func (p *parser) now() token { return p.tokens[p.at] }

func (p *parser) look() token { return p.tokens[min(p.at+1, len(p.tokens)-1)] }

func (p *parser) next() token {
	t := p.now()
	p.at = min(p.at+1, len(p.tokens)-1)
	return t
}

func (p *parser) fail(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", p.now().line, fmt.Sprintf(format, args...))
}

// deeper counts what is nested; its result is called at the end.
func (p *parser) deeper() (up func(), err error) {
	if p.depth++; p.depth > maxDepth/8 {
		return nil, p.fail("it is nested more than %d deep", maxDepth/8)
	}
	return func() { p.depth-- }, nil
}

func (p *parser) is(k kind, text string) bool { t := p.now(); return t.kind == k && t.text == text }
func (p *parser) op(s string) bool            { return p.is(operator, s) }
func (p *parser) word(s string) bool          { return p.is(name, s) }

// skipOp and skipWord go past a token if it is the one.
func (p *parser) skipOp(s string) bool {
	if p.op(s) {
		p.next()
		return true
	}
	return false
}

func (p *parser) skipWord(s string) bool {
	if p.word(s) {
		p.next()
		return true
	}
	return false
}

func (p *parser) wantOp(s string) error {
	if !p.skipOp(s) {
		return p.fail("%v stands where %q should", p.now(), s)
	}
	return nil
}

func (p *parser) want(k kind) (token, error) {
	if t := p.now(); t.kind != k {
		return t, p.fail("%v stands where %v should", t, map[kind]string{name: "a name", varEnd: "}}", blockEnd: "%}"}[k])
	}
	return p.next(), nil
}

// statements reads text and tags up to a block that begins with one of the words, which is left to the caller; without
// words up to the end of the template. end is the word.
func (p *parser) statements(words ...string) (body []stmt, end string, err error) {
	up, err := p.deeper()
	if err != nil {
		return nil, "", err
	}
	defer up()
	for {
		switch t := p.now(); t.kind {
		case eof:
			if len(words) > 0 {
				return nil, "", p.fail("the template ends where one of %q should stand", words)
			}
			return body, "", nil
		case data:
			p.next()
			body = append(body, textStmt(t.text))
		case varBegin:
			p.next()
			e, err := p.tuple(tupleRule{})
			if err != nil {
				return nil, "", err
			}
			if _, err := p.want(varEnd); err != nil {
				return nil, "", err
			}
			body = append(body, printStmt{t.line, e})
		case blockBegin:
			p.next()
			w := p.now()
			if w.kind == name && slices.Contains(words, w.text) {
				p.next()
				return body, w.text, nil
			}
			s, err := p.statement()
			if err != nil {
				return nil, "", err
			}
			if _, err := p.want(blockEnd); err != nil {
				return nil, "", err
			}
			body = append(body, s)
		default:
			return nil, "", p.fail("%v has no meaning here", t)
		}
	}
}

// body reads the rest of a block's tag, then statements up to one of the words.
func (p *parser) body(words ...string) ([]stmt, string, error) {
	p.skipOp(":") // as in Python
	if _, err := p.want(blockEnd); err != nil {
		return nil, "", err
	}
	return p.statements(words...)
}

// only is body where there is one word.
func (p *parser) only(word string) ([]stmt, error) {
	b, _, err := p.body(word)
	return b, err
}

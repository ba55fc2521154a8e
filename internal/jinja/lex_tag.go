package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tag reads the tokens of a tag, up to its end outside of brackets.
func (l *lexer) tag(closing string, closed kind) error {
	var open []byte
	for {
		l.skipSpace()
		if len(open) == 0 {
			line := l.line
			if l.end(closing) {
				l.out = append(l.out, token{closed, "", line})
				return nil
			}
		}
		if l.at == len(l.src) {
			return l.fail("a tag has no end: %s is missing", closing)
		}
		c := l.src[l.at]
		switch {
		case c == '\'' || c == '"':
			if err := l.quoted(c); err != nil {
				return err
			}
		case c >= '0' && c <= '9':
			l.number()
		case c == '_' || unicode.IsLetter(l.rune()):
			l.word()
		default:
			op := operatorAt(l.src[l.at:])
			if op == "" {
				return l.fail("%q has no meaning here", string(l.rune()))
			}
			switch op {
			case "(", "[", "{":
				if open = append(open, op[0]); len(open) > maxNesting {
					return l.fail("more than %d brackets are open at once", maxNesting)
				}
			case ")", "]", "}":
				if len(open) == 0 || strings.IndexByte("([{", open[len(open)-1]) != strings.IndexByte(")]}", op[0]) {
					return l.fail("%q closes nothing", op)
				}
				open = open[:len(open)-1]
			}
			l.put(operator, op)
			l.skip(len(op))
		}
	}
}

func (l *lexer) rune() rune { r, _ := utf8.DecodeRuneInString(l.src[l.at:]); return r }

// operators, the longer ones first.
var operators = []string{"//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
	".", ":", "|", ",", ";"}

func operatorAt(s string) string {
	for _, op := range operators {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

func (l *lexer) word() {
	rest := l.src[l.at:]
	n := len(rest) - len(strings.TrimLeftFunc(rest, func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }))
	l.put(name, rest[:n])
	l.skip(n)
}

// number reads an integer or a float. After a dot there is an index: a.0.1 has two.
func (l *lexer) number() {
	rest := l.src[l.at:]
	digits := func(from int) int {
		n := from
		for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] == '_' && n > from) {
			n++
		}
		return n
	}
	if len(rest) > 1 && rest[0] == '0' && strings.IndexByte("bBoOxX", rest[1]) >= 0 {
		n := 2
		for n < len(rest) && (unicode.Is(unicode.ASCII_Hex_Digit, rune(rest[n])) || rest[n] == '_') {
			n++
		}
		l.put(integer, rest[:n])
		l.skip(n)
		return
	}
	n, k := digits(0), integer
	if indexed := l.at > 0 && l.src[l.at-1] == '.'; !indexed {
		if n+1 < len(rest) && rest[n] == '.' && rest[n+1] >= '0' && rest[n+1] <= '9' {
			n, k = digits(n+1), float
		}
		if n < len(rest) && (rest[n] == 'e' || rest[n] == 'E') {
			e := n + 1
			if e < len(rest) && (rest[e] == '+' || rest[e] == '-') {
				e++
			}
			if end := digits(e); end > e {
				n, k = end, float
			}
		}
	}
	l.put(k, strings.ReplaceAll(rest[:n], "_", ""))
	l.skip(n)
}

// quoted reads a string.
func (l *lexer) quoted(quote byte) error {
	rest := l.src[l.at:]
	n := 1
	for n < len(rest) && rest[n] != quote {
		if rest[n] == '\\' {
			n++
		}
		n++
	}
	if n >= len(rest) {
		return l.fail("a string has no end")
	}
	s, err := unescape(rest[1:n])
	if err != nil {
		return l.fail("%v", err)
	}
	l.put(str, s)
	l.skip(n + 1)
	return nil
}

package pattern

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shorthand are the classes of one letter; in upper case what is not in them.
var shorthand = map[rune]string{'s': "space", 'd': "digit", 'w': "word", 'h': "xdigit"}

// escaped reads what follows a backslash outside of a class.
func (p *parser) escaped(f flags) (*node, error) {
	if p.more() {
		switch c := p.s[p.at]; c {
		case 'A', 'z', 'Z', 'b':
			p.at++
			return &node{kind: assertion, assert: c}, nil
		case 'B':
			p.at++
			return &node{kind: assertion, assert: 'b', not: true}, nil
		}
	}
	s, r, err := p.escape()
	if err != nil {
		return nil, err
	}
	if s == nil {
		s = single(r, f.fold)
	} else if f.fold {
		s = s.folded()
	}
	return &node{kind: one, set: s}, nil
}

// escape reads what a backslash means inside and outside of classes: a set, or a character.
func (p *parser) escape() (*set, rune, error) {
	if !p.more() {
		return nil, 0, errors.New(`a \ is the last character`)
	}
	r := p.next()
	if name, ok := shorthand[unicode.ToLower(r)]; ok {
		s, err := class(name)
		if err == nil && unicode.IsUpper(r) {
			s = s.inverted()
		}
		return s, 0, err
	}
	switch r {
	case 'p', 'P':
		return p.property(r == 'P')
	case 'n':
		return nil, '\n', nil
	case 't':
		return nil, '\t', nil
	case 'r':
		return nil, '\r', nil
	case 'f':
		return nil, '\f', nil
	case 'v':
		return nil, '\v', nil
	case 'a':
		return nil, '\a', nil
	case 'e':
		return nil, 0x1B, nil
	case 'x':
		if p.accept("{") {
			body, _, ok := strings.Cut(p.s[p.at:], "}")
			if !ok {
				return nil, 0, errors.New(`\x{ has no }`)
			}
			s, r, err := p.hex(len(body))
			p.at++
			return s, r, err
		}
		return p.hex(2)
	case 'u':
		return p.hex(4)
	}
	if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return nil, 0, fmt.Errorf(`\%c is not supported`, r)
	}
	return nil, r, nil
}

// hex reads a code point of n digits.
func (p *parser) hex(n int) (*set, rune, error) {
	if p.at+n > len(p.s) {
		return nil, 0, errors.New("a code point is cut off")
	}
	digits := p.s[p.at : p.at+n]
	v, err := strconv.ParseUint(digits, 16, 32)
	if err != nil || v > unicode.MaxRune || v >= 0xD800 && v < 0xE000 {
		return nil, 0, fmt.Errorf("%q is no code point", digits)
	}
	p.at += n
	return nil, rune(v), nil
}

// property reads {Name} of \p{Name}, or the letter of \pL.
func (p *parser) property(not bool) (*set, rune, error) {
	if !p.accept("{") {
		return nil, 0, errors.New(`\p without { is not supported`)
	}
	name, _, ok := strings.Cut(p.s[p.at:], "}")
	if !ok {
		return nil, 0, errors.New(`\p{ has no }`)
	}
	p.at += len(name) + 1
	if rest, ok := strings.CutPrefix(name, "^"); ok {
		name, not = rest, !not
	}
	s, err := class(name)
	if err == nil && not {
		s = s.inverted()
	}
	return s, 0, err
}

// class reads a class up to its ]. A class within a class, and &&, are refused.
func (p *parser) class(f flags) (*set, error) {
	out := &set{}
	not := p.accept("^")
	for first := true; ; first = false {
		if !p.more() {
			return nil, errors.New("a [ has no ]")
		}
		if p.accept("&&") {
			return nil, errors.New("the intersection && of classes is not supported")
		}
		if p.accept("[:") {
			name, _, ok := strings.Cut(p.s[p.at:], ":]")
			if !ok {
				return nil, errors.New("[: has no :]")
			}
			p.at += len(name) + 2
			rest, inverted := strings.CutPrefix(name, "^")
			s, err := bracketed(rest)
			if err != nil {
				return nil, err
			}
			if inverted {
				s = s.inverted()
			}
			out.addSet(s)
			continue
		}
		s, lo, err := p.member(first)
		if err != nil {
			return nil, err
		}
		if s != nil {
			out.addSet(s)
			continue
		}
		if lo < 0 { // the ]
			break
		}
		hi := lo
		if rest := p.s[p.at:]; len(rest) > 1 && rest[0] == '-' && rest[1] != ']' {
			p.at++
			if s, hi, err = p.member(false); err != nil {
				return nil, err
			}
			if s != nil || hi < lo {
				return nil, errors.New("a range of a class does not go from a character to a later one")
			}
		}
		out.add(lo, hi)
	}
	if f.fold {
		out = out.folded()
	}
	if not {
		out = out.inverted()
	}
	return out, nil
}

// member reads one character or set of a class; −1 is the ] at its end.
func (p *parser) member(first bool) (*set, rune, error) {
	if !p.more() {
		return nil, 0, errors.New("a [ has no ]")
	}
	switch r := p.next(); {
	case r == '\\':
		if p.accept("b") {
			return nil, '\b', nil
		}
		return p.escape()
	case r == '[':
		return nil, 0, errors.New("a class within a class is not supported")
	case r == ']' && !first:
		return nil, -1, nil
	default:
		return nil, r, nil
	}
}

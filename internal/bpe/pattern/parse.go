package pattern

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxDepth  = 100  // of groups in groups
	maxRepeat = 1000 // of {m,n}
)

// A node is a part of an expression.
type node struct {
	kind     kind
	set      *set    // one character of it
	parts    []*node // of a sequence and of alternatives; of all else the first is what it is about
	min, max int     // repetitions; max −1 without end
	mode     mode    // of a repetition
	not      bool    // of a look around, an assertion
	assert   byte    // ^ $ A z Z b
}

type kind uint8

const (
	one kind = iota // character
	sequence
	alternatives
	repeat
	atomic
	ahead
	behind
	assertion
)

type mode uint8

const (
	greedy mode = iota
	lazy
	possessive
)

type flags struct{ fold, dotAll bool }

type parser struct {
	s     string
	at    int
	depth int
}

func parse(expr string) (*node, error) {
	if !utf8.ValidString(expr) {
		return nil, errors.New("it is not UTF-8")
	}
	p := &parser{s: expr}
	n, err := p.alternatives(flags{})
	if err == nil && p.at < len(p.s) {
		err = errors.New("a ) has no (")
	}
	if err != nil {
		return nil, fmt.Errorf("at byte %d of %q: %w", p.at, expr, err)
	}
	return n, nil
}

func (p *parser) more() bool { return p.at < len(p.s) }

func (p *parser) accept(prefix string) bool {
	if strings.HasPrefix(p.s[p.at:], prefix) {
		p.at += len(prefix)
		return true
	}
	return false
}

func (p *parser) next() rune {
	r, n := utf8.DecodeRuneInString(p.s[p.at:])
	p.at += n
	return r
}

// alternatives reads up to the end of a group, or of all.
func (p *parser) alternatives(f flags) (*node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("groups are nested more than %d deep", maxDepth)
	}
	defer func() { p.depth-- }()
	var all []*node
	for {
		n, err := p.sequence(f)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if !p.accept("|") {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return &node{kind: alternatives, parts: all}, nil
}

func (p *parser) sequence(f flags) (*node, error) {
	n := &node{kind: sequence}
	for p.more() && p.s[p.at] != '|' && p.s[p.at] != ')' {
		atom, rest, err := p.atom(f)
		if err != nil {
			return nil, err
		}
		if rest { // (?i): what follows in this group, alternatives included, is one part
			n.parts = append(n.parts, atom)
			return n, nil
		}
		if atom, err = p.quantified(atom); err != nil {
			return nil, err
		}
		n.parts = append(n.parts, atom)
	}
	if len(n.parts) == 1 {
		return n.parts[0], nil
	}
	return n, nil
}

// quantified reads the quantifier of an atom, if it has one.
func (p *parser) quantified(atom *node) (*node, error) {
	low, high, interval, ok, err := p.quantifier()
	if err != nil || !ok {
		return atom, err
	}
	if atom.kind != one && empty(atom) {
		return nil, errors.New("a quantifier of what may be empty is not supported")
	}
	n := &node{kind: repeat, parts: []*node{atom}, min: low, max: high}
	switch {
	case p.accept("?"):
		n.mode = lazy
	case !interval && p.accept("+"):
		n.mode = possessive
	}
	if _, _, _, again, _ := p.quantifier(); again {
		return nil, errors.New("a quantifier of a quantifier is not supported")
	}
	return n, nil
}

func (p *parser) quantifier() (low, high int, interval, ok bool, err error) {
	switch {
	case p.accept("?"):
		return 0, 1, false, true, nil
	case p.accept("*"):
		return 0, -1, false, true, nil
	case p.accept("+"):
		return 1, -1, false, true, nil
	case !p.more() || p.s[p.at] != '{':
		return 0, 0, false, false, nil
	}
	body, _, closed := strings.Cut(p.s[p.at+1:], "}")
	from, to, comma := strings.Cut(body, ",")
	low, errLow := strconv.Atoi(from)
	high, errHigh := strconv.Atoi(to)
	switch {
	case !closed, from == "" && to == "", from != "" && errLow != nil, to != "" && errHigh != nil, strings.ContainsAny(body, "+-_"):
		return 0, 0, false, false, nil //nolint:nilerr // not an interval: the brace stands for itself
	case from == "":
		low = 0
	case !comma:
		high = low
	case to == "":
		high = -1
	}
	if low > maxRepeat || high > maxRepeat {
		return 0, 0, false, false, fmt.Errorf("{%s} repeats more than %d times", body, maxRepeat)
	}
	if high >= 0 && low > high {
		return 0, 0, false, false, fmt.Errorf("{%s} is not supported", body)
	}
	p.at += len(body) + 2
	return low, high, true, true, nil
}

// empty reports whether a node may match no character.
func empty(n *node) bool {
	switch n.kind {
	case one:
		return false
	case sequence:
		for _, x := range n.parts {
			if !empty(x) {
				return false
			}
		}
		return true
	case alternatives:
		return slices.ContainsFunc(n.parts, empty)
	case repeat:
		return n.min == 0 || empty(n.parts[0])
	case atomic:
		return empty(n.parts[0])
	}
	return true
}

// atom reads one character, class or group. rest is set for (?i), which takes all that follows in its group.
func (p *parser) atom(f flags) (n *node, rest bool, err error) {
	switch r := p.next(); r {
	case '(':
		return p.group(f)
	case '[':
		s, err := p.class(f)
		return &node{kind: one, set: s}, false, err
	case '.':
		s := &set{}
		if !f.dotAll {
			s.add('\n', '\n')
		}
		return &node{kind: one, set: s.inverted()}, false, nil
	case '^', '$':
		return &node{kind: assertion, assert: byte(r)}, false, nil
	case '\\':
		n, err := p.escaped(f)
		return n, false, err
	case '?', '*', '+':
		return nil, false, fmt.Errorf("%c has nothing to repeat", r)
	default:
		if f.fold && strings.ContainsRune(manifold, r) {
			return nil, false, fmt.Errorf("%c in (?i: ), which may match two characters, is not supported", r)
		}
		return &node{kind: one, set: single(r, f.fold)}, false, nil
	}
}

// manifold are the characters that fold to several.
const manifold = "ßẞŉǰΐΰևẖẗẘẙẚﬀﬁﬂﬃﬄﬅﬆﬓﬔﬕﬖﬗ"

func (p *parser) group(f flags) (n *node, rest bool, err error) {
	wrap, not := sequence, false
	switch {
	case !p.accept("?"):
	case p.accept(":"):
	case p.accept(">"):
		wrap = atomic
	case p.accept("="):
		wrap = ahead
	case p.accept("!"):
		wrap, not = ahead, true
	case p.accept("<="):
		wrap = behind
	case p.accept("<!"):
		wrap, not = behind, true
	default:
		if f, err = p.flags(f); err != nil {
			return nil, false, err
		}
		if p.accept(")") {
			n, err = p.alternatives(f)
			return n, true, err
		}
		if !p.accept(":") {
			return nil, false, errors.New("the group (? is not supported")
		}
	}
	if n, err = p.alternatives(f); err != nil {
		return nil, false, err
	}
	if !p.accept(")") {
		return nil, false, errors.New("a ( has no )")
	}
	if wrap == behind && n.kind != one {
		return nil, false, errors.New("a lookbehind of more than one character is not supported")
	}
	if wrap != sequence {
		n = &node{kind: wrap, parts: []*node{n}, not: not}
	}
	return n, false, nil
}

func (p *parser) flags(f flags) (flags, error) {
	on := true
	for p.more() {
		switch p.s[p.at] {
		case '-':
			on = false
		case 'i':
			f.fold = on
		case 'm':
			f.dotAll = on
		case ')', ':':
			return f, nil
		default:
			return f, fmt.Errorf("the group (?%c is not supported", p.s[p.at])
		}
		p.at++
	}
	return f, errors.New("a ( has no )")
}

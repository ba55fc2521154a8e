package pattern

import (
	"fmt"
	"unicode/utf8"
)

// maxProgram bounds the instructions of an expression; those of tokenizers have some sixty.
const maxProgram = 20_000

type op uint8

const (
	opEnd    op = iota // a match
	opSet              // one character of set
	opRun              // as many characters of set as there are, at most max (−1: no end), then fewer
	opTake             // as many, and not fewer
	opSplit            // x, then y
	opJump             // x
	opAhead            // the program at x must match here, or must not; on to y
	opBehind           // the character before is in set, or is not
	opAtomic           // the first match of the program at x; on to y
	opAssert           // ^ $ A z Z b
)

type inst struct {
	op     op
	not    bool
	assert byte
	state  int32 // number of a branching instruction
	x, y   int32
	max    int32
	set    *set
}

// A Pattern is a compiled expression. It is safe for concurrent use.
type Pattern struct {
	literal string // what is looked for, if it is a text
	plain   bool
	prog    []inst
	states  int         // branching instructions
	starts  []int32     // of the alternatives
	first   [256]uint64 // which of them a first byte allows, the first 64 of them
}

// Literal returns the pattern that matches a text.
func Literal(text string) *Pattern {
	if text == "" {
		p, _ := Compile("")
		return p
	}
	return &Pattern{literal: text, plain: true}
}

// Compile returns the pattern of an expression. What is not supported is an error that names it.
func Compile(expr string) (*Pattern, error) {
	n, err := parse(expr)
	if err != nil {
		return nil, err
	}
	p := &Pattern{}
	all := []*node{n}
	if n.kind == alternatives {
		all = n.parts
	}
	for i, x := range all {
		p.starts = append(p.starts, int32(len(p.prog)))
		p.compile(x)
		p.emit(inst{op: opEnd})
		if len(p.prog) > maxProgram {
			return nil, fmt.Errorf("the expression %.60q … has more than %d parts", expr, maxProgram)
		}
		if i < 64 {
			p.begin(i, x)
		}
	}
	return p, nil
}

// begin notes which bytes an alternative may begin with.
func (p *Pattern) begin(i int, n *node) {
	var bytes [256]bool
	if firstBytes(n, &bytes) {
		for b := range bytes {
			bytes[b] = true // it may be empty
		}
	}
	for b, may := range bytes {
		if may {
			p.first[b] |= 1 << i
		}
	}
}

// firstBytes adds the bytes that a match of n may begin with; it reports whether n may be empty.
func firstBytes(n *node, to *[256]bool) bool {
	switch n.kind {
	case one:
		for b := range rune(256) {
			if b < utf8.RuneSelf && n.set.has(b) || b >= utf8.RuneSelf && n.set.wide != nil {
				to[b] = true
			}
		}
		return false
	case sequence:
		for _, x := range n.parts {
			if !firstBytes(x, to) {
				return false
			}
		}
		return true
	case alternatives:
		none := false
		for _, x := range n.parts {
			none = firstBytes(x, to) || none
		}
		return none
	case repeat:
		return firstBytes(n.parts[0], to) || n.min == 0
	case atomic:
		return firstBytes(n.parts[0], to)
	}
	return true
}

func (p *Pattern) emit(i inst) int32 {
	switch i.op {
	case opRun, opSplit:
		i.state = int32(p.states)
		p.states++
	}
	if len(p.prog) <= maxProgram {
		p.prog = append(p.prog, i)
	}
	return int32(len(p.prog) - 1)
}

func (p *Pattern) here() int32 { return int32(len(p.prog)) }

func (p *Pattern) compile(n *node) {
	if len(p.prog) > maxProgram {
		return
	}
	switch n.kind {
	case one:
		p.emit(inst{op: opSet, set: n.set})
	case sequence:
		for _, x := range n.parts {
			p.compile(x)
		}
	case alternatives:
		var ends []int32
		for i, x := range n.parts {
			if i == len(n.parts)-1 {
				p.compile(x)
				break
			}
			split := p.emit(inst{op: opSplit})
			p.prog[split].x = p.here()
			p.compile(x)
			ends = append(ends, p.emit(inst{op: opJump}))
			p.prog[split].y = p.here()
		}
		for _, at := range ends {
			p.prog[at].x = p.here()
		}
	case repeat:
		p.repeat(n)
	case atomic:
		p.inner(inst{op: opAtomic}, n.parts[0])
	case ahead:
		p.inner(inst{op: opAhead, not: n.not}, n.parts[0])
	case behind:
		p.emit(inst{op: opBehind, not: n.not, set: n.parts[0].set})
	case assertion:
		p.emit(inst{op: opAssert, not: n.not, assert: n.assert})
	}
}

// inner writes an instruction with a program of its own.
func (p *Pattern) inner(i inst, n *node) {
	at := p.emit(i)
	p.prog[at].x = p.here()
	p.compile(n)
	p.emit(inst{op: opEnd})
	p.prog[at].y = p.here()
}

func (p *Pattern) repeat(n *node) {
	x := n.parts[0]
	if n.mode == possessive && x.kind != one {
		loose := *n
		loose.mode = greedy
		p.inner(inst{op: opAtomic}, &loose)
		return
	}
	for range n.min {
		p.compile(x)
	}
	more := n.max - n.min
	if n.max < 0 {
		more = -1
	}
	switch {
	case more == 0:
	case x.kind == one && n.mode == greedy:
		p.emit(inst{op: opRun, set: x.set, max: int32(more)})
	case x.kind == one && n.mode == possessive:
		p.emit(inst{op: opTake, set: x.set, max: int32(more)})
	case more < 0:
		split := p.emit(inst{op: opSplit})
		body := p.here()
		p.compile(x)
		p.emit(inst{op: opJump, x: split})
		p.fork(split, body, p.here(), n.mode)
	default:
		var splits []int32
		for range more {
			split := p.emit(inst{op: opSplit})
			splits = append(splits, split)
			p.prog[split].x = p.here()
			p.compile(x)
		}
		for _, split := range splits {
			p.fork(split, p.prog[split].x, p.here(), n.mode)
		}
	}
}

// fork sets the two ways of a split: into the body first, or past it.
func (p *Pattern) fork(split, body, past int32, m mode) {
	if m == lazy {
		body, past = past, body
	}
	p.prog[split].x, p.prog[split].y = body, past
}

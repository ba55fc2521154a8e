package pattern

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// A frame is where to go on when the present way fails.
type frame struct {
	pc     int32
	what   uint8
	pos    int // of a run: its end
	bottom int // of a run: its beginning
}

const (
	goOn   uint8 = iota // at pc, pos
	shrink              // a run: at pc with one character fewer
	failed              // the state pc has failed at pos
)

// A Matcher finds the matches of a pattern in a text, from left to right. It serves one goroutine.
type Matcher struct {
	p     *Pattern
	s     string
	at    int // where the search goes on
	last  int // end of the last match; −1 before the first
	stack []frame
	steps int      // taken so far
	limit int      // from here on failures are remembered
	dead  []uint64 // states × positions that have failed; nil: not remembered
}

var matchers = sync.Pool{New: func() any { return new(Matcher) }}

// Find returns a matcher for a text; Release gives it back.
func (p *Pattern) Find(s string) *Matcher {
	m := matchers.Get().(*Matcher)
	*m = Matcher{p: p, s: s, last: -1, stack: m.stack[:0], limit: 64*len(s) + 4096}
	return m
}

// Release gives the memory of a matcher back.
func (m *Matcher) Release() {
	m.p, m.s, m.dead = nil, "", nil
	if cap(m.stack) < 1<<12 {
		matchers.Put(m)
	}
}

// Next returns the next match; ok is false after the last. An empty match at the end of the match before is none.
func (m *Matcher) Next() (start, end int, ok bool) {
	if m.p.plain {
		i := strings.Index(m.s[m.at:], m.p.literal)
		if i < 0 {
			return 0, 0, false
		}
		start = m.at + i
		m.at = start + len(m.p.literal)
		return start, m.at, true
	}
	for m.at <= len(m.s) {
		start, end, ok = m.search(m.at)
		if !ok {
			m.at = len(m.s) + 1
			return 0, 0, false
		}
		if start == end && end == m.last {
			m.at += max(1, width(m.s, m.at))
			continue
		}
		m.at, m.last = end, end
		return start, end, true
	}
	return 0, 0, false
}

// width returns the bytes of the character at pos; 0 at the end.
func width(s string, pos int) int {
	if pos >= len(s) {
		return 0
	}
	if s[pos] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRuneInString(s[pos:])
	return n
}

// search returns the first match that begins at pos or later.
func (m *Matcher) search(pos int) (start, end int, ok bool) {
	p := m.p
	many := len(p.starts) > 64
	for {
		if pos == len(m.s) || many {
			for _, pc := range p.starts {
				if end, ok := m.run(pc, pos); ok {
					return pos, end, true
				}
			}
			if pos == len(m.s) {
				return 0, 0, false
			}
		} else if may := p.first[m.s[pos]]; may != 0 {
			for i, pc := range p.starts {
				if may>>i&1 == 0 {
					continue
				}
				if end, ok := m.run(pc, pos); ok {
					return pos, end, true
				}
			}
		}
		pos += width(m.s, pos)
	}
}

// run returns the end of the first match of the program at pc that begins at pos.
func (m *Matcher) run(pc int32, pos int) (end int, ok bool) {
	base := len(m.stack)
	prog, s := m.p.prog, m.s
	for {
		i := &prog[pc]
		good := true
		switch i.op {
		case opEnd:
			m.stack = m.stack[:base]
			return pos, true
		case opSet:
			n, in := member(i.set, s, pos)
			pos, pc, good = pos+n, pc+1, in
		case opJump:
			pc = i.x
		case opTake:
			pos = m.extent(i, pos)
			pc++
		case opRun:
			if m.dead != nil {
				if good = m.enter(i.state, pos); !good {
					break
				}
				if i.max < 0 { // one character at a time, so that what fails is known at each
					if n, in := member(i.set, s, pos); in {
						m.stack = append(m.stack, frame{pc: pc + 1, pos: pos})
						pos += n
					} else {
						pc++
					}
					break
				}
			}
			from := pos
			pos = m.extent(i, pos)
			pc++
			if pos > from && prog[pc].op != opEnd {
				m.stack = append(m.stack, frame{pc: pc, what: shrink, pos: pos, bottom: from})
			}
		case opSplit:
			if m.dead != nil {
				if good = m.enter(i.state, pos); !good {
					break
				}
			}
			m.stack = append(m.stack, frame{pc: i.y, pos: pos})
			pc = i.x
		case opAhead:
			_, seen := m.run(i.x, pos)
			pc, good = i.y, seen != i.not
		case opBehind:
			good = i.not
			if pos > 0 {
				r, _ := utf8.DecodeLastRuneInString(s[:pos])
				good = i.set.has(r) != i.not
			}
			pc++
		case opAtomic:
			pos, good = m.run(i.x, pos)
			pc = i.y
		case opAssert:
			good = asserted(i.assert, s, pos) != i.not
			pc++
		}
		m.steps++
		if good {
			continue
		}
		if m.steps > m.limit && m.dead == nil && m.p.states > 0 {
			m.dead = make([]uint64, (m.p.states*(len(s)+1)+63)/64)
		}
		if pc, pos, ok = m.back(base); !ok {
			return 0, false
		}
	}
}

// back returns where to go on after a failure; ok is false when nothing is left above base.
func (m *Matcher) back(base int) (pc int32, pos int, ok bool) {
	for len(m.stack) > base {
		f := &m.stack[len(m.stack)-1]
		switch f.what {
		case failed:
			bit := int(f.pc)*(len(m.s)+1) + f.pos
			m.dead[bit/64] |= 1 << (bit % 64)
			m.stack = m.stack[:len(m.stack)-1]
		case shrink:
			pos = f.pos - 1
			for pos > f.bottom && !utf8.RuneStart(m.s[pos]) {
				pos--
			}
			pc, f.pos = f.pc, pos
			if pos == f.bottom {
				m.stack = m.stack[:len(m.stack)-1]
			}
			return pc, pos, true
		default:
			pc, pos = f.pc, f.pos
			m.stack = m.stack[:len(m.stack)-1]
			return pc, pos, true
		}
	}
	return 0, 0, false
}

// enter reports whether a state may still match at pos, and notes it as failed for when all that follows has been tried.
func (m *Matcher) enter(state int32, pos int) bool {
	bit := int(state)*(len(m.s)+1) + pos
	if m.dead[bit/64]>>(bit%64)&1 != 0 {
		return false
	}
	m.stack = append(m.stack, frame{pc: state, what: failed, pos: pos})
	return true
}

// extent returns where the longest run of a set's characters ends.
func (m *Matcher) extent(i *inst, pos int) int {
	s := m.s
	for left := i.max; left != 0 && pos < len(s); left-- {
		n, in := member(i.set, s, pos)
		if !in {
			break
		}
		m.steps++
		pos += n
	}
	return pos
}

// member returns the width of the character at pos, and whether there is one, in the set.
func member(t *set, s string, pos int) (n int, in bool) {
	if pos >= len(s) {
		return 0, false
	}
	if c := s[pos]; c < utf8.RuneSelf {
		return 1, t.ascii[c>>6]>>(c&63)&1 != 0
	}
	r, n := utf8.DecodeRuneInString(s[pos:])
	return n, t.has(r)
}

func asserted(what byte, s string, pos int) bool {
	switch what {
	case '^':
		return pos == 0 || s[pos-1] == '\n'
	case '$':
		return pos == len(s) || s[pos] == '\n'
	case 'A':
		return pos == 0
	case 'z':
		return pos == len(s)
	case 'Z':
		return pos == len(s) || pos == len(s)-1 && s[pos] == '\n'
	}
	word, err := class("word")
	if err != nil {
		return false
	}
	before := false
	if pos > 0 {
		r, _ := utf8.DecodeLastRuneInString(s[:pos])
		before = word.has(r)
	}
	_, after := member(word, s, pos)
	return before != after
}

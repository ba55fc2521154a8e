package jinja

import (
	"fmt"
	"strings"
	"unicode"
)

// The kinds of tokens.
type kind uint8

const (
	eof        kind = iota
	data            // text outside of tags
	varBegin        // {{
	varEnd          // }}
	blockBegin      // {%
	blockEnd        // %}
	name
	str
	integer
	float
	operator
)

type token struct {
	kind kind
	text string // of a string, what it stands for
	line int
}

// String names a token in a mistake.
func (t token) String() string {
	switch t.kind {
	case eof:
		return "the end of the template"
	case varBegin:
		return "{{"
	case varEnd:
		return "}}"
	case blockBegin:
		return "{%"
	case blockEnd:
		return "%}"
	case data:
		return "text"
	}
	return fmt.Sprintf("%q", t.text)
}

// A lexer follows Jinja's with trim_blocks and lstrip_blocks: a newline after a block is dropped, and white space before one
// at the beginning of a line.
type lexer struct {
	src      string
	at, line int
	out      []token
	fresh    bool // what was read last ended a line
}

func lex(source string) ([]token, error) {
	source = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(source)
	l := &lexer{src: strings.TrimSuffix(source, "\n"), line: 1, fresh: true}
	for l.at < len(l.src) {
		if err := l.part(); err != nil {
			return nil, err
		}
	}
	l.put(eof, "")
	return l.out, nil
}

func (l *lexer) put(k kind, text string) { l.out = append(l.out, token{k, text, l.line}) }

func (l *lexer) fail(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", l.line, fmt.Sprintf(format, args...))
}

// skip goes n bytes on.
func (l *lexer) skip(n int) {
	s := l.src[l.at : l.at+n]
	l.line += strings.Count(s, "\n")
	l.fresh = strings.HasSuffix(s, "\n")
	l.at += n
}

// skipSpace goes past white space, but leaves the freshness of the line as Jinja does: it belongs to the tag before.
func (l *lexer) skipSpace() {
	n := len(l.src[l.at:]) - len(strings.TrimLeftFunc(l.src[l.at:], space))
	if n > 0 {
		l.skip(n)
	}
}

// part reads text up to a tag, and the tag.
func (l *lexer) part() error {
	rest := l.src[l.at:]
	n := 0
	for {
		i := strings.IndexByte(rest[n:], '{')
		if i < 0 || n+i+1 >= len(rest) {
			l.put(data, rest)
			l.skip(len(rest))
			return nil
		}
		if n += i; strings.IndexByte("{%#", rest[n+1]) >= 0 {
			break
		}
		n++
	}
	text, tag := rest[:n], rest[n:]
	sign := byte(0)
	if len(tag) > 2 && (tag[2] == '-' || tag[2] == '+') {
		sign = tag[2]
	}
	line := l.line
	switch {
	case sign == '-':
		text = strings.TrimRightFunc(text, space)
	case sign != '+' && tag[1] != '{':
		from := strings.LastIndexByte(text, '\n') + 1
		if (from > 0 || l.fresh) && strings.TrimLeftFunc(text[from:], space) == "" {
			text = text[:from]
		}
	}
	if text != "" {
		l.out = append(l.out, token{data, text, line})
	}
	l.skip(n + 2)
	if sign != 0 {
		l.skip(1)
	}
	switch tag[1] {
	case '#':
		return l.comment()
	case '{':
		l.put(varBegin, "")
		return l.tag("}}", varEnd)
	}
	if body, ok := l.raw(); ok {
		return l.rawText(body)
	}
	l.put(blockBegin, "")
	return l.tag("%}", blockEnd)
}

// end goes past the end of a tag at the current place, with the white space that it takes along; ok is false when there is
// none.
func (l *lexer) end(tag string) bool {
	rest := l.src[l.at:]
	switch {
	case strings.HasPrefix(rest, "-"+tag):
		l.skip(1 + len(tag))
		l.skipSpace()
	case strings.HasPrefix(rest, "+"+tag) && tag != "}}":
		l.skip(1 + len(tag))
	case strings.HasPrefix(rest, tag):
		l.skip(len(tag))
		if tag != "}}" && strings.HasPrefix(l.src[l.at:], "\n") {
			l.skip(1)
		}
	default:
		return false
	}
	return true
}

func (l *lexer) comment() error {
	i := strings.Index(l.src[l.at:], "#}")
	if i < 0 {
		return l.fail("a comment has no end")
	}
	if i > 0 && (l.src[l.at+i-1] == '-' || l.src[l.at+i-1] == '+') {
		i--
	}
	l.skip(i)
	l.end("#}")
	return nil
}

// raw reports whether the block that has begun is {% raw %}, and how many bytes are left of it.
func (l *lexer) raw() (n int, ok bool) {
	rest := l.src[l.at:]
	s, ok := strings.CutPrefix(strings.TrimLeftFunc(rest, space), "raw")
	if !ok {
		return 0, false
	}
	s = strings.TrimLeftFunc(s, space)
	if after, ok := strings.CutPrefix(s, "-%}"); ok {
		return len(rest) - len(strings.TrimLeftFunc(after, space)), true
	}
	after, ok := strings.CutPrefix(s, "%}")
	return len(rest) - len(after), ok
}

// rawText reads up to {% endraw %}.
func (l *lexer) rawText(begin int) error {
	l.skip(begin)
	for n := 0; ; n += 2 {
		i := strings.Index(l.src[l.at+n:], "{%")
		if i < 0 {
			return l.fail("a raw block has no end")
		}
		n += i
		text, tag := l.src[l.at:l.at+n], l.src[l.at+n+2:]
		sign := byte(0)
		if tag != "" && (tag[0] == '-' || tag[0] == '+') {
			sign, tag = tag[0], tag[1:]
		}
		s, ok := strings.CutPrefix(strings.TrimLeftFunc(tag, space), "endraw")
		if !ok {
			continue
		}
		s = strings.TrimLeftFunc(s, space)
		if !strings.HasPrefix(s, "%}") && !strings.HasPrefix(s, "-%}") && !strings.HasPrefix(s, "+%}") {
			continue
		}
		size := len(l.src[l.at:]) - len(s)
		if sign == '-' {
			text = strings.TrimRightFunc(text, space)
		} else if from := strings.LastIndexByte(text, '\n') + 1; sign == 0 && (from > 0 || l.fresh) && strings.TrimLeftFunc(text[from:], space) == "" {
			text = text[:from]
		}
		if text != "" {
			l.put(data, text)
		}
		l.skip(size)
		l.end("%}")
		return nil
	}
}

// space reports white space as Python's str.isspace does.
func space(r rune) bool { return unicode.IsSpace(r) || r >= 0x1C && r <= 0x1F }

package bpe

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// A scanner reads JSON of which a part, the vocabulary, is too large for package encoding/json: 10⁵ to 10⁶ short texts, of
// which each is looked at once.
type scanner struct {
	data []byte
	at   int
	buf  []byte // of a text with escapes
}

func (s *scanner) fail(format string, args ...any) error {
	return fmt.Errorf("at byte %d: %s", s.at, fmt.Sprintf(format, args...))
}

// space skips white space and returns the byte after it; 0 at the end.
func (s *scanner) space() byte {
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

// accept skips white space and then c, if it is there.
func (s *scanner) accept(c byte) bool {
	if s.space() != c {
		return false
	}
	s.at++
	return true
}

// list reads what stands between open and end, separated by commas; item reads one.
func (s *scanner) list(open, end byte, item func() error) error {
	if !s.accept(open) {
		return s.fail("%q is missing", open)
	}
	if s.accept(end) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		switch s.space() {
		case ',':
			s.at++
		case end:
			s.at++
			return nil
		default:
			return s.fail("%q or a comma is missing", end)
		}
	}
}

// object reads an object; field reads the value of a key.
func (s *scanner) object(field func(key string) error) error {
	return s.list('{', '}', func() error {
		key, err := s.text()
		if err != nil {
			return err
		}
		name := string(key)
		if !s.accept(':') {
			return s.fail("a colon is missing")
		}
		return field(name)
	})
}

// text reads a text. What it returns holds until the next call.
func (s *scanner) text() ([]byte, error) {
	if !s.accept('"') {
		return nil, s.fail("a text is missing")
	}
	from := s.at
	for ; s.at < len(s.data); s.at++ {
		switch c := s.data[s.at]; {
		case c == '"':
			s.at++
			return s.data[from : s.at-1], nil
		case c == '\\':
			return s.escaped(from)
		case c < ' ':
			return nil, s.fail("a text holds a control character")
		}
	}
	return nil, s.fail("a text has no end")
}

// escaped goes on reading a text that began at from and holds a backslash.
func (s *scanner) escaped(from int) ([]byte, error) {
	s.buf = append(s.buf[:0], s.data[from:s.at]...)
	for s.at < len(s.data) {
		c := s.data[s.at]
		s.at++
		switch {
		case c == '"':
			return s.buf, nil
		case c < ' ':
			return nil, s.fail("a text holds a control character")
		case c != '\\':
			s.buf = append(s.buf, c)
			continue
		case s.at == len(s.data):
			return nil, s.fail("a text has no end")
		}
		c = s.data[s.at]
		s.at++
		if i := strings.IndexByte(`"\/bfnrt`, c); i >= 0 {
			s.buf = append(s.buf, "\"\\/\b\f\n\r\t"[i])
			continue
		}
		if c != 'u' {
			return nil, s.fail("a text holds the escape \\%c", c)
		}
		r, err := s.unit()
		if err != nil {
			return nil, err
		}
		if utf16.IsSurrogate(r) {
			half := s.at
			low := rune(0)
			if bytes.HasPrefix(s.data[s.at:], []byte(`\u`)) {
				s.at += 2
				if low, err = s.unit(); err != nil {
					return nil, err
				}
			}
			if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
				s.at = half
			}
		}
		s.buf = utf8.AppendRune(s.buf, r)
	}
	return nil, s.fail("a text has no end")
}

// unit reads the four digits of \u.
func (s *scanner) unit() (rune, error) {
	if s.at+4 > len(s.data) {
		return 0, s.fail("a text has no end")
	}
	v, err := strconv.ParseUint(string(s.data[s.at:s.at+4]), 16, 16)
	if err != nil {
		return 0, s.fail("%q are no four digits", s.data[s.at:s.at+4])
	}
	s.at += 4
	return rune(v), nil
}

// id reads a whole number from 0 to below limit.
func (s *scanner) id(limit int) (int, error) {
	s.space()
	from, n := s.at, 0
	for ; s.at < len(s.data) && s.data[s.at] >= '0' && s.data[s.at] <= '9'; s.at++ {
		if n = 10*n + int(s.data[s.at]-'0'); n >= limit {
			return 0, s.fail("the id %d… is not below %d", n, limit)
		}
	}
	if from == s.at || s.at < len(s.data) && strings.IndexByte(".eE", s.data[s.at]) >= 0 {
		return 0, s.fail("an id is not a whole number from 0 on")
	}
	return n, nil
}

// skip returns the bytes of the next value, whatever it is. Only its ends are looked at: who reads it checks it.
func (s *scanner) skip() ([]byte, error) {
	s.space()
	from, depth := s.at, 0
	for s.at < len(s.data) {
		switch s.data[s.at] {
		case '"':
			s.at++
			for s.at < len(s.data) && s.data[s.at] != '"' {
				if s.data[s.at] == '\\' {
					s.at++
				}
				s.at++
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth < 0 {
				return s.data[from:s.at], nil
			}
		case ',', ':':
			if depth == 0 {
				return s.data[from:s.at], nil
			}
		}
		s.at++
		if depth == 0 && s.at <= len(s.data) && (s.data[s.at-1] == '"' || s.data[s.at-1] == '}' || s.data[s.at-1] == ']') {
			return s.data[from:s.at], nil
		}
	}
	if depth != 0 || s.at > len(s.data) {
		s.at = min(s.at, len(s.data))
		return nil, errors.New("unexpected end of JSON input")
	}
	return s.data[from:s.at], nil
}

// quote appends a text as JSON.
func quote(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c < ' ':
			to = append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			to = append(to, c)
		}
	}
	return append(to, '"')
}

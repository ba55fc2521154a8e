package visible

import (
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Stream spells what a terminal would obey, or what would make text look like other text: control characters but line
// breaks and tabs, what changes the direction of text, invisible tags, and bytes that are no UTF-8.
func Stream(s string) string {
	if strings.IndexFunc(s, obeyed) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 || obeyed(r) {
			b.WriteString(escape(r, s[:n]))
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}

// obeyed reports whether a character does something other than stand there. Joiners do, too, but scripts and emoji need
// them.
func obeyed(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r == '\u2028', r == '\u2029', r == '\ufeff', r >= 0xe0000 && r < 0xe0080: // line separators, a byte order mark, tags
		return true
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
}

// A Writer spells, as Stream does, everything that is written to it. A character may come in several writes; what is left
// of one at the end comes out with Flush.
type Writer struct {
	out  io.Writer
	rest []byte // the beginning of a character
}

// NewWriter returns a Writer that writes to out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Write implements io.Writer.
func (w *Writer) Write(p []byte) (int, error) {
	b := p
	if len(w.rest) > 0 {
		b = slices.Concat(w.rest, p)
		w.rest = nil
	}
	whole := len(b)
	for i := len(b) - 1; i >= 0 && i >= len(b)-utf8.UTFMax+1; i-- {
		if utf8.RuneStart(b[i]) {
			if !utf8.FullRune(b[i:]) {
				whole = i
				w.rest = append([]byte(nil), b[i:]...)
			}
			break
		}
	}
	if whole == 0 {
		return len(p), nil
	}
	if _, err := io.WriteString(w.out, Stream(string(b[:whole]))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Flush writes what is left of a character that never ended.
func (w *Writer) Flush() error {
	rest := w.rest
	w.rest = nil
	if len(rest) == 0 {
		return nil
	}
	_, err := io.WriteString(w.out, Stream(string(rest)))
	return err
}

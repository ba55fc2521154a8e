package repl

import (
	"io"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// An output is what a session says: what a terminal would obey is spelled, and lines are broken between words where the
// terminal has a width. It remembers the first failure.
type output struct {
	raw   io.Writer
	width func() int // columns of the terminal; nil or 0: lines stay as they are
	spell *visible.Writer
	err   error

	column int             // of the next character
	spaces int             // seen and not written yet
	word   strings.Builder // likewise
}

func newOutput(raw io.Writer, width func() int) *output {
	o := &output{raw: raw, width: width}
	o.spell = visible.NewWriter(broken{o})
	return o
}

// Write implements io.Writer. A word is written when its end is known.
func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	return o.spell.Write(p)
}

// flush writes the word that has not ended.
func (o *output) flush() {
	if o.err == nil {
		_ = o.spell.Flush() // it fails where put fails, which remembers
	}
	o.end(o.columns())
}

// put writes to the terminal as it is.
func (o *output) put(s string) {
	if o.err == nil && s != "" {
		_, o.err = io.WriteString(o.raw, s)
	}
}

func (o *output) columns() int {
	if o.width == nil {
		return 0
	}
	return o.width()
}

// broken is the writer that breaks lines.
type broken struct{ *output }

// Write implements io.Writer.
func (b broken) Write(p []byte) (int, error) {
	o := b.output
	width := o.columns()
	if width <= 0 {
		o.end(0)
		o.put(string(p))
		return len(p), o.err
	}
	for s := string(p); s != ""; {
		_, n := utf8.DecodeRuneInString(s)
		switch c := s[:n]; c {
		case "\n":
			o.end(width)
			o.put("\n")
			o.column, o.spaces = 0, 0
		case " ":
			o.end(width)
			o.spaces++
		default:
			o.word.WriteString(c)
		}
		s = s[n:]
	}
	return len(p), o.err
}

// end writes the word, on a new line where this one has no room for it.
func (o *output) end(width int) {
	word := o.word.String()
	if word == "" {
		return
	}
	o.word.Reset()
	n := visible.Width(word)
	if width > 0 && o.column > 0 && o.column+o.spaces+n > width {
		o.put("\n")
		o.column, o.spaces = 0, 0
	}
	o.put(strings.Repeat(" ", o.spaces) + word)
	o.column, o.spaces = o.column+o.spaces+n, 0
}

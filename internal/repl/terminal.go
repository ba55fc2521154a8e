package repl

import (
	"errors"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// A Terminal reads lines from a person, who can edit them, take earlier ones (↑, ↓) and complete words (Tab). What is
// pasted is one line, whatever ends of lines are in it: nothing runs before Enter.
type Terminal struct {
	in     *os.File
	out    *os.File
	paste  bool // the terminal is asked to mark what is pasted
	lines  *term.Terminal
	before *term.State // how the terminal was when it was opened
}

// OpenTerminal returns a terminal on in and out; ok is false where in is none. The completion is asked at every Tab.
func OpenTerminal(in, out *os.File, h term.History, complete func(line string, pos int) (newLine string, newPos int, options []string)) (t *Terminal, ok bool) {
	before, err := term.GetState(int(in.Fd()))
	if err != nil { // no terminal
		return nil, false
	}
	t = &Terminal{in, out, os.Getenv("TERM") != "dumb", term.NewTerminal(screen{&keys{r: in}, out}, "neuron> "), before}
	if h != nil {
		t.lines.History = h
	}
	t.lines.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' || complete == nil {
			return "", 0, false
		}
		line, pos, options := complete(line, pos)
		if len(options) > 1 {
			_, _ = t.lines.Write([]byte(visible.Stream(columns(options)) + "\n"))
		}
		return line, pos, true
	}
	return t, true
}

// ReadLine implements Lines. The terminal gives single keys only while a line is read: at all other times it is as it
// was, so that Ctrl-C sends the program an interrupt.
func (t *Terminal) ReadLine() (line string, err error) {
	if w, height, err := term.GetSize(int(t.in.Fd())); err == nil && w > 0 { // the window may have changed
		if err := t.lines.SetSize(w, height); err != nil {
			return "", err
		}
	}
	before, err := term.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return "", err
	}
	if t.paste {
		t.lines.SetBracketedPasteMode(true)
	}
	defer func() {
		if t.paste {
			t.lines.SetBracketedPasteMode(false)
		}
		if e := term.Restore(int(t.in.Fd()), before); err == nil {
			err = e
		}
	}()
	line, err = t.lines.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) { // a line that was pasted is a line
		err = nil
	}
	if err == nil && line == interrupted {
		return "", ErrInterrupt
	}
	return strings.ReplaceAll(strings.TrimRight(line, lineEnd), lineEnd, "\n"), err
}

// Width returns the number of columns, 0 where it is not known or too narrow for words.
func (t *Terminal) Width() int {
	w, _, err := term.GetSize(int(t.out.Fd()))
	if err != nil || w < 20 {
		return 0
	}
	return w
}

// Close leaves the terminal as it was, even while a line is being read.
func (t *Terminal) Close() error {
	if t.paste {
		t.lines.SetBracketedPasteMode(false)
	}
	return term.Restore(int(t.in.Fd()), t.before)
}

// screen is both directions of a terminal.
type screen struct {
	io.Reader
	io.Writer
}

package repl

import (
	"io"
	"os"

	"golang.org/x/term"
)

// A Terminal reads lines from a person, who can edit them, take earlier ones (↑, ↓) and complete words (Tab).
type Terminal struct {
	in     *os.File
	lines  *term.Terminal
	before *term.State // how the terminal was when it was opened
}

// OpenTerminal returns a terminal on in and out; ok is false where in is none. The completion is asked at every Tab.
func OpenTerminal(in, out *os.File, h term.History, complete func(line string, pos int) (newLine string, newPos int, options []string)) (t *Terminal, ok bool) {
	before, err := term.GetState(int(in.Fd()))
	if err != nil { // no terminal
		return nil, false
	}
	t = &Terminal{in, term.NewTerminal(screen{&keys{r: in}, out}, "neuron> "), before}
	if h != nil {
		t.lines.History = h
	}
	t.lines.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' || complete == nil {
			return "", 0, false
		}
		line, pos, options := complete(line, pos)
		if len(options) > 1 {
			_, _ = t.lines.Write([]byte(columns(options) + "\n"))
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
	defer func() {
		if e := term.Restore(int(t.in.Fd()), before); err == nil {
			err = e
		}
	}()
	return t.lines.ReadLine()
}

// Close leaves the terminal as it was, even while a line is being read.
func (t *Terminal) Close() error { return term.Restore(int(t.in.Fd()), t.before) }

// screen is both directions of a terminal.
type screen struct {
	io.Reader
	io.Writer
}

// keys turns Ctrl-C into what clears the line and begins another: end of the line, erase to its beginning, Enter. The
// terminal package would take it for the end of the input.
type keys struct{ r io.Reader }

const (
	interrupt = 3
	clearLine = "\x05\x15\r" // Ctrl-E, Ctrl-U, Enter
)

// Read implements io.Reader.
func (k *keys) Read(p []byte) (int, error) {
	if len(p) < len(clearLine) {
		return k.r.Read(p) // too little room to expand: the terminal's buffer never is
	}
	raw := make([]byte, len(p)/len(clearLine))
	n, err := k.r.Read(raw)
	out := p[:0]
	for _, b := range raw[:n] {
		if b == interrupt {
			out = append(out, clearLine...)
		} else {
			out = append(out, b)
		}
	}
	return len(out), err
}

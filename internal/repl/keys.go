package repl

import (
	"io"
	"strings"
)

// keys changes what a person's keys mean to the line editor.
//
//   - Ctrl-C clears the line and gives another that says so: the editor would take it for the end of the input.
//   - The end of a line within a paste becomes a sign for it, and other control characters there are left out: the editor
//     would run the line.
//   - An escape sequence that is no key of the editor is left out, and what follows it is not: the editor would take the
//     next letter for its end.
type keys struct {
	r       io.Reader
	ready   []byte // translated and not read yet
	escape  []byte // a sequence that has not ended
	pasting bool
	cr      bool // the last byte of the paste was a carriage return
}

const (
	interrupt   = 3
	interrupted = "^C"                            // the line that Ctrl-C gives
	clearLine   = "\x05\x15" + interrupted + "\r" // Ctrl-E, Ctrl-U, the line, Enter
	lineEnd     = "␊"                             // the end of a line within a paste

	escape      = 0x1b
	pasteBegins = "200~" // after ESC [
	pasteEnds   = "201~"
)

// Read implements io.Reader.
func (k *keys) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(k.ready) == 0 {
		raw := make([]byte, len(p))
		n, err := k.r.Read(raw)
		for _, b := range raw[:n] {
			k.translate(b)
		}
		if err != nil && len(k.ready) == 0 {
			return 0, err
		}
	}
	n := copy(p, k.ready)
	k.ready = k.ready[n:]
	return n, nil
}

// translate takes a byte. Escape sequences are gathered until they end: ESC [, numbers, and a letter or ~.
func (k *keys) translate(b byte) {
	switch n := len(k.escape); {
	case b == escape:
		k.escape = append(k.escape[:0], b)
	case n == 1 && (b == '[' || b == 'O'), n > 1 && (b >= '0' && b <= '9' || b == ';') && n < len("\x1b[1;99999"):
		k.escape = append(k.escape, b)
	case n > 1 && strings.IndexByte("ABCDHF~", b) >= 0:
		k.key(string(k.escape[2:]) + string(b))
		k.escape = k.escape[:0]
	case n > 0:
		k.escape = k.escape[:0]
		k.put(b)
	default:
		k.put(b)
	}
}

// key takes the end of an escape sequence: what follows ESC [.
func (k *keys) key(name string) {
	switch {
	case name == pasteBegins && !k.pasting:
		k.pasting = true
	case name == pasteEnds && k.pasting:
		k.pasting = false
	case k.pasting:
		return // it is text of the paste, without a shape
	}
	k.ready = append(k.ready, "\x1b["+name...)
}

// put takes a byte that belongs to no escape sequence.
func (k *keys) put(b byte) {
	cr := k.cr
	k.cr = k.pasting && b == '\r'
	switch {
	case !k.pasting && b == interrupt:
		k.ready = append(k.ready, clearLine...)
	case k.pasting && b == '\n' && cr: // CR LF is one end
	case k.pasting && (b == '\r' || b == '\n'):
		k.ready = append(k.ready, lineEnd...)
	case k.pasting && b == '\t':
		k.ready = append(k.ready, ' ')
	case k.pasting && b < ' ':
	default:
		k.ready = append(k.ready, b)
	}
}

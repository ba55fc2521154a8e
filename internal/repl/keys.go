package repl

import (
	"bytes"
	"io"
)

// keys changes what a person's keys mean to the line editor.
//
//   - Ctrl-C clears the line and gives another that says so: the editor would take it for the end of the input.
//   - The end of a line within a paste becomes a sign for it, and other control characters there are left out: the editor
//     would run the line.
type keys struct {
	r       io.Reader
	ready   []byte // translated and not read yet
	recent  []byte // the last bytes, to see where a paste begins and ends
	pasting bool
	cr      bool // the last byte of the paste was a carriage return
}

const (
	interrupt   = 3
	interrupted = "^C"                            // the line that Ctrl-C gives
	clearLine   = "\x05\x15" + interrupted + "\r" // Ctrl-E, Ctrl-U, the line, Enter
	lineEnd     = "␊"                             // the end of a line within a paste

	pasteBegins = "\x1b[200~"
	pasteEnds   = "\x1b[201~"
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

func (k *keys) translate(b byte) {
	k.recent = append(k.recent, b)
	if extra := len(k.recent) - len(pasteBegins); extra > 0 {
		k.recent = k.recent[extra:]
	}
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
	case k.pasting && b < ' ' && b != pasteEnds[0]:
	default:
		k.ready = append(k.ready, b)
	}
	switch {
	case bytes.Equal(k.recent, []byte(pasteBegins)):
		k.pasting = true
	case bytes.Equal(k.recent, []byte(pasteEnds)):
		k.pasting = false
	}
}

package repl

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxLine bounds a line of input, in bytes.
const maxLine = 1 << 20

// Plain reads lines from what is no terminal: a pipe, a file.
func Plain(r io.Reader) Lines { return &plain{r: bufio.NewReader(r)} }

type plain struct {
	r     *bufio.Reader
	begun bool
}

// ReadLine implements Lines. A last line without its end counts, a byte order mark before the first does not.
func (p *plain) ReadLine() (string, error) {
	var b strings.Builder
	if mark := []byte("\ufeff"); !p.begun {
		p.begun = true
		if begin, err := p.r.Peek(len(mark)); err == nil && bytes.Equal(begin, mark) {
			if _, err := p.r.Discard(len(mark)); err != nil {
				return "", err
			}
		}
	}
	for {
		part, more, err := p.r.ReadLine()
		if err != nil {
			if errors.Is(err, io.EOF) && b.Len() > 0 {
				return b.String(), nil
			}
			return "", err
		}
		if b.Len()+len(part) > maxLine {
			return "", engine.Errorf(steer.BadSetting, "", "a line of the input is longer than %d bytes", maxLine).Try("keep a command on a shorter line")
		}
		b.Write(part)
		if !more {
			return b.String(), nil
		}
	}
}

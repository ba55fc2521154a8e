package gonbext

import (
	"bufio"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A site is the line that asked for something.
type site struct {
	file string
	line int
}

// caller returns the line that called the function which calls caller.
func caller() site {
	_, file, line, _ := runtime.Caller(2)
	return site{file, line}
}

// source returns the line's text, or "" when it cannot be read. The kernel merges all cells into one file, so the text
// says more than the number.
func (s site) source() string {
	f, err := regular.Open(s.file)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		if n == s.line {
			return strings.TrimSpace(lines.Text())
		}
	}
	return ""
}

// String returns the file's name and line, for a program outside a notebook.
func (s site) String() string {
	if s.file == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", filepath.Base(s.file), s.line)
}

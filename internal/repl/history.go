package repl

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// maxHistory is how many lines are kept.
const maxHistory = 1000

// maxHistoryFile bounds what is read, in bytes.
const maxHistoryFile = 16 << 20

// A History keeps lines in a file, the latest last. What cannot be read or written is not kept: a session never fails for
// its history.
type History struct {
	path  string
	lines []string // oldest first
}

// OpenHistory reads the lines that earlier sessions left in a file; an empty path keeps them in memory alone.
func OpenHistory(path string) *History {
	h := &History{path: path}
	if path == "" {
		return h
	}
	b, err := regular.ReadText(path, maxHistoryFile)
	if err != nil {
		return h
	}
	for line := range bytes.Lines(b) {
		if s := strings.ToValidUTF8(strings.TrimRight(string(line), "\r\n"), ""); s != "" && visible.Stream(s) == s {
			h.lines = append(h.lines, s)
		}
	}
	if len(h.lines) > maxHistory {
		h.lines = h.lines[len(h.lines)-maxHistory:]
		_ = os.WriteFile(path, []byte(strings.Join(h.lines, "\n")+"\n"), 0o600)
	}
	return h
}

// HistoryFile is where a person's history is: neuronsteer/history in the configuration folder, or nowhere.
func HistoryFile() string {
	dir, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "neuronsteer", "history")
}

// Add implements term.History. Empty lines and repetitions are not kept.
func (h *History) Add(line string) {
	if strings.TrimSpace(line) == "" || line == interrupted || (len(h.lines) > 0 && h.lines[len(h.lines)-1] == line) {
		return
	}
	if h.lines = append(h.lines, line); len(h.lines) > maxHistory {
		h.lines = h.lines[1:]
	}
	if h.path == "" || os.MkdirAll(filepath.Dir(h.path), 0o755) != nil {
		return
	}
	f, err := regular.OpenOwn(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return
	}
	_, _ = f.WriteString(line + "\n")
	_ = f.Close()
}

// Len implements term.History.
func (h *History) Len() int { return len(h.lines) }

// At implements term.History; 0 is the latest line.
func (h *History) At(i int) string {
	if i < 0 || i >= len(h.lines) {
		return ""
	}
	return h.lines[len(h.lines)-1-i]
}

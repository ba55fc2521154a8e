package execute

import (
	"path/filepath"
	"strings"
)

// place finds the file and line of a panic in a stack: the first one after the runtime's own.
func place(stack []byte) string {
	_, after, _ := strings.Cut(string(stack), "panic(")
	for line := range strings.Lines(after) {
		if l, ok := strings.CutPrefix(line, "\t"); ok && !strings.Contains(l, "/runtime/") {
			l, _, _ = strings.Cut(strings.TrimSpace(l), " ")
			return filepath.Base(l)
		}
	}
	return "an unknown place"
}

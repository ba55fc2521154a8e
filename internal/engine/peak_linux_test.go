package engine

import (
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// peak returns how many bytes f added to what this process occupied, at the most.
func peak(t testing.TB, f func()) (added, total int64) {
	t.Helper()
	debug.FreeOSMemory()
	debug.FreeOSMemory() // what the backend keeps for later goes with the second collection
	before := status(t, "VmRSS:")
	if err := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0); err != nil { // the high-water mark begins anew
		t.Skip(err)
	}
	f()
	total = status(t, "VmHWM:")
	return total - before, total
}

// status reads a line of /proc/self/status, in bytes.
func status(t testing.TB, name string) (n int64) {
	t.Helper()
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			if _, err := fmt.Sscanf(rest, "%d kB", &n); err != nil {
				t.Fatal(err)
			}
		}
	}
	return n << 10
}

package lock

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Holder describes who holds the lock of the file at path, as far as the system tells: e.g. "process 4711 (sleep)".
func Holder(path string) string {
	const unknown = "by a process that the system does not name"
	var st syscall.Stat_t
	if syscall.Stat(path, &st) != nil {
		return unknown
	}
	table, err := os.ReadFile("/proc/locks")
	if err != nil {
		return unknown
	}
	pid, ok := holder(table, st.Ino)
	if !ok {
		return unknown
	}
	if pid <= 0 { // one of another container
		return "by a process of another container"
	}
	name, _ := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if name = bytes.TrimSpace(name); len(name) == 0 {
		return fmt.Sprintf("by process %d", pid)
	}
	return fmt.Sprintf("by process %d (%s)", pid, bytes.ToValidUTF8(name, []byte("?")))
}

// holder finds the flock of an inode in the system's table of locks: "1: FLOCK ADVISORY WRITE 4711 08:02:131 0 EOF". The
// device is not compared: overlays report another one here than stat does, and two locks of one number are rare.
func holder(table []byte, inode uint64) (pid int, ok bool) {
	for line := range bytes.Lines(table) {
		f := strings.Fields(string(line))
		if len(f) < 6 || f[1] != "FLOCK" || !strings.HasSuffix(f[5], ":"+strconv.FormatUint(inode, 10)) {
			continue
		}
		if n, err := strconv.Atoi(f[4]); err == nil {
			return n, true
		}
	}
	return 0, false
}

package server

import (
	"bufio"
	"bytes"
	"os"
	"strconv"
	"strings"
)

// availableMemory returns how many bytes can still be used without swapping: what the kernel estimates, or what the limit
// of the control group leaves, whichever is less.
func availableMemory() (n int64, known bool) {
	b, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return 0, false
	}
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) < 2 || f[0] != "MemAvailable:" {
			continue
		}
		kib, err := strconv.ParseInt(f[1], 10, 64)
		if err != nil {
			return 0, false
		}
		n, known = kib<<10, true
	}
	// A container (cgroup v2, then v1). No limit reads as "max" or as a number near 2⁶³. Cached files count as used, though
	// they make room when memory is needed.
	for _, g := range []struct{ limit, used, stat, cached string }{
		{"memory.max", "memory.current", "memory.stat", "inactive_file"},
		{"memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat", "total_inactive_file"},
	} {
		limit, ok := number("/sys/fs/cgroup/" + g.limit)
		used, also := number("/sys/fs/cgroup/" + g.used)
		if ok && also && known {
			n = min(n, max(0, limit-used+cached("/sys/fs/cgroup/"+g.stat, g.cached)))
		}
	}
	return n, known
}

// ownMemory returns the bytes that this process occupies.
func ownMemory() int64 {
	b, err := os.ReadFile("/proc/self/statm") // pages: size, resident, …
	f := strings.Fields(string(b))
	if err != nil || len(f) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

func number(path string) (int64, bool) {
	b, err := os.ReadFile(path)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	return n, err == nil
}

// cached reads one line of a memory.stat.
func cached(path, name string) int64 {
	b, _ := os.ReadFile(path)
	for s := bufio.NewScanner(bytes.NewReader(b)); s.Scan(); {
		if f := strings.Fields(s.Text()); len(f) == 2 && f[0] == name {
			n, _ := strconv.ParseInt(f[1], 10, 64)
			return n
		}
	}
	return 0
}

package memory

import (
	"bufio"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// A system is where the kernel says what it knows: "/" but in tests.
type system struct{ root string }

// Available returns how many bytes this process may still take without swapping, and what sets that bound.
func Available() (n int64, by string, known bool) {
	n, by, known = system{"/"}.free()
	h := heap()
	n += h.idle // the runtime has it already
	bound := func(resource int, used, spare, more int64, name string) {
		var r syscall.Rlimit
		if syscall.Getrlimit(resource, &r) != nil || r.Cur > 1<<62 {
			return
		}
		if left := max(0, int64(r.Cur)-used-spare) + more; !known || left < n {
			n, by, known = left, name, true
		}
	}
	status := system{"/"}.table("proc/self/status")
	bound(syscall.RLIMIT_AS, status["VmSize:"]<<10, addresses, h.idle+h.released, "ulimit -v")
	bound(syscall.RLIMIT_DATA, status["VmData:"]<<10, arena, h.idle+h.released, "ulimit -d")
	return n, by, known
}

// arena is how much the Go runtime takes at a time; addresses are what threads and the C library take of an address space
// as they come, mostly without using it.
const (
	arena     = 64 << 20
	addresses = 768 << 20
)

// Own returns the bytes that this process occupies.
func Own() int64 { return system{"/"}.table("proc/self/status")["VmRSS:"] << 10 }

// free returns what the machine and the control groups leave.
func (s system) free() (n int64, by string, known bool) {
	if kib, ok := s.table("proc/meminfo")["MemAvailable:"]; ok {
		n, by, known = kib<<10, "this machine", true
	}
	for _, g := range s.groups() {
		if left, ok := g.left(); ok && (!known || left < n) {
			n, by, known = left, "control group "+g.name, true
		}
	}
	return n, by, known
}

// table reads lines of a name and a number; other lines are left out.
func (s system) table(path string) map[string]int64 {
	b, err := os.ReadFile(filepath.Join(s.root, path))
	if err != nil {
		return nil
	}
	t := map[string]int64{}
	for sc := bufio.NewScanner(bytes.NewReader(b)); sc.Scan(); {
		if f := strings.Fields(sc.Text()); len(f) >= 2 {
			if n, err := strconv.ParseInt(f[1], 10, 64); err == nil {
				t[f[0]] = n
			}
		}
	}
	return t
}

package memory

import (
	"syscall"
	"testing"
)

// TestLimits: what ulimit allows bounds what can be taken.
func TestLimits(t *testing.T) {
	if n, by, known := Available(); !known || n <= 0 || by == "" {
		t.Fatalf("%d bytes (%s) are available here", n, by)
	}
	if own := Own(); own < 1<<20 {
		t.Errorf("this process occupies %d bytes", own)
	}
	status := system{"/"}.table("proc/self/status")
	for name, c := range map[string]struct {
		resource int
		used     int64
	}{"ulimit -v": {syscall.RLIMIT_AS, status["VmSize:"] << 10}, "ulimit -d": {syscall.RLIMIT_DATA, status["VmData:"] << 10}} {
		var before syscall.Rlimit
		if err := syscall.Getrlimit(c.resource, &before); err != nil {
			t.Fatal(err)
		}
		const left = 1500 << 20
		now := syscall.Rlimit{Cur: uint64(c.used + left), Max: before.Max}
		if err := syscall.Setrlimit(c.resource, &now); err != nil {
			t.Skip(err)
		}
		n, by, _ := Available()
		if err := syscall.Setrlimit(c.resource, &before); err != nil {
			t.Fatal(err)
		}
		if by != name || n > left || n < left/3 {
			t.Errorf("%s leaves %d bytes: %d bytes (%s) are available", name, left, n, by)
		}
	}
}

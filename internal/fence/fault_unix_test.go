//go:build unix

package fence

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A file that is cut short while it is mapped is an error of the call that reads it.
func TestCallTurnsAFaultIntoAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mapped")
	if err := os.WriteFile(path, make([]byte, 1<<16), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := syscall.Mmap(int(f.Fd()), 0, 1<<16, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Munmap(b) }()
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	sum := byte(0)
	err = Call(func() error {
		for _, x := range b {
			sum += x
		}
		return nil
	})
	if p := (*Panic)(nil); !errors.As(err, &p) {
		t.Error(sum, err)
	}
}

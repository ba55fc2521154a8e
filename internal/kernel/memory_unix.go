//go:build unix

package kernel

import (
	"fmt"
	"syscall"
)

// allocate returns n bytes of zeroed, page-aligned memory outside the Go heap: weights are large and live long, so the
// collector neither counts them nor keeps twice their size in hand.
func allocate(n int) ([]byte, error) {
	b, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	hugePages(b)
	return b, nil
}

// release gives memory of allocate back.
func release(b []byte) { _ = syscall.Munmap(b) }

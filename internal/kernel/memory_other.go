//go:build !unix

package kernel

import "unsafe"

// allocate returns n bytes of zeroed memory, aligned for vector registers.
func allocate(n int) ([]byte, error) {
	const line = 64
	b := make([]byte, n+line)
	at := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) % line
	return b[at:][:n:n], nil
}

// release leaves the memory to the collector.
func release([]byte) {}

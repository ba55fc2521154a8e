//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package tensorfile

import (
	"os"
	"syscall"
)

// mapFile maps size bytes of an open file, read-only.
func mapFile(f *os.File, size int) (b []byte, release func() error, err error) {
	b, err = syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil { // some file systems have no mmap; reading is slower and gives the same bytes
		return readWhole(f, size)
	}
	return b, func() error { return syscall.Munmap(b) }, nil
}

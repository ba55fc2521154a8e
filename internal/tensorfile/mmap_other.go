//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package tensorfile

import "os"

// mapFile reads the file: there is no mmap here.
func mapFile(f *os.File, size int) (b []byte, release func() error, err error) {
	return readWhole(f, size)
}

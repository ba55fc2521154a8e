package tensorfile

import (
	"fmt"
	"math"
	"os"
)

// load returns the bytes of a file, mapped where the system can.
func load(path string) (b []byte, release func() error, err error) {
	if st, err := os.Stat(path); err != nil {
		return nil, nil, err
	} else if !st.Mode().IsRegular() { // before it is opened: opening a pipe waits for its other end
		return nil, nil, fmt.Errorf("%s is a %s, not a file", path, kind(st.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close() // a mapping outlives its descriptor
	st, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if st.Size() == 0 {
		return nil, nil, fmt.Errorf("%s: %w; copy or download it again", path, errEmpty)
	}
	if st.Size() > math.MaxInt {
		return nil, nil, fmt.Errorf("%s: %d bytes are more than this system can address", path, st.Size())
	}
	b, release, err = mapFile(f, int(st.Size()))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, release, nil
}

func kind(m os.FileMode) string {
	if m.IsDir() {
		return "folder"
	}
	return "special file"
}

// readWhole is the fallback where there is no mmap.
func readWhole(f *os.File, size int) ([]byte, func() error, error) {
	b := make([]byte, size)
	if n, err := f.ReadAt(b, 0); n < size {
		return nil, nil, fmt.Errorf("reading stopped after %d of %d bytes: %w", n, size, err)
	}
	return b, func() error { return nil }, nil
}

package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadFile reads a regular file of at most limit bytes.
func ReadFile(path string, limit int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	return readClose(f, limit)
}

// ReadOwn is ReadFile of a file that the program keeps for itself: no link; see OpenOwn.
func ReadOwn(path string, limit int64) ([]byte, error) {
	f, err := OpenOwn(path, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return readClose(f, limit)
}

func readClose(f *os.File, limit int64) ([]byte, error) {
	b, err := read(f, limit)
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	return b, nil
}

// ReadText reads a regular file of at most limit bytes, which holds text; see Text.
func ReadText(path string, limit int64) ([]byte, error) {
	b, err := ReadFile(path, limit)
	if err != nil {
		return nil, err
	}
	if b, err = Text(b); err != nil {
		return nil, refuse(path, err.Error())
	}
	return b, nil
}

// read reads an open file of at most limit bytes. The size that the system gives is not believed: it is 0 for files that
// a kernel makes up, and a file can grow.
func read(f *os.File, limit int64) ([]byte, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if st.Size() > limit {
		return nil, refuse(f.Name(), fmt.Sprintf("it has %d bytes, at most %d are read", st.Size(), limit))
	}
	var b bytes.Buffer
	b.Grow(int(st.Size()) + bytes.MinRead) // so that it is read at once, without copies
	if _, err := b.ReadFrom(io.LimitReader(f, limit+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > limit {
		return nil, refuse(f.Name(), fmt.Sprintf("it has more than the %d bytes that are read", limit))
	}
	return b.Bytes(), nil
}

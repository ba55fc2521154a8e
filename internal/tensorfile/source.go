package tensorfile

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// A source is where the bytes of a file are: in memory, or behind a reader.
//
// Nothing is mapped into memory: a mapping of a file that somebody else makes shorter faults wherever its numbers are
// used, and a fault in the middle of a computation can only end the process. A read that comes up short is an error.
type source struct {
	memory []byte // nil for a reader
	reader io.ReaderAt
	size   int
}

// errShorter is the error of a file that ends before the size that it had when it was opened.
var errShorter = errors.New("it became shorter while it was read; copy or download it again, and replace files by renaming")

// bytes returns the bytes from begin to end: of memory itself, else read into room if that is large enough.
func (s source) bytes(begin, end int, room []byte) ([]byte, error) {
	if s.reader == nil {
		return s.memory[begin:end:end], nil
	}
	n := end - begin
	if n > cap(room) {
		room = make([]byte, n)
	}
	room = room[:n]
	if n == 0 {
		return room, nil
	}
	got, err := s.reader.ReadAt(room, int64(begin))
	switch {
	case got == n:
		return room, nil
	case err == nil, errors.Is(err, io.EOF):
		return nil, errShorter
	}
	return nil, err
}

// opened opens a file that is not empty.
func opened(path string) (f *os.File, size int, err error) {
	if f, err = regular.Open(path); err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	switch {
	case err != nil:
	case st.Size() == 0:
		err = fmt.Errorf("%s: %w; copy or download it again", path, errEmpty)
	case st.Size() > math.MaxInt:
		err = fmt.Errorf("%s: %d bytes are more than this system can address", path, st.Size())
	default:
		return f, int(st.Size()), nil
	}
	return nil, 0, errors.Join(err, f.Close())
}

var errEmpty = errors.New("the file is empty")

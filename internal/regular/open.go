package regular

import (
	"errors"
	"io/fs"
	"os"
)

// Open opens a regular file for reading.
func Open(path string) (*os.File, error) {
	// Before it is opened as well as after: opening a device can do things, and what a name stands for can change.
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if err := check(path, st); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	if err := opened(path, f); err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	if err := pointer(path, f); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// OpenOwn is os.OpenFile for a file that the program keeps for itself, e.g. a journal: it must be a regular file or not
// exist yet, and no link.
func OpenOwn(path string, flag int, perm fs.FileMode) (*os.File, error) {
	st, err := os.Lstat(path)
	switch {
	case err == nil:
		if err := check(path, st); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	f, err := os.OpenFile(path, flag|nonblock|nofollow, perm)
	if err != nil {
		return nil, err
	}
	if err := opened(path, f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// opened checks what an open file is.
func opened(path string, f *os.File) error {
	st, err := f.Stat()
	if err != nil {
		return err
	}
	return check(path, st)
}

// check returns an error unless st is that of a regular file.
func check(path string, st fs.FileInfo) error {
	m := st.Mode()
	if m.IsRegular() {
		return nil
	}
	what := "a special file"
	switch {
	case m.IsDir():
		what = "a folder"
	case m&fs.ModeSymlink != 0:
		what = "a link"
	case m&fs.ModeNamedPipe != 0:
		what = "a named pipe"
	case m&fs.ModeSocket != 0:
		what = "a socket"
	case m&fs.ModeDevice != 0:
		what = "a device"
	}
	return refuse(path, "it is "+what+", not a file")
}

// refuse returns the error of a file that is not opened or read.
func refuse(path, why string) error {
	return &fs.PathError{Op: "open", Path: path, Err: errors.New(why)}
}

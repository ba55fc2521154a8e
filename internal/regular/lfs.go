package regular

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
)

// A git-LFS pointer is a short text of key and value lines that stands in a clone for a large file until it is fetched.
// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
var lfsVersions = [][]byte{[]byte("version https://git-lfs.github.com/spec/"), []byte("version https://hawser.github.com/spec/")}

// maxPointer is more than the size of any pointer: the specification allows less than 1024 bytes.
const maxPointer = 1024

// Pointer returns an error that says so if b, the beginning of a file or all of it, is a git-LFS pointer.
func Pointer(b []byte) error {
	for _, v := range lfsVersions {
		if !bytes.HasPrefix(b, v) {
			continue
		}
		size := ""
		for line := range bytes.Lines(b[:min(len(b), maxPointer)]) {
			if n, ok := bytes.CutPrefix(bytes.TrimSpace(line), []byte("size ")); ok {
				size = fmt.Sprintf(" of %.20s bytes", n)
			}
		}
		return fmt.Errorf("it is a git-LFS pointer, which stands for a file%s that was not fetched; type in its folder: git lfs pull", size)
	}
	return nil
}

// pointer is Pointer for an open file, whose position stays.
func pointer(path string, f *os.File) error {
	st, err := f.Stat()
	if err != nil || st.Size() >= maxPointer {
		return err
	}
	b := make([]byte, maxPointer)
	n, err := f.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := Pointer(b[:n]); err != nil {
		return refuse(path, err.Error())
	}
	return nil
}

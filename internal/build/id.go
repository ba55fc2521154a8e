package build

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"

	"github.com/neuronsteer/neuronsteer/internal/regular"
)

// ErrNone is the error of a program without a Go build ID, e.g. of a script.
var ErrNone = errors.New("it has no Go build ID")

// ID returns what identifies a build of the program at path, without starting it: the Go build ID in the file, which
// covers everything that was compiled in.
func ID(path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	id, err := goBuildID(f)
	if err == nil && id == "" { // linked without
		err = ErrNone
	}
	if err != nil {
		return "", fmt.Errorf("%s: the build cannot be told: %w", path, err)
	}
	return id, nil
}

// Hash returns what identifies a file that has no build ID: the SHA-256 of its bytes.
func Hash(path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// OwnID returns the ID of the running program, or its Hash: of the file that was started, even if another has replaced it.
// A program in a page is no file and has none; what it computes is kept nowhere.
var OwnID = sync.OnceValues(func() (string, error) {
	if runtime.GOOS == "js" {
		return "", nil
	}
	path := "/proc/self/exe"
	if runtime.GOOS != "linux" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", err
		}
	}
	id, err := ID(path)
	if errors.Is(err, ErrNone) {
		return Hash(path)
	}
	return id, err
})

// goBuildID reads the note of an ELF file, or elsewhere the marker that the linker puts before the code.
func goBuildID(f *os.File) (string, error) {
	if e, err := elf.NewFile(f); err == nil {
		s := e.Section(".note.go.buildid")
		if s == nil {
			return "", ErrNone
		}
		b, err := s.Data()
		if err != nil {
			return "", err
		}
		return elfNote(b)
	}
	b := make([]byte, 64<<10)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	_, rest, ok := bytes.Cut(b[:n], []byte("\xff Go build ID: \""))
	id, _, end := bytes.Cut(rest, []byte("\"\n \xff"))
	if !ok || !end {
		return "", ErrNone
	}
	return string(id), nil
}

// elfNote returns the descriptor of the first note in b: sizes of name and descriptor, type, name, descriptor, with
// name and descriptor padded to four bytes (System V ABI, "Note Section"). Go writes it in the machine's byte order; all
// systems that are supported are little-endian, and elsewhere the bounds below refuse it.
func elfNote(b []byte) (string, error) {
	if len(b) < 12 {
		return "", errors.New("a note that is cut short")
	}
	name, desc := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[4:]))
	start := 12 + (name+3)/4*4
	if start+desc > uint64(len(b)) {
		return "", errors.New("a note that is cut short")
	}
	return string(b[start : start+desc]), nil
}

package build

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
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

// mostNotes bounds the notes of a program that are read.
const mostNotes = 1 << 16

// goBuildID reads the note of an ELF file, or elsewhere the marker that the linker puts before the code.
func goBuildID(f *os.File) (string, error) {
	b := make([]byte, 64<<10)
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		return "", err
	}
	b = b[:n]
	if bytes.HasPrefix(b, []byte("\x7fELF")) {
		return elfBuildID(f, b)
	}
	_, rest, ok := bytes.Cut(b, []byte("\xff Go build ID: \""))
	id, _, end := bytes.Cut(rest, []byte("\"\n \xff"))
	if !ok || !end {
		return "", ErrNone
	}
	return string(id), nil
}

// elfBuildID reads the notes that the program headers in the first bytes of an ELF file point to (System V ABI, "ELF Header" and
// "Program Header"). Debuggers' package for it would be a tenth of what a notebook's cell links.
func elfBuildID(f io.ReaderAt, head []byte) (string, error) {
	number := func(b []byte, at uint64, size int) (v uint64) {
		if at > uint64(len(b)) || uint64(len(b))-at < uint64(size) {
			return 0
		}
		for i := range size {
			v |= uint64(b[at+uint64(i)]) << (8 * i)
		}
		return v
	}
	const notes = 4 // the type of a header
	// Where the table is, the size of an entry, their number; and in an entry where the notes are and their size.
	table, size, count, from, long, word := uint64(32), uint64(54), uint64(56), uint64(8), uint64(32), 8
	if number(head, 4, 1) == 1 { // of 32 bits
		table, size, count, from, long, word = 28, 42, 44, 4, 16, 4
	}
	table, size = number(head, table, word), number(head, size, 2)
	for i := range number(head, count, 2) {
		at := table + i*size
		if number(head, at, 4) != notes {
			continue
		}
		b := make([]byte, min(number(head, at+long, word), mostNotes))
		if _, err := f.ReadAt(b, int64(number(head, at+from, word)&math.MaxInt64)); err != nil {
			return "", err
		}
		if id, err := elfNote(b); !errors.Is(err, ErrNone) {
			return id, err
		}
	}
	return "", ErrNone
}

// elfNote returns Go's build ID among the notes in b: each the sizes of name and descriptor, a type, name, descriptor, with
// name and descriptor padded to four bytes (System V ABI, "Note Section"). Go writes it in the machine's byte order; all
// systems that are supported are little-endian, and elsewhere the bounds below refuse it.
func elfNote(b []byte) (string, error) {
	const kind = 4
	for len(b) > 0 {
		if len(b) < 12 {
			return "", errors.New("a note that is cut short")
		}
		name, desc := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[4:]))
		start := 12 + (name+3)/4*4
		if start+desc > uint64(len(b)) {
			return "", errors.New("a note that is cut short")
		}
		if binary.LittleEndian.Uint32(b[8:]) == kind && bytes.HasPrefix(b[12:start], []byte("Go\x00")) {
			return string(b[start : start+desc]), nil
		}
		b = b[min(start+(desc+3)/4*4, uint64(len(b))):]
	}
	return "", ErrNone
}

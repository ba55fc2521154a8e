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

// builds remembers the build IDs that this process has read, by path, size and time.
var builds sync.Map

// ID returns what identifies a build of the program at path, without starting it: the Go build ID in the file, which
// covers everything that was compiled in, or, for a program without one, the SHA-256 of the file.
func ID(path string) (string, error) {
	f, err := regular.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a program", path)
	}
	key := fmt.Sprint(path, "\x00", info.Size(), "\x00", info.ModTime().UnixNano())
	if id, ok := builds.Load(key); ok {
		return id.(string), nil
	}
	id, err := goBuildID(f)
	if err != nil || id == "" {
		id, err = fileID(f)
	}
	if err != nil {
		return "", fmt.Errorf("%s: the build cannot be told: %w", path, err)
	}
	builds.Store(key, id)
	return id, nil
}

// OwnID returns the ID of the running program: of the file that was started, even if another has replaced it.
func OwnID() (string, error) {
	if runtime.GOOS == "linux" {
		return ID("/proc/self/exe")
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	return ID(path)
}

// goBuildID reads the note of an ELF file, or elsewhere the marker that the linker puts before the code.
func goBuildID(f *os.File) (string, error) {
	if e, err := elf.NewFile(f); err == nil {
		s := e.Section(".note.go.buildid")
		if s == nil {
			return "", errors.New("no note of a Go build ID")
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
		return "", errors.New("no marker of a Go build ID")
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

func fileID(f *os.File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f, 0, 1<<40)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestID(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "buildid", self).Output()
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(string(out))
	if got, err := ID(self); err != nil || got != want || got == "" {
		t.Fatalf("%q, %v, want %q", got, err, want)
	}
	if got, err := OwnID(); err != nil || got != want {
		t.Fatalf("%q, %v", got, err)
	}
}

// A program without a Go build ID says so, and is told by its bytes.
func TestProgramsWithoutID(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	for _, text := range []string{"", "#!/bin/sh\n", "#!/bin/sh\nexit\n", "....\xff Go build ID: \"\"\n \xff...."} {
		write(text)
		if id, err := ID(path); !errors.Is(err, ErrNone) {
			t.Errorf("%q: %q, %v", text, id, err)
		}
		h, err := Hash(path)
		if err != nil || len(h) != 64 || seen[h] {
			t.Errorf("%q: %q, %v", text, h, err)
		}
		seen[h] = true
	}
	write("....\xff Go build ID: \"a/b\"\n \xff....")
	if got, err := ID(path); err != nil || got != "a/b" {
		t.Error(got, err)
	}
	for _, bad := range []string{filepath.Dir(path), path + "x"} {
		if _, err := ID(bad); err == nil || errors.Is(err, ErrNone) {
			t.Error(bad, "has a build:", err)
		}
	}
}

// TestELF: the ID is among other notes, in files of 64 and of 32 bits; one that is cut short or points elsewhere ends no program.
func TestELF(t *testing.T) {
	other := "\x04\x00\x00\x00\x05\x00\x00\x00\x03\x00\x00\x00GNU\x00abcde\x00\x00\x00"
	notes := other + "\x04\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00Go\x00\x00a/b\x00"
	file := func(bits int) []byte {
		put, size, table := binary.LittleEndian.PutUint64, 56, []int{32, 54, 56, 8, 32}
		if bits == 32 {
			put, size, table = func(b []byte, v uint64) { binary.LittleEndian.PutUint32(b, uint32(v)) }, 32, []int{28, 42, 44, 4, 16}
		}
		b := make([]byte, 64+2*size, 1024)
		copy(b, "\x7fELF")
		b[4] = byte(bits / 32)
		put(b[table[0]:], 64)
		b[table[1]], b[table[2]] = byte(size), 2
		entry := b[64+size:]
		entry[0] = 4
		put(entry[table[3]:], uint64(len(b)))
		put(entry[table[4]:], uint64(len(notes)))
		return append(b, notes...)
	}
	for _, bits := range []int{32, 64} {
		whole := file(bits)
		if id, err := elfBuildID(bytes.NewReader(whole), whole); err != nil || id != "a/b" {
			t.Errorf("%d bits: %q, %v", bits, id, err)
		}
		for n := range whole {
			if id, err := elfBuildID(bytes.NewReader(whole[:n]), whole[:n]); err == nil {
				t.Errorf("%d bits, the first %d bytes: %q", bits, n, id)
			}
		}
	}
	if _, err := elfNote([]byte(other)); !errors.Is(err, ErrNone) {
		t.Error("another's note:", err)
	}
}

func FuzzELFNote(f *testing.F) {
	f.Add([]byte("\x04\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00Go\x00\x00a/b\x00"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\x04\x00\x00\x00Go\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, err := elfNote(b); err == nil && len(id) > len(b) {
			t.Fatal("longer than its note")
		}
	})
}

package build

import (
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

func FuzzELFNote(f *testing.F) {
	f.Add([]byte("\x04\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00Go\x00\x00a/b\x00"))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\x04\x00\x00\x00Go\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, err := elfNote(b); err == nil && len(id) > len(b) {
			t.Fatal("longer than its note")
		}
	})
}

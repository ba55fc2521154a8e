package build

import (
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

// A program without a Go build ID is told by its bytes, and a change of them is seen although the path is the same.
func TestIDOfAnyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "program")
	write := func(text string) string {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
		id, err := ID(path)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	a, b := write("#!/bin/sh\n"), write("#!/bin/sh\nexit\n")
	if a == b || len(a) != 64 {
		t.Fatal(a, b)
	}
	if got := write("....\xff Go build ID: \"a/b\"\n \xff...."); got != "a/b" {
		t.Fatal(got)
	}
	for _, bad := range []string{filepath.Dir(path), path + "x"} {
		if _, err := ID(bad); err == nil {
			t.Error(bad, "has a build ID")
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

//go:build unix

package lock

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A link or a pipe in the place of a lock's file is refused, and nothing waits.
func TestTryRefusesLinksAndPipes(t *testing.T) {
	dir := t.TempDir()
	link, pipe := filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := os.Symlink(filepath.Join(dir, "elsewhere"), link); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, pipe} {
		if unlock, err := Try(path); err == nil {
			unlock()
			t.Error(path, "was locked")
		}
	}
	if _, err := os.Lstat(filepath.Join(dir, "elsewhere")); err == nil {
		t.Error("a file was made where a link leads")
	}
}

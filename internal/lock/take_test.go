//go:build unix

package lock

import (
	"errors"
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

// A file that was removed or replaced between its opening and its locking is not the one that the next process locks.
func TestFlockSeesThatItsFileHasGone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	for name, change := range map[string]func() error{
		"there":    func() error { return nil },
		"removed":  func() error { return os.Remove(path) },
		"replaced": func() error { return errors.Join(os.WriteFile(path+".new", nil, 0o600), os.Rename(path+".new", path)) },
	} {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		if gone, err := flock(f, syscall.LOCK_EX|syscall.LOCK_NB); err != nil || gone != (name != "there") {
			t.Errorf("%s: gone %v, %v", name, gone, err)
		}
		f.Close()
	}
}

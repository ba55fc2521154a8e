package store

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// readOnly returns the store of a folder that cannot be written. For root, whom permissions do not stop, it is mounted so.
func readOnly(t *testing.T, dir string) *Store {
	t.Helper()
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	} else {
		at := t.TempDir()
		if err := syscall.Mount(dir, at, "", syscall.MS_BIND, ""); err != nil {
			t.Skip("root may not mount here:", err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(at, syscall.MNT_DETACH) })
		if err := syscall.Mount("", at, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, ""); err != nil {
			t.Fatal(err)
		}
		dir = at
	}
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A folder that cannot be written answers what it holds and computes the rest, with one warning.
func TestReadOnlyStoreAnswers(t *testing.T) {
	w := open(t)
	put(t, w, record(1, 4))
	s := readOnly(t, w.Dir())
	if s.Session(os.Getpid()) == nil {
		t.Error("a mark was written")
	}
	check(t, s)
}

// So does a folder that cannot even be made, or that is damaged in a way that cannot be mended.
func TestForeignStoreComputes(t *testing.T) {
	s, err := Open("/sys/kernel/neuronsteer/results")
	if err != nil {
		t.Fatal(err)
	}
	var runs atomic.Int32
	for range 2 {
		rec, err := Memo(counting(&runs), s, identity).Run(t.Context(), request(1), nil)
		if err != nil || notKept(rec) != 1 {
			t.Error(rec.Header.Warnings, err)
		}
	}
	w := open(t)
	ref := put(t, w, record(1, 4))
	put(t, w, record(2, 4))
	if err := os.Truncate(w.Path(ref), 10); err != nil {
		t.Fatal(err)
	}
	ro := readOnly(t, w.Dir())
	rec, err := Memo(counting(&runs), ro, identity).Run(t.Context(), request(1), nil)
	if err != nil || runs.Load() != 3 {
		t.Error(runs.Load(), rec.Header.Warnings, err)
	}
}

// check asks for what is kept and for what is not.
func check(t *testing.T, s *Store) {
	t.Helper()
	var runs atomic.Int32
	m := Memo(counting(&runs), s, identity)
	rec, err := m.Run(t.Context(), request(1), nil)
	if err != nil || runs.Load() != 0 || notKept(rec) != 0 {
		t.Error("a hit:", runs.Load(), rec.Header.Warnings, err)
	}
	rec, err = m.Run(t.Context(), request(2), nil)
	if err != nil || runs.Load() != 1 || notKept(rec) != 1 {
		t.Error("a miss:", runs.Load(), rec.Header.Warnings, err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".new-*")); len(left) > 0 {
		t.Error("left behind:", left)
	}
}

func notKept(rec steer.Record) (n int) {
	for _, w := range rec.Header.Warnings {
		if w.Code == "not-kept" {
			n++
		}
	}
	return n
}

// On a full disk nothing is lost but the file.
func TestFullStoreAnswers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("a full disk is one that root mounts")
	}
	dir := t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("root may not mount here:", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, record(1, 4))
	f, err := os.Create(filepath.Join(dir, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	f.Close()
	check(t, s)
}

// A pipe, a device or a link in the place of a result is neither waited for nor followed, and makes room.
func TestSpecialFilesAreNoResults(t *testing.T) {
	for name, plant := range map[string]func(path string) error{
		"pipe":   func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"link to another's result": func(path string) error {
			other := filepath.Join(filepath.Dir(path), "elsewhere")
			f, err := os.Create(other)
			if err != nil {
				return err
			}
			defer f.Close()
			rec := record(1, 4)
			if err := encode(f, rec.Header.Request.Ref(model), rec); err != nil {
				return err
			}
			return os.Symlink(other, path)
		},
	} {
		var runs atomic.Int32
		s := open(t)
		if err := plant(s.Path(request(1).Ref(model))); err != nil {
			t.Fatal(err)
		}
		rec, err := Memo(counting(&runs), s, identity).Run(t.Context(), request(1), nil)
		if err != nil || runs.Load() != 1 || notKept(rec) != 0 {
			t.Errorf("%s: %d runs, %v, %v", name, runs.Load(), rec.Header.Warnings, err)
		}
		if info, err := os.Lstat(s.Path(request(1).Ref(model))); err != nil || !info.Mode().IsRegular() {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

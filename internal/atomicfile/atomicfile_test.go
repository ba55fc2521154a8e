package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// names lists what is in a folder.
func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	list, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		all = append(all, e.Name())
	}
	return all
}

func TestWriteReplacesAsAWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.csv")
	if err := Write(path, []byte("one"), 0o640); err != nil {
		t.Fatal(err)
	}
	old, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Close()
	if err := Write(path, []byte("two"), 0o644); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 8)
	if n, _ := old.Read(b); string(b[:n]) != "one" {
		t.Errorf("a reader of the old file sees %q", b[:n])
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "two" {
		t.Errorf("%q, %v", b, err)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestWriteKeepsPermissions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, mode := range []fs.FileMode{0o600, 0o644, 0o444} {
		if err := errors.Join(os.WriteFile(path, nil, 0o600), os.Chmod(path, mode), Write(path, []byte("x"), 0o640)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%v, %v; want %v", info.Mode(), err, mode)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
}

// What fails on the way leaves the old file and nothing else.
func TestDiscardLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	if err := Write(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("half"); err != nil {
		t.Fatal(err)
	}
	f.Discard()
	f, err = Create(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(f.Name()); err != nil {
		t.Fatal(err)
	}
	if f.Commit() == nil {
		t.Error("a file that has gone was put into its place")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "old" {
		t.Errorf("%q, %v", b, err)
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestWriteFollowsALinkAndReplacesOnlyFiles(t *testing.T) {
	dir := t.TempDir()
	target, link, folder := filepath.Join(dir, "real"), filepath.Join(dir, "link"), filepath.Join(dir, "folder")
	if err := errors.Join(os.WriteFile(target, nil, 0o600), os.Symlink(target, link), os.Mkdir(folder, 0o700), Write(link, []byte("x"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(target); err != nil || string(b) != "x" {
		t.Errorf("%q, %v", b, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if Write(folder, nil, 0o600) == nil || Write(filepath.Join(dir, "none", "a"), nil, 0o600) == nil {
		t.Error("a folder was replaced, or made")
	}
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("left behind: %v", got)
	}
}

func TestWriteUnflushed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	for _, want := range []string{"one", "two"} {
		if err := WriteUnflushed(path, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != want {
			t.Errorf("%q, %v", b, err)
		}
	}
	if WriteUnflushed(dir, nil, 0o600) == nil {
		t.Error("a folder was replaced")
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("left behind: %v", got)
	}
}

func TestPlace(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	if err := errors.Join(os.WriteFile(from, []byte("x"), 0o600), Place(from, to)); err != nil {
		t.Fatal(err)
	}
	if got := names(t, dir); len(got) != 1 || got[0] != "to" {
		t.Error(got)
	}
	if Place(from, to) == nil {
		t.Error("nothing was moved")
	}
}

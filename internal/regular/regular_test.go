//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package regular

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// within fails the test if f takes long: whoever opens a pipe that nobody writes to waits forever.
func within(t *testing.T, what string, f func() error) error {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- f() }()
	select {
	case err := <-done:
		return err
	case <-time.After(10 * time.Second):
		t.Fatalf("%s: still waiting", what)
		return nil
	}
}

// write makes a file in a folder of the test and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe, link, sock := filepath.Join(dir, "pipe"), filepath.Join(dir, "link"), filepath.Join(dir, "socket")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	fd, err := syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fd)
	if err := syscall.Bind(fd, &syscall.SockaddrUnix{Name: sock}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		pipe: "it is a named pipe, not a file", link: "it is a named pipe, not a file", sock: "it is a socket, not a file",
		dir: "it is a folder, not a file", "/dev/zero": "it is a device, not a file", "/dev/tty": "it is a device, not a file",
	} {
		for what, open := range map[string]func() error{
			"Open":     func() error { _, err := Open(path); return err },
			"ReadFile": func() error { _, err := ReadFile(path, 1<<20); return err },
			"ReadText": func() error { _, err := ReadText(path, 1<<20); return err },
			"Dir":      func() error { _, err := fs.ReadFile(Dir(filepath.Dir(path)), filepath.Base(path)); return err },
		} {
			if _, err := os.Stat(path); path == "/dev/tty" && err != nil {
				continue
			}
			if err := within(t, what, open); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s(%s) = %v, want %q", what, path, err, want)
			}
		}
	}
}

// TestOpenedIsChecked: what a name stands for can change between the look at it and the opening.
func TestOpenedIsChecked(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	err := within(t, "opening a pipe", func() error {
		f, err := os.OpenFile(pipe, os.O_RDONLY|nonblock, 0)
		if err != nil {
			return nil
		}
		defer f.Close()
		return opened(pipe, f)
	})
	if err == nil || !strings.Contains(err.Error(), "named pipe") {
		t.Errorf("an open pipe passes: %v", err)
	}
}

func TestOpenFollowsLinks(t *testing.T) {
	path := write(t, "blob", "text")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if b, err := ReadFile(link, 10); err != nil || string(b) != "text" {
		t.Errorf("a link to a file: %q, %v", b, err)
	}
}

func TestOpenOwnRefusesLinks(t *testing.T) {
	victim := write(t, "victim", "precious")
	dir := t.TempDir()
	link, dangling, pipe := filepath.Join(dir, "link"), filepath.Join(dir, "dangling"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.Symlink(victim, link), os.Symlink(filepath.Join(dir, "nowhere"), dangling), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, dangling, pipe, dir} {
		err := within(t, path, func() error {
			f, err := OpenOwn(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
			if err == nil {
				f.Close()
			}
			return err
		})
		if err == nil {
			t.Errorf("OpenOwn(%s) opens it", path)
		}
	}
	if b, _ := os.ReadFile(victim); string(b) != "precious" {
		t.Errorf("the file behind the link is now %q", b)
	}
	f, err := OpenOwn(filepath.Join(dir, "new"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

func TestReadFileIsBounded(t *testing.T) {
	path := write(t, "a", "12345")
	if b, err := ReadFile(path, 5); err != nil || string(b) != "12345" {
		t.Errorf("a file of just the limit: %q, %v", b, err)
	}
	if _, err := ReadFile(path, 4); err == nil || !strings.Contains(err.Error(), "it has 5 bytes, at most 4 are read") {
		t.Errorf("a file above the limit: %v", err)
	}
	if _, err := os.Stat("/proc/self/maps"); err == nil { // the system says that it has 0 bytes
		if _, err := ReadFile("/proc/self/maps", 100); err == nil || !strings.Contains(err.Error(), "more than the 100 bytes") {
			t.Errorf("a file that is longer than its size: %v", err)
		}
	}
	if _, err := ReadFile(path+"x", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestText(t *testing.T) {
	for in, want := range map[string]string{"": "", "a": "a", "\xef\xbb\xbfa": "a", "\xef\xbb\xbf": "", "\xef\xbb": "\xef\xbb", "a\ufeff": "a\ufeff"} {
		if got, err := ReadText(write(t, "t", in), 100); err != nil || string(got) != want {
			t.Errorf("%q is read as %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"\xff\xfe{\x00", "\xfe\xff\x00{"} {
		if _, err := ReadText(write(t, "t", in), 100); err == nil || !strings.Contains(err.Error(), "UTF-16; save it as UTF-8") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestPointer(t *testing.T) {
	text := "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 269060552\n"
	path := write(t, "model.safetensors", text)
	for what, open := range map[string]func() error{
		"Open": func() error { _, err := Open(path); return err },
		"Dir":  func() error { _, err := Dir(filepath.Dir(path)).ReadFile("model.safetensors"); return err },
	} {
		err := open()
		if err == nil || !strings.Contains(err.Error(), "git-LFS pointer, which stands for a file of 269060552 bytes") || !strings.Contains(err.Error(), "git lfs pull") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := Open(write(t, "about", "# version https://git-lfs.github.com/spec/v1\n")); err != nil {
		t.Errorf("a text about pointers: %v", err)
	}
}

func TestDirStaysInside(t *testing.T) {
	path := write(t, "a", "x")
	d := Dir(filepath.Dir(path))
	for _, name := range []string{"../a", "/etc/hostname", "b/../../a", ""} {
		if _, err := d.Open(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("Open(%q) = %v", name, err)
		}
	}
	if st, err := fs.Stat(d, "a"); err != nil || st.Size() != 1 {
		t.Errorf("Stat: %v, %v", st, err)
	}
}

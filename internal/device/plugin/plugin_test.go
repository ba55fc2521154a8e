package plugin

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestAddRefuses: what is no plugin is said when it is added, not when a model is opened with it.
func TestAddRefuses(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("HOME", dir)
	text := filepath.Join(dir, "text.so")
	if err := os.WriteFile(text, []byte("no library"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	noEntry := "without " + entry
	if runtime.GOOS == "windows" { // whose libraries are read by no plugin of ours
		noEntry = "no shared library"
	}
	for _, c := range []struct{ name, path, want string }{
		{"xla", text, "no shared library"},
		{"xla", self, noEntry},
		{"xla", filepath.Join(dir, "nothing.so"), "no such file"},
		{"xla", dir, dir},
		{"cuda", self, `no backend "cuda"`},
	} {
		if err := Add(c.name, c.path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: %v, want %q", c.name, c.path, err, c.want)
		}
	}
	if _, err := Find("xla"); !errors.Is(err, ErrNone) {
		t.Error("after refusals:", err)
	}
}

// TestFind: a plugin that was added is found, and one whose file is gone, or a damaged list, is an error that names it.
func TestFind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CONFIG_HOME", dir)
	t.Setenv("HOME", dir)
	file, err := listFile()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{`{"xla": "/gone.so"}`: "/gone.so", `{"xla": 1}`: "no list of plugins", `null`: "it says null", ``: "unexpected end"} {
		if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Find("xla"); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) && want != "/gone.so" {
			t.Errorf("%s: %v, want %q", list, err, want)
		}
	}
	if path := os.Getenv("NEURONSTEER_TEST_XLA"); path != "" {
		os.Remove(file)
		if err := Add("xla", path); err != nil {
			t.Fatal(err)
		}
		if got, err := Find("xla"); err != nil || got != path {
			t.Error(got, err)
		}
	}
}

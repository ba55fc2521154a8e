package modelref_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func open(t *testing.T, path string) (modelref.Model, *modelref.Files) {
	t.Helper()
	m, err := modelref.Resolve(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return m, f
}

// The identity of open files is that of the same files by name, and stays theirs when the names lead elsewhere.
func TestFilesIdentityIsOfWhatIsOpen(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := copyTiny(t)
	m, f := open(t, dir)
	weights, size, err := f.Weights("model.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	config, err := f.ReadFile("config.json")
	if err != nil {
		t.Fatal(err)
	}
	want, err := m.Identity()
	if err != nil {
		t.Fatal(err)
	}
	// Both files are replaced by renaming, between the digest and the load.
	for name, text := range map[string]string{"model.safetensors": "other", "config.json": "{}"} {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.WriteFile(path+".new", []byte(text), 0o600), os.Rename(path+".new", path)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Identity(t.Context())
	if err != nil || got != want {
		t.Errorf("the identity is %v (%v), want that of the open files, %v", got, err, want)
	}
	if again, err := f.ReadFile("config.json"); err != nil || !bytes.Equal(again, config) {
		t.Errorf("config.json is read as %q now: %v", again, err)
	}
	if again, n, err := f.Weights("model.safetensors"); err != nil || again != weights || n != size {
		t.Errorf("the weights are another file now: %v", err)
	}
	if err := f.Unchanged(t.Context()); err != nil {
		t.Errorf("the open files have not changed: %v", err)
	}
	if by, err := m.Identity(); err != nil || by == want {
		t.Errorf("by their names they have: %v, %v", by, err)
	}
}

// Contents that change in place while they are loaded are found, also where the modification time is set back.
func TestFilesUnchanged(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for _, settle := range []time.Duration{0, time.Hour} { // by its times alone, and by its contents
		modelref.Settle(t, settle)
		dir := copyTiny(t)
		path := filepath.Join(dir, "model.safetensors")
		st, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // past the clock's resolution
		_, f := open(t, dir)
		if _, err := f.Identity(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := f.Unchanged(t.Context()); err != nil {
			t.Errorf("nothing changed: %v", err)
		}
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.WriteAt([]byte{1, 2, 3}, st.Size()-3)
		if err := errors.Join(err, w.Close(), os.Chtimes(path, st.ModTime(), st.ModTime())); err != nil {
			t.Fatal(err)
		}
		if err := f.Unchanged(t.Context()); err == nil || !strings.Contains(err.Error(), path+" was changed while it was loaded") {
			t.Errorf("edited in place: %v", err)
		}
		if f.Forget(t); settle > 0 {
			if err := f.Unchanged(t.Context()); err == nil {
				t.Error("edited in place within the clock's resolution, it passes")
			}
		}
	}
}

// A published model has one digest. Other contents are refused by name and by path, with what mends them, also where a
// sidecar knows better: a disk that rots leaves no time behind.
func TestPublishedModelIsVerified(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	models := t.TempDir()
	t.Setenv("NEURONSTEER_MODELS", models)
	content := bytes.Repeat([]byte("GGUF"), 1<<18)
	sum := sha256.Sum256(content)
	before := modelref.Catalog
	modelref.Catalog = []modelref.Published{{Name: "small", File: "small.gguf", Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}}
	t.Cleanup(func() { modelref.Catalog = before })
	path := filepath.Join(models, "small.gguf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	modelref.Settle(t, 0)
	time.Sleep(20 * time.Millisecond)
	for _, ref := range []string{"small", path} {
		m, f := open(t, ref)
		a, err := m.Identity()
		b, ferr := f.Identity(t.Context())
		if err != nil || ferr != nil || a != b {
			t.Fatalf("%s, whole: %v %v, %v %v", ref, a, err, b, ferr)
		}
	}
	content[len(content)/2] ^= 1
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"small", path} {
		m, f := open(t, ref)
		_, err := m.Identity()
		_, ferr := f.Identity(t.Context())
		for what, err := range map[string]error{"Model": err, "Files": ferr} {
			if !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), "is damaged") || !strings.Contains(err.Error(), "type: neuronsteer pull small") {
				t.Errorf("%s.Identity of %s, damaged: %v", what, ref, err)
			}
		}
	}
	// A sidecar that says that all is well.
	found, _ := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "neuronsteer", "digests", "*"))
	if len(found) != 1 {
		t.Fatalf("%d sidecars", len(found))
	}
	b, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(b), `"sha256":"`) + len(`"sha256":"`)
	forged := string(b[:at]) + hex.EncodeToString(sum[:]) + string(b[at+64:])
	if err := os.WriteFile(found[0], []byte(forged), 0o600); err != nil {
		t.Fatal(err)
	}
	m, f := open(t, "small")
	if _, err := m.Identity(); err != nil {
		t.Fatalf("the sidecar is not used: %v", err)
	}
	if _, err := f.Identity(t.Context()); !errors.Is(err, engine.BadModel) {
		t.Errorf("what is loaded is taken at a sidecar's word: %v", err)
	}
}

// A split GGUF is all of its parts, whichever is named.
func TestSplitGGUF(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first := write("m-00001-of-00003.gguf", "a")
	third := write("m-00003-of-00003.gguf", "c")
	if _, err := modelref.Resolve(first); !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), "1 are missing: m-00002-of-00003.gguf") {
		t.Errorf("a missing part: %v", err)
	}
	write("m-00002-of-00003.gguf", "b")
	one, err := modelref.Resolve(third)
	if err != nil || one.Path != first || one.Name != "m" || len(one.Parts()) != 3 {
		t.Fatalf("%+v, %v", one, err)
	}
	before, err := one.Identity()
	if err != nil {
		t.Fatal(err)
	}
	write("m-00002-of-00003.gguf", "x")
	if after, err := one.Identity(); err != nil || after == before {
		t.Errorf("a part is not part of the identity: %v", err)
	}
	for _, name := range []string{"m-00001-of-00000.gguf", "m-00004-of-00003.gguf", "m-1-of-2.gguf", "m-00001-of-99999.gguf"} {
		if m, err := modelref.Resolve(write(name, "a")); err != nil || len(m.Parts()) != 1 || m.Name+".gguf" != name {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestFirstTen(t *testing.T) {
	list := strings.Split("abcdefghijklm", "")
	if got, want := modelref.FirstTen(list, " "), "a b c d e f g h i j and 3 more"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := modelref.FirstTen([]string{"é\x1b[2J", "a\nb", "c d"}, " "), `"é\x1b[2J" "a\nb" c d`; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := modelref.FirstTen(list[:10], " "); got != "a b c d e f g h i j" {
		t.Errorf("%q", got)
	}
}

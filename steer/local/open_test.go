package local

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/testdata/teaching"
)

// folder copies the teaching model into a folder.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, teaching.FS); err != nil {
		t.Fatal(err)
	}
	return dir
}

// rewrite changes a file by renaming another to its name.
func rewrite(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.WriteFile(path+".new", change(b), 0o600), os.Rename(path+".new", path)); err != nil {
		t.Fatal(err)
	}
}

// A file that is cut short, of another kind or not there yet is an error of Open, not of the first result.
func TestOpenFailsAtOnce(t *testing.T) {
	t.Setenv("NEURONSTEER_STORE", t.TempDir())
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 269060552\n"
	for name, c := range map[string]struct {
		file string
		to   func([]byte) []byte
		want string
	}{
		"cut weights":       {"model.safetensors", func(b []byte) []byte { return b[:len(b)-1] }, "1 bytes are missing"},
		"cut header":        {"model.safetensors", func(b []byte) []byte { return b[:100] }, "truncated"},
		"a picture":         {"model.safetensors", func([]byte) []byte { return []byte("\x89PNG\r\n\x1a\n and so on") }, "not a whole safetensors file"},
		"pointer":           {"model.safetensors", func([]byte) []byte { return []byte(pointer) }, "git-LFS pointer, which stands for a file of 269060552 bytes"},
		"pointer tokenizer": {"tokenizer.json", func([]byte) []byte { return []byte(pointer) }, "git lfs pull"},
		"no config":         {"config.json", func([]byte) []byte { return []byte("{") }, "config.json"},
	} {
		dir := folder(t)
		rewrite(t, filepath.Join(dir, c.file), c.to)
		if _, err := Open(t.Context(), dir); !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	for name, b := range map[string]string{"a picture": "\x89PNG", "empty": "", "cut": "GGUF\x03\x00\x00\x00", "pointer": pointer} {
		path := filepath.Join(t.TempDir(), "x.gguf")
		if err := os.WriteFile(path, []byte(b), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path); !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	dir := folder(t)
	rewrite(t, filepath.Join(dir, "config.json"), func(b []byte) []byte { return append([]byte("\ufeff"), b...) })
	if _, err := Open(t.Context(), dir); err != nil {
		t.Errorf("a byte-order mark: %v", err)
	}
}

// zeroed makes every weight of the MLPs' output zero: a model that opens and answers something else.
func zeroed(b []byte) []byte {
	n := binary.LittleEndian.Uint64(b)
	for i := len(b) / 2; i < len(b); i++ { // enough of the weights
		if i > int(n)+8 {
			b[i] = 0
		}
	}
	return b
}

// A model that is swapped between the address of a result and the load gives no result at that address: the identity is
// that of the bytes that were loaded.
func TestNoRecordUnderAnotherModel(t *testing.T) {
	dir := folder(t)
	weights := filepath.Join(dir, "model.safetensors")
	original, err := os.ReadFile(weights)
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRunner(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	before, err := r.Identity()
	if err != nil {
		t.Fatal(err)
	}
	memo := store.Memo(r, s, func(context.Context) (steer.Identity, error) {
		id, err := r.Identity()
		rewrite(t, weights, zeroed) // after the address, before the load
		return id, err
	})
	q, err := steer.New("m", r).Predict("The capital of France is").Request()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := memo.Run(t.Context(), q, nil); !errors.Is(err, engine.ModelMismatch) {
		t.Errorf("a swapped model answers: %v", err)
	}
	if list, err := s.List(); err != nil || len(list) != 0 {
		t.Errorf("%d results are kept, %v", len(list), err)
	}
	rec, err := r.Run(t.Context(), q, nil)
	if err != nil || rec.Header.Identity == before {
		t.Errorf("the record of the other weights has the first model's identity (%v)", err)
	}
	// The first model again: its result is its own.
	rewrite(t, weights, func([]byte) []byte { return original })
	again, err := NewRunner(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	own, err := again.Run(t.Context(), q, nil)
	if err != nil || own.Header.Identity != before || string(own.Header.Body) == string(rec.Header.Body) {
		t.Errorf("the first model again: %v, %v", own.Header.Identity, err)
	}
}

// A model whose name leads to another file while it is loaded is the one that was opened.
func TestReplacedWhileLoaded(t *testing.T) {
	dir := folder(t)
	r, err := NewRunner(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	want, err := r.Identity()
	if err != nil {
		t.Fatal(err)
	}
	q, err := steer.New("m", r).Predict("The capital of France is").Request()
	if err != nil {
		t.Fatal(err)
	}
	err = r.read(t.Context(), func(e steer.Event) {
		if e.Done == 1 {
			rewrite(t, filepath.Join(dir, "model.safetensors"), zeroed)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	rec, err := r.Run(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	if now, err := r.Identity(); err != nil || rec.Header.Identity != want || now == want {
		t.Errorf("the record's identity is %v (%v), want that of the file that was opened", rec.Header.Identity, err)
	}
}

// Weights that change in place while they are read are of no model.
func TestChangedWhileLoaded(t *testing.T) {
	dir := folder(t)
	weights := filepath.Join(dir, "model.safetensors")
	m, err := modelref.Resolve(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Load(t.Context(), m, func(e steer.Event) {
		if e.Done != 1 {
			return
		}
		f, err := os.OpenFile(weights, os.O_WRONLY, 0)
		if err != nil {
			t.Error(err)
			return
		}
		_, err = f.WriteAt(make([]byte, 100_000), 300_000)
		if err := errors.Join(err, f.Close()); err != nil {
			t.Error(err)
		}
	})
	if !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), "was changed while it was loaded") {
		t.Errorf("%v", err)
	}
	l, err := Load(t.Context(), m, nil)
	if err != nil {
		t.Fatalf("the next load, of a file that stays: %v", err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// Weights that are cut short while they are read are an error, not a fault that ends the process.
func TestCutWhileLoaded(t *testing.T) {
	dir := folder(t)
	m, err := modelref.Resolve(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = Load(t.Context(), m, func(e steer.Event) {
		if e.Done == 1 {
			if err := os.Truncate(filepath.Join(dir, "model.safetensors"), 4096); err != nil {
				t.Error(err)
			}
		}
	})
	if !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), "became shorter") {
		t.Errorf("%v", err)
	}
}

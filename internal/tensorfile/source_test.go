package tensorfile

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sameError fails unless a file from memory and the same file from a reader are refused alike.
func sameError(t *testing.T, memory, reader error) {
	t.Helper()
	if fmt.Sprint(memory) != fmt.Sprint(reader) {
		t.Fatalf("from memory: %v\nfrom a reader: %v", memory, reader)
	}
}

// A file that somebody makes shorter while it is open is an error of the tensors that are missing: it must not end the
// process, as a mapping of it would, and not give numbers that are not there. Larger than a page, read on several
// processors, of every way of reading.
func TestCutWhileOpen(t *testing.T) {
	const n = 4 * grain
	for _, kind := range []DType{F32, BF16, F16, Q4_1, Q8_0, I64} {
		size := n / layouts[kind].block * layouts[kind].bytes
		header := fmt.Sprintf(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":%q,"shape":[%d],"data_offsets":[4,%d]}}`, kind, n, 4+size)
		path := filepath.Join(t.TempDir(), "x.safetensors")
		whole := file(header, make([]byte, 4+size))
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		read := func() error {
			if kind == I64 {
				_, err := f.Int64("x")
				return err
			}
			_, err := f.Float32("x")
			return err
		}
		if err := read(); err != nil {
			t.Fatalf("%s, whole: %v", kind, err)
		}
		before, err := f.Float32("a")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, int64(len(whole)-size/2)); err != nil {
			t.Fatal(err)
		}
		if err := read(); err == nil || !strings.Contains(err.Error(), "became shorter") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s, cut in half: %v", kind, err)
		}
		if err := os.Truncate(path, 0); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Float32("a"); err == nil {
			t.Errorf("%s, empty now: a tensor is read", kind)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if before[0] != 0 { // what was read stays
			t.Errorf("%s: %v", kind, before)
		}
	}
}

// Names of files are read without waiting, and what is in them is named.
func TestOpenNames(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, []byte("version https://git-lfs.github.com/spec/v1\nsize 98362432\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, open := range map[string]func() error{
		"Open":     func() error { _, err := Open(path); return err },
		"OpenGGUF": func() error { _, err := OpenGGUF(path); return err },
	} {
		if err := open(); err == nil || !strings.Contains(err.Error(), "git-LFS pointer") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenGGUF(path); err == nil || !strings.Contains(err.Error(), "the file is empty") {
		t.Errorf("an empty file: %v", err)
	}
}

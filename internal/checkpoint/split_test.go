package checkpoint

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// split writes a model as llama.cpp's gguf-split does: the metadata in the first part, tensors in all but an empty first
// one, the rotary divisors in the last. change may spoil part i.
func split(t *testing.T, c converted, parts int, change func(i int, p converted)) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	names := slices.Sorted(maps.Keys(c.tensors))
	for i := range parts {
		p := converted{metadata: map[string]any{}, tensors: map[string]tensorfile.Tensor{}}
		if i == 0 {
			p.metadata = maps.Clone(c.metadata)
		}
		p.metadata["split.no"], p.metadata["split.count"], p.metadata["split.tensors.count"] = uint32(i), uint32(parts), int32(len(names))
		if i > 0 {
			lo, hi := (i-1)*len(names)/(parts-1), i*len(names)/(parts-1)
			for _, name := range names[lo:hi] {
				p.tensors[name] = c.tensors[name]
			}
		}
		if change != nil {
			change(i, p)
		}
		path := filepath.Join(dir, fmt.Sprintf("m-%05d-of-%05d.gguf", i+1, parts))
		writeFile(t, path, p.bytes(t))
		paths = append(paths, path)
	}
	return paths
}

// A split model is the model, whichever part is named.
func TestSplitGGUF(t *testing.T) {
	whole := convert(t)
	divisors := make([]float32, 16)
	for i := range divisors {
		divisors[i] = float32(1 + i)
	}
	whole.tensors["rope_freqs.weight"] = tensorfile.Tensor{Name: "rope_freqs.weight", Shape: []int{16}, Data: divisors}
	want := opened(t, whole.file(t))
	for _, path := range split(t, whole, 3, nil) {
		m := opened(t, path)
		if fmt.Sprint(m.Config) != fmt.Sprint(want.Config) || string(m.Tokenizer) != string(want.Tokenizer) {
			t.Errorf("%s: %v, want %v", path, m.Config, want.Config)
		}
		sameTensors(t, want, m)
	}
}

func TestSplitGGUFRefuses(t *testing.T) {
	whole := convert(t)
	for want, c := range map[string]struct {
		change func(i int, p converted)
		after  func(paths []string) (open string)
	}{
		"it is part 1 of a model that is split into 3 files": {nil, func(paths []string) string {
			to := filepath.Join(filepath.Dir(paths[0]), "renamed.gguf")
			if err := os.Rename(paths[0], to); err != nil {
				t.Fatal(err)
			}
			return to
		}},
		"its name says that it is part 2 of 3, split.no is 2, from 0": {func(i int, p converted) {
			if i == 1 {
				p.metadata["split.no"] = uint32(2)
			}
		}, nil},
		"its name says that it is one of 3 parts, split.count is 4": {func(_ int, p converted) { p.metadata["split.count"] = uint32(4) }, nil},
		"one of 3 parts, split.count is 1":                          {func(_ int, p converted) { delete(p.metadata, "split.count") }, nil},
		"split.tensors.count is 99, its 3 files have 56 tensors":    {func(_ int, p converted) { p.metadata["split.tensors.count"] = int32(99) }, nil},
		`tensor "output_norm.weight" occurs twice`: {func(i int, p converted) {
			if i == 0 {
				p.tensors["output_norm.weight"] = whole.tensors["output_norm.weight"]
			}
		}, nil},
		"split.count is not a whole number": {func(_ int, p converted) { p.metadata["split.count"] = "3" }, nil},
		"is not a whole GGUF file": {nil, func(paths []string) string {
			if err := os.Truncate(paths[2], 5000); err != nil {
				t.Fatal(err)
			}
			return paths[0]
		}},
	} {
		paths := split(t, whole, 3, c.change)
		path := paths[0]
		if c.after != nil {
			path = c.after(paths)
		}
		if err := openError(t, path); !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// What Windows programs put before a text, and what git puts in a large file's place.
func TestFolderWithMarks(t *testing.T) {
	dir, _ := editable(t)
	names := []string{"config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"}
	want := opened(t, dir)
	for _, name := range names {
		path := filepath.Join(dir, name)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, append([]byte("\ufeff"), b...))
	}
	m := opened(t, dir)
	if fmt.Sprint(m.Config) != fmt.Sprint(want.Config) || string(m.Tokenizer) != string(want.Tokenizer) || string(m.TokenizerConfig) != string(want.TokenizerConfig) {
		t.Error("a byte-order mark changes the model")
	}
	writeFile(t, filepath.Join(dir, "chat_template.jinja"), []byte("\ufeff{{ 1 }}"))
	if m := opened(t, dir); !strings.Contains(string(m.TokenizerConfig), `"{{ 1 }}"`) {
		t.Errorf("the template has its mark: %s", m.TokenizerConfig)
	}
	for _, name := range append(names, "model.safetensors", "chat_template.jinja") {
		dir, _ := editable(t)
		writeFile(t, filepath.Join(dir, name), []byte("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 269060552\n"))
		if err := openError(t, dir); !strings.Contains(err.Error(), name+": it is a git-LFS pointer") || !strings.Contains(err.Error(), "git lfs pull") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package modelref_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/testdata/teaching"
)

// The generated constants are those of the embedded model.
func TestTeachingIdentity(t *testing.T) {
	m, err := modelref.Resolve("teaching")
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Identity()
	if err != nil {
		t.Fatal(err)
	}
	want, err := modelref.IdentityOf(teaching.FS)
	if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("constants %v, computed %v: run go generate ./internal/modelref", got, want)
	}
}

// copyTiny copies a small model into a folder of its own and returns the folder.
func copyTiny(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../testdata/golden/tiny-llama")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func identify(t *testing.T, path string) (model, tokenizer string) {
	t.Helper()
	m, err := modelref.Resolve(path)
	if err != nil {
		t.Fatal(err)
	}
	id, err := m.Identity()
	if err != nil {
		t.Fatal(err)
	}
	if id.Backend+id.Precision+id.Build != "" {
		t.Errorf("fields of others are filled: %v", id)
	}
	return id.Model, id.Tokenizer
}

// Each file counts in one of the two digests, the folder's name in none, and files that are no part of a model in none.
func TestIdentityDependsOnContents(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	model, tokenizer := identify(t, "../../testdata/golden/tiny-llama")
	for file, want := range map[string]struct{ model, tokenizer bool }{
		"golden.json":            {false, false},
		"README.md":              {false, false},
		"config.json":            {true, false},
		"generation_config.json": {true, false},
		"model.safetensors":      {true, false},
		"tokenizer.json":         {false, true},
		"tokenizer_config.json":  {false, true},
		"chat_template.jinja":    {false, true},
	} {
		dir := copyTiny(t)
		if m, k := identify(t, dir); m != model || k != tokenizer {
			t.Fatal("a copy has another identity")
		}
		b, _ := os.ReadFile(filepath.Join(dir, file))
		if err := os.WriteFile(filepath.Join(dir, file), append(b, ' '), 0o644); err != nil {
			t.Fatal(err)
		}
		if m, k := identify(t, dir); (m != model) != want.model || (k != tokenizer) != want.tokenizer {
			t.Errorf("%s: model changed %v, tokenizer changed %v", file, m != model, k != tokenizer)
		}
	}
}

func TestShards(t *testing.T) {
	dir := copyTiny(t)
	index := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "model.safetensors.index.json"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(filepath.Join(dir, "model.safetensors"), filepath.Join(dir, "one.safetensors")); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"weight_map":{"a":"one.safetensors","b":"two.safetensors"}}`: `1 of the 2 files in model.safetensors.index.json are missing: two.safetensors;`,
		`{"weight_map":{"a":"../one.safetensors"}}`:                    "not a plain name",
		`{"weight_map":{"a":"/etc/passwd"}}`:                           "not a plain name",
		`{"weight_map":{}}`:                                            "lists no tensor",
		`{"weight_map":7}`:                                             "not JSON of that kind",
	} {
		index(text)
		if _, err := modelref.FindWeights(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	index(`{"weight_map":{"a":"one.safetensors"}}`)
	before, _ := identify(t, dir)
	index(`{"weight_map":{"b":"one.safetensors"}}`)
	if after, _ := identify(t, dir); before == after {
		t.Error("the index is not part of the identity")
	}
	if err := os.Remove(filepath.Join(dir, "model.safetensors.index.json")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pytorch_model.bin"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := modelref.FindWeights(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), "only pytorch_model.bin") {
		t.Errorf("other weights: %v", err)
	}
}

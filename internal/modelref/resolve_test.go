package modelref

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const tiny = "../../testdata/golden/tiny-llama"

func TestResolve(t *testing.T) {
	models := t.TempDir()
	t.Setenv("NEURONSTEER_MODELS", models)
	home := t.TempDir()
	t.Setenv("HOME", home)
	for _, name := range []string{"here.gguf", "other.bin"} {
		write(t, filepath.Join(home, name), "GGUF")
	}
	if err := os.MkdirAll(filepath.Join(home, "folder"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(home, "folder", "inside.gguf"), "GGUF")
	abs, _ := filepath.Abs(tiny)

	for ref, want := range map[string]Model{
		"teaching":                       {"teaching", Embedded, "", ""},
		tiny:                             {"tiny-llama", Directory, abs, ""},
		"~/here.gguf":                    {"here", GGUF, filepath.Join(home, "here.gguf"), ""},
		filepath.Join(home, "here.gguf"): {"here", GGUF, filepath.Join(home, "here.gguf"), ""},
	} {
		got, err := Resolve(ref)
		if err != nil || got != want {
			t.Errorf("%q: %v %v, want %v", ref, got, err, want)
		}
		if again, err := Resolve(got.Ref()); err != nil || again != got {
			t.Errorf("%q: its Ref %q resolves to %v %v", ref, got.Ref(), again, err)
		}
	}

	for ref, want := range map[string]struct {
		code engine.Code
		text []string
	}{
		"":                      {engine.UnknownModel, []string{"teaching", "smollm2-135m-instruct", "neuronsteer pull"}},
		"techaing":              {engine.UnknownModel, []string{`"techaing"`, "teaching", "smollm2-135m-instruct", "neuronsteer pull"}},
		"smollm2":               {engine.UnknownModel, []string{"not on this machine yet", "type: neuronsteer pull smollm2-135m-instruct"}},
		"smollm2-135m-instruct": {engine.UnknownModel, []string{"type: neuronsteer pull smollm2-135m-instruct"}},
		"~/other.bin":           {engine.BadModel, []string{"neither a folder nor a .gguf", home}},
		"~/folder":              {engine.BadModel, []string{"no config.json", "inside.gguf"}},
		home:                    {engine.BadModel, []string{"no config.json", "here.gguf"}},
	} {
		_, err := Resolve(ref)
		if !errors.Is(err, want.code) {
			t.Errorf("%q: %v, want code %v", ref, err, want.code)
			continue
		}
		for _, text := range want.text {
			if !strings.Contains(err.Error(), text) {
				t.Errorf("%q: %v, want %q in it", ref, err, text)
			}
		}
	}

	// A pulled file of the wrong size is not the model; of the right size it is found (Identity checks its hash).
	path := filepath.Join(models, Catalog[0].File)
	write(t, path, "short")
	if _, err := Resolve("smollm2"); !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), "has 5 bytes") {
		t.Errorf("short file: %v", err)
	}
	if err := os.Truncate(path, Catalog[0].Size); err != nil { // sparse
		t.Fatal(err)
	}
	want := Model{Catalog[0].Name, GGUF, path, Catalog[0].SHA256}
	if got, err := Resolve("smollm2"); err != nil || got != want {
		t.Errorf("pulled: %v %v, want %v", got, err, want)
	}
}

// A name that is also a folder means the model; with ./ it means the folder.
func TestNameBeforePath(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Mkdir("teaching", 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, "teaching/config.json", "{}")
	if m, err := Resolve("teaching"); err != nil || m.Kind != Embedded {
		t.Errorf("teaching: %v %v", m, err)
	}
	if m, err := Resolve("./teaching"); err != nil || m.Kind != Directory {
		t.Errorf("./teaching: %v %v", m, err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ExampleResolve() {
	m, err := Resolve("teaching")
	fmt.Println(m.Name, m.Kind, err)
	_, err = Resolve("no-such-model")
	fmt.Println(errors.Is(err, engine.UnknownModel))
	// Output:
	// teaching embedded <nil>
	// true
}

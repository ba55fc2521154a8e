//go:build kernel

package kerneltest_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/kerneltest"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
)

// A mistake gives one card that says what is wrong and what to type, and the next cell works.
func TestFaultWrongInput(t *testing.T) {
	k := kerneltest.Start(t)
	k.OK(t, imports)
	missing, cut := missingTensor(t), truncatedGGUF(t)
	for _, c := range []struct {
		name, code string
		says       []string
	}{
		{"unknown model", `nb.Show(nb.Model("gpt-5").Predict(text))`, []string{"there is no model or path", "gpt-5", "teaching", "→"}},
		{"missing tensor", fmt.Sprintf(`nb.Show(nb.Model(%q).Predict(text))`, missing), []string{"2 tensors do not fit", "model.norm.weight is missing, want [128]", "→"}},
		{"truncated GGUF", fmt.Sprintf(`nb.Show(nb.Model(%q).Predict(text))`, cut), []string{"truncated", "copy or download it again"}},
		{"target of several tokens", `nb.Show(nb.Run(m.Attribute(text).Target(" wonderful terrible")).TopK(5))`, []string{"target", "tokens", "→"}},
		{"empty prompt", `nb.Show(m.Predict("").Chat())`, []string{"the prompt is empty", "→"}},
		{"target equal to counterfactual", `nb.Show(nb.Run(m.Attribute(text).Target(" wonderful").Versus(" wonderful")).TopK(5))`,
			[]string{"the same token", "→"}},
		{"prompt longer than the context", `nb.Show(m.Predict(strings.Repeat("film ", 500)))`, []string{"context holds", "→"}},
		{"all mistakes that need no tokenizer", `nb.Show(nb.Run(m.Attribute("").Chat().At().Versus("")).TopK(5))`,
			[]string{"the prompt is empty", "no target", "the counterfactual is empty", "names no position", "4 mistakes", "→"}},
		{"all mistakes that need one", `nb.Show(nb.Run(m.Attribute(text).Target(" wonderful terrible").Versus(" bad film").At(99)).TopK(5))`,
			[]string{`target " wonderful terrible" is`, `" bad film" is`, "position 99 is outside", "3 mistakes", "→"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed(t, k.Run(t, "%%\n"+c.code), c.says...)
			if got := k.OK(t, "%%\nnb.Show(\"unrelated\")"); !strings.Contains(got, "unrelated") {
				t.Errorf("the next cell shows %q", got)
			}
		})
	}
	if got := k.OK(t, show); !strings.Contains(got, "praise") {
		t.Errorf("the model does not work after all mistakes: %s", got)
	}
	server(t, k)
	if n := stored(t, k)["computed"]; n != 1 {
		t.Errorf("the store counts %v results, want 1", n)
	}
}

// missingTensor returns a copy of the teaching model without the last norm.
func missingTensor(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "model")
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(kerneltest.Clone(t), "testdata", "teaching"))); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "model.safetensors")
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Replace(b, []byte(`"model.norm.weight"`), []byte(`"model.norm.height"`), 1)
	if bytes.Equal(b, other) {
		t.Fatal("the teaching model has no last norm")
	}
	if err := os.WriteFile(path, other, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// truncatedGGUF returns the first tenth of SmolLM2.
func truncatedGGUF(t *testing.T) string {
	t.Helper()
	p, ok := modelref.Lookup("smollm2")
	if !ok {
		t.Fatal("SmolLM2 is not in the catalog")
	}
	from, err := p.Path()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatalf("%v; bin/neuronsteer pull smollm2 fetches it", err)
	}
	to := filepath.Join(t.TempDir(), "cut.gguf")
	if err := os.WriteFile(to, b[:len(b)/10], 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

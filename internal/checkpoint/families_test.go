package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// tinies are the small models of every family, each with parts that its config switches.
var tinies = []string{"llama", "llama-bf16", "llama3", "mistral", "qwen2", "qwen3", "gemma2", "gemma3", "olmo2", "phi3"}

func tinyDir(name string) string { return "../../testdata/golden/tiny-" + name }

// Every small model opens with every tensor that its layout lists, and the two spellings of its config are one config.
func TestFamiliesOpen(t *testing.T) {
	for _, name := range tinies {
		dir := tinyDir(name)
		m := opened(t, dir)
		for tensor, shape := range m.Layout() {
			w, err := m.Tensor(tensor)
			if err != nil || len(w) != product(shape) {
				t.Errorf("%s: %s has %d numbers, want %v: %v", name, tensor, len(w), shape, err)
			}
			_, got, _, err := m.Raw(tensor)
			if err != nil || !slices.Equal(got, shape) {
				t.Errorf("%s: %s is stored as %v, want %v: %v", name, tensor, got, shape, err)
			}
		}
		b, err := os.ReadFile(filepath.Join(dir, "config.v5.json"))
		if err != nil {
			continue
		}
		generation, err := os.ReadFile(filepath.Join(dir, "generation_config.json"))
		if err != nil {
			t.Fatal(err)
		}
		c, err := parseConfig(b, generation)
		if err != nil || fmt.Sprint(c) != fmt.Sprint(m.Config) {
			t.Errorf("%s: config.v5.json is %v, %v, config.json %v", name, c, err, m.Config)
		}
	}
}

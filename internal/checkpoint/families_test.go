package checkpoint

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
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
			_, raw, err := m.RawRows(tensor, 0, shape[0])
			if _, size, serr := m.Stored(tensor); err != nil || serr != nil || int64(len(raw)) != size {
				t.Errorf("%s: %s is stored in %d bytes, want %d: %v, %v", name, tensor, len(raw), size, err, serr)
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

// What is made of stored tensors: 1+w of every norm of Gemma and of nothing else, and the rows of Phi-3's fused matrices in
// the order of q, k, v and of gate, up.
func TestStoredTensors(t *testing.T) {
	for _, name := range []string{"gemma2", "gemma3"} {
		m := opened(t, tinyDir(name))
		f := stored(t, name)
		norms := 0
		for tensor, shape := range m.Layout() {
			want, err1 := f.Float32(tensor)
			got, err2 := m.Tensor(tensor)
			kind, raw, err3 := m.RawRows(tensor, 0, shape[0])
			if err := errors.Join(err1, err2, err3); err != nil || kind != tensorfile.F32 {
				t.Fatal(kind, err)
			}
			if strings.HasSuffix(tensor, "norm.weight") {
				norms++
				for i := range want {
					want[i]++
				}
			}
			if !slices.Equal(got, want) || !slices.Equal(tensorfile.Floats(raw), want) {
				t.Errorf("%s: %s", name, tensor)
			}
		}
		if norms < 4*m.Layers+1 {
			t.Errorf("%s: %d norms", name, norms)
		}
	}
	m := opened(t, tinyDir("phi3"))
	f := stored(t, "phi3")
	for l := range m.Layers {
		for _, p := range []struct {
			whole, part string
			lo, hi      int
		}{{"self_attn.qkv_proj", "self_attn.q_proj", 0, 32}, {"self_attn.qkv_proj", "self_attn.k_proj", 32, 48}, {"self_attn.qkv_proj", "self_attn.v_proj", 48, 64},
			{"mlp.gate_up_proj", "mlp.gate_proj", 0, 64}, {"mlp.gate_up_proj", "mlp.up_proj", 64, 128}} {
			whole, err1 := f.Float32(fmt.Sprintf("model.layers.%d.%s.weight", l, p.whole))
			part, err2 := m.Tensor(fmt.Sprintf("model.layers.%d.%s.weight", l, p.part))
			_, raw, err3 := m.RawRows(fmt.Sprintf("model.layers.%d.%s.weight", l, p.part), 0, p.hi-p.lo)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			if want := whole[p.lo*m.Width : p.hi*m.Width]; !slices.Equal(part, want) || !slices.Equal(tensorfile.Floats(raw), want) {
				t.Errorf("layer %d: %s", l, p.part)
			}
		}
	}
}

// stored opens the weights of a small model as they are.
func stored(t *testing.T, name string) *tensorfile.File {
	t.Helper()
	f, err := tensorfile.Open(filepath.Join(tinyDir(name), "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// A fused matrix that is missing or misshapen is named as the checkpoint has it.
func TestFusedTensorsThatDoNotFit(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(tinyDir("phi3"))); err != nil {
		t.Fatal(err)
	}
	f := stored(t, "phi3")
	var tensors []tensorfile.Tensor
	for _, name := range f.Names() {
		x, err := f.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		info, _ := f.Info(name)
		switch name {
		case "model.layers.0.self_attn.qkv_proj.weight":
			continue
		case "model.layers.1.mlp.gate_up_proj.weight":
			info.Shape, x = []int{127, 32}, x[:127*32]
		}
		tensors = append(tensors, tensorfile.Tensor{Name: name, Shape: info.Shape, Data: x})
	}
	writeWeights(t, filepath.Join(dir, "model.safetensors"), tensors)
	want := "2 tensors do not fit the config: model.layers.0.self_attn.qkv_proj.weight is missing, want [64 32]; model.layers.1.mlp.gate_up_proj.weight is [127 32], want [128 32]"
	if err := openError(t, dir); !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
}

// Adding 1 leaves what is stored as it is: numbers of a file in memory are the file's own.
func TestOnePlusLeavesTheFile(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(tinyDir("gemma2"), "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	const name = "model.norm.weight"
	w := &weights{at: map[string]place{name: {f, name}}, onePlus: true}
	first, err1 := w.tensor(name)
	second, err2 := w.tensor(name)
	if err := errors.Join(err1, err2); err != nil || !slices.Equal(first, second) {
		t.Errorf("%v, then %v: %v", first[:2], second[:2], err)
	}
}

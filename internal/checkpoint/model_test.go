package checkpoint

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const (
	tiny     = "../../testdata/golden/tiny-llama"
	tinyBF16 = "../../testdata/golden/tiny-llama-bf16"
)

func opened(t testing.TB, ref string) *Model {
	t.Helper()
	r, err := modelref.Resolve(ref)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

func openError(t *testing.T, path string) error {
	t.Helper()
	r, err := modelref.Resolve(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Open(t.Context(), r)
	if err == nil {
		m.Close()
		t.Fatal("no error")
	}
	if !errors.Is(err, engine.BadModel) {
		t.Errorf("%v has not the code BadModel", err)
	}
	return err
}

func TestOpenConfigs(t *testing.T) {
	for ref, want := range map[string]Config{
		"teaching": {Architecture: Llama, Layers: 6, Width: 128, Neurons: 320, Heads: 4, KVHeads: 2, HeadDim: 32, Vocab: 2048,
			Positions: 256, Eps: 1e-5, Tied: true, BOS: 1, Ends: []int32{2, 4}},
		tiny: {Architecture: Llama, Layers: 3, Width: 32, Neurons: 64, Heads: 4, KVHeads: 2, HeadDim: 8, Vocab: 512,
			Positions: 256, Eps: 1e-5, BOS: 1, Ends: []int32{2}},
		tinyBF16: {Architecture: Llama, Layers: 3, Width: 32, Neurons: 64, Heads: 4, KVHeads: 2, HeadDim: 8, Vocab: 512,
			Positions: 256, Eps: 1e-5, BOS: 1, Ends: []int32{2}},
	} {
		m := opened(t, ref)
		f, _ := want.family()
		f.parts(&want)
		plain := Rope{Scale: 1}
		for i := range want.HeadDim / 2 {
			plain.InvFreq = append(plain.InvFreq, 1/math.Pow(10000, 2*float64(i)/float64(want.HeadDim)))
		}
		want.Ropes = []Rope{plain}
		if got := m.Config; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, want %v", ref, got, want)
		}
		if s := m.Shape(); s.Neurons != want.Neurons || s.HeadDim != want.HeadDim || s.Positions != want.Positions {
			t.Errorf("%s: shape %v", ref, s)
		}
		if !json.Valid(m.Tokenizer) || !bytes.Contains(m.TokenizerConfig, []byte("chat_template")) {
			t.Errorf("%s: no tokenizer", ref)
		}
		for name, shape := range m.Layout() {
			w, err := m.Tensor(name)
			if n := product(shape); err != nil || len(w) != n {
				t.Errorf("%s: %s: %d numbers, %v, want %v", ref, name, len(w), err, shape)
			}
		}
	}
}

func product(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// sameTensors compares two open models bit for bit.
func sameTensors(t *testing.T, a, b *Model) {
	t.Helper()
	for name := range a.Layout() {
		x, err1 := a.Tensor(name)
		y, err2 := b.Tensor(name)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(x, y, func(u, v float32) bool { return math.Float32bits(u) == math.Float32bits(v) }) {
			t.Errorf("%s differs", name)
		}
	}
}

// editable copies the small model into a folder and returns the folder and its tensors.
func editable(t *testing.T) (dir string, tensors map[string]tensorfile.Tensor) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(tiny)); err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.Open(filepath.Join(tiny, "model.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	tensors = map[string]tensorfile.Tensor{}
	for _, name := range f.Names() {
		info, _ := f.Info(name)
		data, err := f.Float32(name)
		if err != nil {
			t.Fatal(err)
		}
		tensors[name] = tensorfile.Tensor{Name: name, Shape: info.Shape, Data: data}
	}
	return dir, tensors
}

func writeWeights(t *testing.T, path string, tensors []tensorfile.Tensor) {
	t.Helper()
	var b bytes.Buffer
	if err := tensorfile.WriteSafetensors(&b, nil, tensors); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, b.Bytes())
}

func writeFile(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestSharded(t *testing.T) {
	dir, tensors := editable(t)
	weightMap, shards := map[string]string{}, make([][]tensorfile.Tensor, 3)
	i := 0
	for name, x := range tensors {
		weightMap[name] = fmt.Sprintf("part-%d.safetensors", i%3)
		shards[i%3] = append(shards[i%3], x)
		// The same name in a file that the index does not give must not be taken.
		shards[(i+1)%3] = append(shards[(i+1)%3], tensorfile.Tensor{Name: name, Shape: []int{1}, Data: []float32{9}})
		i++
	}
	for i, s := range shards {
		writeWeights(t, filepath.Join(dir, fmt.Sprintf("part-%d.safetensors", i)), s)
	}
	index, err := json.Marshal(map[string]map[string]string{"weight_map": weightMap})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "model.safetensors.index.json"), index)
	if err := os.Remove(filepath.Join(dir, "model.safetensors")); err != nil {
		t.Fatal(err)
	}
	sameTensors(t, opened(t, tiny), opened(t, dir))
}

func TestDamagedFolder(t *testing.T) {
	for name, c := range map[string]struct {
		damage func(dir string) error
		want   string
	}{
		"no tokenizer": {func(dir string) error { return os.Remove(filepath.Join(dir, "tokenizer.json")) }, "tokenizer.json is missing"},
		"no weights":   {func(dir string) error { return os.Remove(filepath.Join(dir, "model.safetensors")) }, "neither model.safetensors nor"},
		"cut weights":  {func(dir string) error { return os.Truncate(filepath.Join(dir, "model.safetensors"), 9999) }, "bytes are missing"},
		"cut config":   {func(dir string) error { return os.Truncate(filepath.Join(dir, "config.json"), 99) }, "config.json: "},
		"cut generation": {func(dir string) error { return os.Truncate(filepath.Join(dir, "generation_config.json"), 9) },
			"generation_config.json: "},
		"huge config": {func(dir string) error { return os.Truncate(filepath.Join(dir, "config.json"), 1<<30) }, "at most"},
	} {
		dir, _ := editable(t)
		if err := c.damage(dir); err != nil {
			t.Fatal(err)
		}
		if err := openError(t, dir); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestOpenEnds(t *testing.T) {
	r, err := modelref.Resolve("teaching")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	if _, err := Open(t.Context(), modelref.Model{}); !errors.Is(err, engine.BadModel) {
		t.Errorf("zero reference: %v", err)
	}
	m := opened(t, tiny)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Tensor("model.norm.weight"); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed: %v", err)
	}
	if _, err := m.Tensor("model.norm"); err == nil {
		t.Error("a tensor that is not there")
	}
}

// A chat template in a file of its own, as transformers 5 writes it, is found where the older ones have it.
func TestTemplateFile(t *testing.T) {
	dir, _ := editable(t)
	writeFile(t, filepath.Join(dir, "chat_template.jinja"), []byte(`{{ "<new>" }}`))
	var got struct {
		Template string `json:"chat_template"`
		BOS      string `json:"bos_token"`
	}
	if err := json.Unmarshal(opened(t, dir).TokenizerConfig, &got); err != nil || got.Template != `{{ "<new>" }}` || got.BOS != "<|bos|>" {
		t.Errorf("%v %v", got, err)
	}
}

func ExampleOpen() {
	ctx := context.Background()
	ref, err := modelref.Resolve("teaching")
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := Open(ctx, ref)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	w, err := m.Tensor("model.layers.0.mlp.down_proj.weight") // [D,F]
	fmt.Println(m.Layers, m.Width, m.Neurons, len(w) == m.Width*m.Neurons, err)
	// Output: 6 128 320 true <nil>
}

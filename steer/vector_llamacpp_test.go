package steer_test

import (
	"bytes"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestVectorLlamaCpp: the GGUF file is laid out as llama.cpp reads it, and what llama.cpp and repeng write is read.
func TestVectorLlamaCpp(t *testing.T) {
	v := cheer(t)
	path, _ := saved(t, v.Layers(1, 2), "v.gguf")
	f, err := tensorfile.OpenGGUF(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	arch, _ := f.String("general.architecture")
	hint, hinted := f.String("controlvector.model_hint")
	count, counted := f.Uint("controlvector.layer_count")
	if arch != "controlvector" || !hinted || hint == "" || !counted || count != 2 {
		t.Errorf("%q %q %d", arch, hint, count)
	}
	if names := f.Names(); !slices.Equal(names, []string{"direction.1", "direction.2"}) {
		t.Error(names)
	}
	for _, l := range []string{"1", "2"} {
		info, _ := f.Info("direction." + l)
		row, err := f.Float32("direction." + l)
		if err != nil || info.DType != tensorfile.F32 || !slices.Equal(info.Shape, []int{v.Shape().Width}) {
			t.Error(info, err)
		}
		sameNumbers(t, "direction."+l, row, v.Layer(int(l[0]-'0')))
	}
	for name, bad := range map[string]steer.Vector{"layer 0": v, "neurons": run(t, fake.ControlVector(feelings()).From(steer.MLPNeurons).Layers(1, 2))} {
		if err := bad.Save(filepath.Join(t.TempDir(), "v.gguf")); !errors.Is(err, steer.BadSetting) {
			t.Errorf("%s in a GGUF file: %v", name, err)
		}
	}

	D := v.Shape().Width
	row := func(x float32) []float32 { r := make([]float32, D); r[3] = x; return r }
	foreign := func(name, arch string, tensors ...tensorfile.Tensor) (steer.Vector, error) {
		var b bytes.Buffer
		var err error
		if strings.HasSuffix(name, ".gguf") {
			err = tensorfile.WriteGGUF(&b, []tensorfile.Field{{Key: "general.architecture", Value: arch},
				{Key: "controlvector.model_hint", Value: "mistral"}, {Key: "controlvector.layer_count", Value: int32(len(tensors))}}, tensors)
		} else {
			err = tensorfile.WriteSafetensors(&b, nil, tensors)
		}
		if err != nil {
			t.Fatal(err)
		}
		return fake.LoadVector(t.Context(), fileOf(t, name, b.Bytes()))
	}
	one := tensorfile.Tensor{Name: "direction.1", Shape: []int{D}, Data: row(2)}
	for _, name := range []string{"cheer.gguf", "cheer.safetensors"} {
		rows := one
		rows.Shape = []int{1, D}
		if w, err := foreign(name, "controlvector", rows); err != nil || w.Layer(1)[3] != 2 {
			t.Errorf("%s, one row of an array: %v, %v", name, w, err)
		}
		w, err := foreign(name, "controlvector", one)
		if err != nil || w.Name() != "cheer" || w.Space() != steer.Residual || w.Has(0) || !w.Has(1) || w.Has(2) || w.Layer(1)[3] != 2 ||
			len(w.Warnings()) != 1 || w.Warnings()[0].Code != "origin" {
			t.Errorf("%s: %v %v %v", name, w, w.Warnings(), err)
		}
		for what, c := range map[string]struct {
			arch string
			t    tensorfile.Tensor
			code steer.Code
		}{
			"a wide one":     {"controlvector", tensorfile.Tensor{Name: "direction.1", Shape: []int{D + 1}, Data: make([]float32, D+1)}, steer.ModelMismatch},
			"a layer beyond": {"controlvector", tensorfile.Tensor{Name: "direction.3", Shape: []int{D}, Data: row(1)}, steer.ModelMismatch},
			"another tensor": {"controlvector", tensorfile.Tensor{Name: "blk.1.weight", Shape: []int{D}, Data: row(1)}, steer.BadFile},
			"two dimensions": {"controlvector", tensorfile.Tensor{Name: "direction.1", Shape: []int{D, 1}, Data: row(1)}, steer.BadFile},
			"two rows":       {"controlvector", tensorfile.Tensor{Name: "direction.1", Shape: []int{2, D}, Data: append(row(1), row(2)...)}, steer.BadFile},
			"not a number":   {"controlvector", tensorfile.Tensor{Name: "direction.1", Shape: []int{D}, Data: row(float32(math.NaN()))}, steer.BadFile},
			"a sign":         {"controlvector", tensorfile.Tensor{Name: "direction.+1", Shape: []int{D}, Data: row(1)}, steer.BadFile},
		} {
			if _, err := foreign(name, c.arch, c.t); !errors.Is(err, c.code) {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
		if _, err := foreign(name, "controlvector"); !errors.Is(err, steer.BadFile) {
			t.Errorf("%s without a layer: %v", name, err)
		}
	}
	if _, err := foreign("m.gguf", "llama", one); !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), `"llama"`) {
		t.Errorf("a model's file: %v", err)
	}
	for _, name := range []string{"v.txt", "v", "nowhere.gguf"} {
		if _, err := fake.LoadVector(t.Context(), name); !errors.Is(err, steer.BadFile) {
			t.Errorf("%s: %v", name, err)
		}
		if name != "nowhere.gguf" {
			if err := v.Save(filepath.Join(t.TempDir(), name)); !errors.Is(err, steer.BadSetting) {
				t.Errorf("save %s: %v", name, err)
			}
		}
	}
}

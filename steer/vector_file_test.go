package steer_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// saved writes the vector and returns the file's path and bytes.
func saved(t *testing.T, v steer.Vector, name string) (string, []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := v.Save(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, b
}

// fileOf writes bytes to a file of the given name.
func fileOf(t *testing.T, name string, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var formats = []string{"v.safetensors", "v.gguf"}

// TestVectorRoundTrip: a vector that was saved is the same when it is loaded, in both formats; saving it again gives the
// same bytes.
func TestVectorRoundTrip(t *testing.T) {
	for _, name := range formats {
		v := cheer(t).Layers(1, 2)
		path, b := saved(t, v, name)
		got, err := fake.LoadVector(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		sameNumbers(t, name, v.Tensor().Data, got.Tensor().Data)
		n, _ := got.N()
		if got.Name() != v.Name() || got.About() != v.About() || got.Space() != v.Space() || got.Has(0) || !got.Has(2) || n != 3 ||
			!slices.Equal(got.Warnings(), v.Warnings()) || got.Shape() != v.Shape() {
			t.Errorf("%s: %v %q is loaded as %v %q", name, v, v.Warnings(), got, got.Warnings())
		}
		if _, again := saved(t, got, name); !bytes.Equal(b, again) {
			t.Errorf("%s: saved again it is another file", name)
		}
	}
	h := run(t, fake.ControlVector(feelings()).From(steer.MLPNeurons)) // another space, every layer, a name that JSON must escape
	path, _ := saved(t, h.Named(`a "<name>" & more`), "h.safetensors")
	got, err := fake.LoadVector(t.Context(), path)
	if err != nil || got.Name() != `a "<name>" & more` || got.Space() != steer.MLPNeurons {
		t.Fatal(got, err)
	}
	sameNumbers(t, "neurons", h.Tensor().Data, got.Tensor().Data)
	d := cheer(t).Sub(h.Scale(2)) // it cannot be, so it is not saved
	if err := d.Save(filepath.Join(t.TempDir(), "d.safetensors")); !errors.Is(err, steer.BadSetting) {
		t.Error(err)
	}
}

// TestVectorCut: whatever a file is cut to, it is an error and no panic. Only the padding after the last number of a GGUF
// file can be missed, and then nothing is lost.
func TestVectorCut(t *testing.T) {
	for name, padding := range map[string]int{"v.safetensors": 0, "v.gguf": 31} {
		v := cheer(t).Layers(1, 2)
		_, b := saved(t, v, name)
		for _, n := range append(steps(len(b)), len(b)-padding-1, len(b)-1) {
			got, err := fake.LoadVector(t.Context(), fileOf(t, name, b[:n]))
			if n >= len(b)-padding && err == nil {
				sameNumbers(t, name, v.Tensor().Data, got.Tensor().Data)
			} else if !errors.Is(err, steer.BadFile) {
				t.Fatalf("%s cut to %d of %d bytes: %v", name, n, len(b), err)
			}
		}
	}
}

// steps returns numbers below n, close to each other at first.
func steps(n int) []int {
	var out []int
	for i := 0; i < n; i += 1 + i/40 {
		out = append(out, i)
	}
	return out
}

// TestVectorChanged: a changed number, and a changed word of the header, are told from what was saved.
func TestVectorChanged(t *testing.T) {
	for _, name := range formats {
		v := cheer(t).Layers(1, 2)
		_, b := saved(t, v, name)
		x := binary.LittleEndian.AppendUint32(nil, math.Float32bits(v.Layer(2)[7]))
		y := binary.LittleEndian.AppendUint32(nil, math.Float32bits(v.Layer(2)[7]+.25))
		for what, changed := range map[string][]byte{
			"a number":    bytes.Replace(b, x, y, 1),
			"its method":  bytes.Replace(b, []byte("mean difference"), []byte("mean difFerence"), 1),
			"its prompts": bytes.Replace(b, []byte("loved"), []byte("hated"), 1),
			"its model":   bytes.Replace(b, []byte("fake-model"), []byte("real-model"), 1),
		} {
			if bytes.Equal(changed, b) {
				t.Fatalf("%s: %s is not in the file", name, what)
			}
			_, err := fake.LoadVector(t.Context(), fileOf(t, name, changed))
			if !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), "changed after it was saved") {
				t.Errorf("%s, %s changed: %v", name, what, err)
			}
		}
	}
}

// TestVectorHeader: a header that claims a model of any size is answered before memory is asked for.
func TestVectorHeader(t *testing.T) {
	for _, header := range []string{
		`{"format":1,"space":"residual","shape":{"layers":65536,"width":16777216,"neurons":16777216},"layers":[1],"sha256":"0"}`,
		`{"format":1,"space":"residual","shape":{"layers":9e18,"width":2,"neurons":2},"layers":[1]}`,
		`{"format":1,"space":"residual","shape":{"layers":-3,"width":2,"neurons":2},"layers":[1]}`,
		`{"format":1,"space":"residual","shape":{"layers":3,"width":2,"neurons":2},"layers":[1,1]}`,
		`{"format":1,"space":"logits","shape":{"layers":3,"width":2,"neurons":2},"layers":[1]}`,
		`{"format":2}`, `[]`, `null`, ``, `{`,
	} {
		var b bytes.Buffer
		err := tensorfile.WriteSafetensors(&b, map[string]string{"neuronsteer.vector": header}, []tensorfile.Tensor{{Name: "direction.1", Shape: []int{2}, Data: []float32{1, 2}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fake.LoadVector(t.Context(), fileOf(t, "v.safetensors", b.Bytes())); !errors.Is(err, steer.BadFile) {
			t.Errorf("%s: %v", header, err)
		}
	}
}

// identified returns the fake model under another identity.
func identified(id steer.Identity, engine string) *steer.Model {
	return steer.New("other", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		rec, err := execute.Run(ctx, steertest.NewEngine(), steertest.NewText(), r, emit)
		rec.Header.Identity, rec.Header.Model, rec.Header.Engine = id, "other", engine
		return rec, err
	}))
}

// TestVectorOtherModel: another model is an error that names both; another backend and another tokenizer are warnings.
func TestVectorOtherModel(t *testing.T) {
	engine := steertest.NewEngine().Name()
	for _, name := range formats {
		path, _ := saved(t, cheer(t).Layers(1, 2), name)
		_, err := identified(steer.Identity{Model: "another", Tokenizer: "fake-tokenizer"}, engine).LoadVector(t.Context(), path)
		if !errors.Is(err, steer.ModelMismatch) || !strings.Contains(err.Error(), `"fake"`) || !strings.Contains(err.Error(), `"other"`) {
			t.Errorf("%s, another model: %v", name, err)
		}
		for code, m := range map[string]*steer.Model{
			"backend":   identified(steer.Identity{Model: "fake-model", Tokenizer: "fake-tokenizer"}, "xla"),
			"tokenizer": identified(steer.Identity{Model: "fake-model", Tokenizer: "t"}, engine),
		} {
			v, err := m.LoadVector(t.Context(), path)
			if err != nil || !slices.ContainsFunc(v.Warnings(), func(w steer.Warning) bool { return w.Code == code }) {
				t.Errorf("%s, another %s: %v %v", name, code, v.Warnings(), err)
			}
		}
	}
	for name, change := range map[string]func(*steer.Shape){"wider": func(s *steer.Shape) { s.Width++ }, "deeper": func(s *steer.Shape) { s.Layers++ },
		"of another vocabulary": func(s *steer.Shape) { s.Vocab++ }, "with more neurons": func(s *steer.Shape) { s.Neurons++ }} {
		shape := cheer(t).Shape()
		change(&shape)
		v, err := steer.NewVector("other", steer.Residual, shape, map[int][]float32{1: make([]float32, shape.Width)})
		if err != nil {
			t.Fatal(err)
		}
		path, _ := saved(t, v, "other.safetensors")
		if _, err := fake.LoadVector(t.Context(), path); !errors.Is(err, steer.ModelMismatch) {
			t.Errorf("a model %s: %v", name, err)
		}
	}
}

// TestSaveWhole: a file that cannot be written leaves what was there, and nothing beside it.
func TestSaveWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "v.safetensors")
	if err := os.MkdirAll(filepath.Join(path, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := cheer(t).Save(path); err == nil {
		t.Error("a folder was replaced")
	}
	if err := cheer(t).Save(filepath.Join(dir, "no such folder", "v.safetensors")); err == nil {
		t.Error("a folder that is not there")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Error(left, err)
	}
}

// FuzzLoadVector: no bytes make LoadVector panic or give numbers that are not finite, and what it takes can be saved.
func FuzzLoadVector(f *testing.F) {
	v, err := fake.ControlVector(feelings()).Layers(1, 1).Run(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	other, err := fake.ControlVector(feelings()).Layers(1, 1).Method(steer.PCA).Run(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	dir := f.TempDir()
	for _, v := range []steer.Vector{v, other, v.Add(other)} { // of an operation each, and of none that is known
		for _, name := range formats {
			path := filepath.Join(dir, name)
			if err := v.Save(path); err != nil {
				f.Fatal(err)
			}
			b, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b, name == "v.gguf")
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, gguf bool) {
		name := "v.safetensors"
		if gguf {
			name = "v.gguf"
		}
		got, err := fake.LoadVector(t.Context(), fileOf(t, name, b))
		if err != nil {
			return
		}
		for _, x := range got.Tensor().Data {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				t.Fatal("a number that is not finite")
			}
		}
		if err := got.Save(filepath.Join(t.TempDir(), "again.safetensors")); err != nil {
			t.Fatal(err)
		}
	})
}

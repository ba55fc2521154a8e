package steer_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestVectorTaken: a file says by which operation, in which space and at which layers a vector was taken, and a loaded vector still
// does; one that does not say by which operation, as files of before and sums of two do not, loads; one of an operation that nobody
// knows does not.
func TestVectorTaken(t *testing.T) {
	mean := cheer(t).Layers(1, 2)
	pca := run(t, fake.ControlVector(feelings()).From(steer.MLP).Method(steer.PCA))
	known, err := steer.NewVector("known", steer.Residual, mean.Shape(), map[int][]float32{1: mean.Layer(1)})
	if err != nil {
		t.Fatal(err)
	}
	both := mean.Add(run(t, fake.ControlVector(feelings()).Method(steer.PCA)).Layers(1, 2))
	for name, c := range map[string]struct {
		v    steer.Vector
		says []string
	}{
		"mean":      {mean, []string{`"operation":"mean-diff","space":"residual"`, `"layers":[1,2]`}},
		"pca":       {pca, []string{`"operation":"pca","space":"mlp"`, `"layers":[0,1,2]`}},
		"scaled":    {mean.Scale(2).Normalize(), []string{`"operation":"mean-diff"`}},
		"twice one": {mean.Sub(mean.Scale(3)), []string{`"operation":"mean-diff"`}},
		"given":     {known, []string{`"operation":"given"`, `"layers":[1]`}},
		"of both":   {both, nil},
	} {
		path, b := saved(t, c.v, "v.safetensors")
		for _, s := range c.says {
			if !bytes.Contains(b, []byte(strings.ReplaceAll(s, `"`, `\"`))) {
				t.Errorf("%s: the file does not say %s", name, s)
			}
		}
		if c.says == nil && bytes.Contains(b, []byte(`\"operation\"`)) {
			t.Errorf("%s: the file names an operation", name)
		}
		got, err := fake.LoadVector(t.Context(), path)
		if err != nil {
			t.Fatal(name, err)
		}
		if _, again := saved(t, got, "v.safetensors"); name != "given" && !bytes.Equal(b, again) { // a given one is warned about
			t.Errorf("%s: saved again it is another file", name)
		}
	}
	var b bytes.Buffer
	header := map[string]string{"neuronsteer.vector": `{"format":1,"operation":"guess","space":"residual","shape":{"layers":3,"width":2,"neurons":2},"layers":[1],"sha256":"0"}`}
	if err := tensorfile.WriteSafetensors(&b, header, []tensorfile.Tensor{{Name: "direction.1", Shape: []int{2}, Data: []float32{1, 2}}}); err != nil {
		t.Fatal(err)
	}
	_, err = fake.LoadVector(t.Context(), fileOf(t, "v.safetensors", b.Bytes()))
	if !errors.Is(err, steer.BadFile) || !strings.Contains(err.Error(), `taken by "guess" in residual`) || !strings.Contains(err.Error(), "steer.NewVector(") {
		t.Errorf("an operation that nobody knows: %v", err)
	}
}

// TestVectorElsewhere: at layers that a vector was not taken at it is refused, with what was asked, where it was taken and what to type
// to put it there all the same, also after it was in a file; what is typed does that.
func TestVectorElsewhere(t *testing.T) {
	path, _ := saved(t, cheer(t).Layers(1, 1), "v.safetensors")
	loaded, err := fake.LoadVector(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]steer.Vector{"taken": run(t, fake.ControlVector(feelings()).Layers(1, 1)).Named("cheer"), "narrowed": cheer(t).Layers(1, 1), "loaded": loaded} {
		for _, r := range [][2]int{{2, 2}, {0, 0}, {0, 1}, {1, 2}, {0, 2}, {0, -1}, {-3, -2}} {
			for what, task := range map[string]interface{ Request() (steer.Request, error) }{
				"added":         fake.Generate(france).With(steer.AddVector(v.Layers(r[0], r[1]), 1)),
				"taken out":     fake.Predict(france).With(steer.ProjectOut(v.Layers(r[0], r[1]), 1)),
				"a condition":   fake.Predict(france).With(steer.Scale(pair, 2).When(v.Layers(r[0], r[1]), 1)),
				"taken to bits": fake.Decompose(v.Layers(r[0], r[1])),
			} {
				_, err := task.Request()
				if !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), `of the vector "cheer", which was taken at layers 1 to 1 (residual); use Layers(1, 1); to act in another layer all the same`) {
					t.Errorf("%s, layers %v, %s: %v", name, r, what, err)
				}
			}
		}
		for _, hi := range []int{1, -1, -2} {
			if _, err := fake.Generate(france).With(steer.AddVector(v.Layers(1, hi), 1)).Request(); err != nil {
				t.Errorf("%s, where it was taken, to %d: %v", name, hi, err)
			}
		}
		moved, err := steer.NewVector("cheer", v.Space(), v.Shape(), map[int][]float32{2: v.Layer(1)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fake.Generate(france).With(steer.AddVector(moved.Layers(2, 2), 1)).Run(t.Context()); err != nil || moved.Has(1) {
			t.Errorf("%s, moved: %v", name, err)
		}
	}
	gap, err := steer.NewVector("gap", steer.Residual, loaded.Shape(), map[int][]float32{0: loaded.Layer(1), 2: loaded.Layer(1)})
	if err != nil {
		t.Fatal(err)
	}
	if v := gap.Layers(0, 2); !v.Has(0) || v.Has(1) || !v.Has(2) {
		t.Error("layers between those that a vector was taken at are refused")
	}
}

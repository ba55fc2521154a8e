//go:build cgo

package local_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// goldenData is what an independent float64 implementation says of vectors and captures.
type goldenData struct {
	Model    string `json:"model"`
	Contrast struct {
		Positive, Negative []string
		Layer              int
		DecompositionTop   [][2]float64
		Explained          struct {
			Neurons      []int
			SeedVariance float64
			R2           float64
		}
	}
	Added struct {
		Text     string
		Layer    int
		Strength float64
		Best     int32
	}
	Mean      struct{ Prompts []string }
	Prompts   []struct{ Text string }
	Tolerance struct{ LogitsAbs, HRelL2 float64 }
	tensors   *tensorfile.File
	model     *steer.Model
}

func readGolden(t *testing.T, dir string, into any) *tensorfile.File {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "golden.json"))
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.Open(filepath.Join(dir, "golden.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// engineOf loads a model on the engine, with no memory of earlier results in between.
func engineOf(t *testing.T, ref string) *steer.Model {
	t.Helper()
	m, err := modelref.Resolve(ref)
	if err != nil {
		t.Fatal(err)
	}
	l, err := local.Load(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return steer.New(ref, steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		return execute.Run(ctx, l.Engine, l.Text, r, emit)
	}))
}

func run[T any](t *testing.T, task steer.Task[T]) T {
	t.Helper()
	rec, err := steer.Fetch(t.Context(), task, nil)
	if err != nil {
		t.Fatal(err)
	}
	return task.Result(func() steer.Record { return rec })
}

func apart(a, b []float32) float64 {
	var most float64
	for i, x := range a {
		most = max(most, math.Abs(float64(x-b[i])))
	}
	return most
}

// tensor returns an array of the data, nil where there is none.
func (g goldenData) tensor(t *testing.T, name string) []float32 {
	t.Helper()
	if !slices.Contains(g.tensors.Names(), name) {
		return nil
	}
	x, err := g.tensors.Float32(name)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// closeTo compares in the norm of the whole array.
func closeTo(t *testing.T, what string, got, want []float32, rel float64) {
	t.Helper()
	var diff, all float64
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
	}
	for i, x := range want {
		diff += (float64(x) - float64(got[i])) * (float64(x) - float64(got[i]))
		all += float64(x) * float64(x)
	}
	if e := math.Sqrt(diff / all); !(e <= rel) {
		t.Errorf("%s is %.2e from the golden data, relative to their norm; tolerance %.1e", what, e, rel)
	} else {
		t.Logf("%s: %.1e of %.1e", what, e, rel)
	}
}

// within compares number by number.
func within(t *testing.T, what string, got, want []float32, abs float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d numbers, want %d", what, len(got), len(want))
	}
	if d := apart(got, want); !(d <= abs) {
		t.Errorf("%s is off by up to %.2e, tolerance %.1e", what, d, abs)
	} else {
		t.Logf("%s: %.1e of %.1e", what, d, abs)
	}
}

// TestGoldenVectors checks control vectors, decompositions, their application, means and captures against the folders
// whose models the repository holds. NEURONSTEER_GOLDEN adds others, separated as in PATH.
func TestGoldenVectors(t *testing.T) {
	dirs := []string{"../../testdata/golden/tiny-llama", "../../testdata/golden/tiny-llama-bf16"}
	dirs = append(dirs, filepath.SplitList(os.Getenv("NEURONSTEER_GOLDEN"))...)
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			var g goldenData
			g.tensors = readGolden(t, dir, &g)
			ref := dir
			if _, err := os.Stat(filepath.Join(dir, "config.json")); err != nil {
				ref = strings.ToLower(g.Model)
			}
			g.model = engineOf(t, ref)
			g.checkVectors(t)
			g.checkCaptures(t)
		})
	}
}

func (g goldenData) checkVectors(t *testing.T) {
	c, rel := g.Contrast, g.Tolerance.HRelL2
	var pairs []steer.Pair
	for i := range c.Positive {
		pairs = append(pairs, steer.Pair{Positive: c.Positive[i], Negative: c.Negative[i]})
	}
	vectors := map[steer.Site]steer.Vector{}
	for name, space := range map[string]steer.Site{"contrast.h": steer.MLPNeurons, "contrast.resid": steer.Residual, "contrast.mlp": steer.MLP} {
		vectors[space] = run(t, g.model.ControlVector(steer.NewPairs(pairs...)).From(space))
		closeTo(t, name, vectors[space].Tensor().Data, g.tensor(t, name), rel)
	}
	v := vectors[steer.Residual]
	d := run(t, g.model.Decompose(v.Layers(c.Layer, c.Layer)).For(circuitOf(c.Layer, c.Explained.Neurons)))
	F := d.Shape().Neurons
	closeTo(t, "decomposition", d.Dense().Data[c.Layer*F:][:F], g.tensor(t, "contrast.decomposition"), rel)
	top := d.TopK(len(c.DecompositionTop)).Entries()
	scale := math.Abs(c.DecompositionTop[0][1])
	for i, want := range c.DecompositionTop {
		if math.Abs(top[i].Score-want[1]) > rel*scale {
			t.Errorf("place %d is %v, golden %v", i, top[i], want)
		}
	}
	set := circuitOf(c.Layer, c.Explained.Neurons)
	r, ok := d.R2(set)
	if !ok || math.Abs(r.Layers[c.Layer]-c.Explained.R2) > rel || math.Abs(r.Total-c.Explained.R2) > rel {
		t.Errorf("R² is %v, golden %v", r.Total, c.Explained.R2)
	}
	if ve := d.VarianceExplained(set)[c.Layer]; math.Abs(ve-c.Explained.SeedVariance) > rel {
		t.Errorf("the variance explained is %v, golden %v", ve, c.Explained.SeedVariance)
	}
	t.Logf("R² %.6f (golden %.6f), variance explained %.6f (%.6f)", r.Total, c.Explained.R2, d.VarianceExplained(set)[c.Layer], c.Explained.SeedVariance)

	p := run(t, g.model.Predict(g.Added.Text).With(steer.AddVector(v.Layers(g.Added.Layer, g.Added.Layer), g.Added.Strength)))
	within(t, "added.logits", p.Logits(), g.tensor(t, "added.logits"), g.Tolerance.LogitsAbs)
	if p.Top()[0].ID != g.Added.Best {
		t.Errorf("with the vector the model says %d, golden %d", p.Top()[0].ID, g.Added.Best)
	}
}

func circuitOf(layer int, indices []int) steer.Circuit {
	var ns []steer.Neuron
	for _, i := range indices {
		ns = append(ns, steer.Neuron{Layer: layer, Index: i})
	}
	return steer.NewCircuit("golden", ns...)
}

func (g goldenData) checkCaptures(t *testing.T) {
	mean := run(t, g.model.MeanActivations(g.Mean.Prompts...))
	closeTo(t, "mean", mean.Tensor(steer.MLPNeurons).Data, g.tensor(t, "mean"), g.Tolerance.HRelL2)
	p := g.Prompts[0]
	a := run(t, g.model.Capture(p.Text).From(steer.MLPNeurons, steer.Residual, steer.Logits, steer.Attention, steer.MLP, steer.Embedding))
	closeTo(t, "h", a.Tensor(steer.MLPNeurons).Data, g.tensor(t, "p0.h"), g.Tolerance.HRelL2)
	want := g.tensor(t, "p0.logits") // [T,V], or [1,V] at the last position
	got := a.Tensor(steer.Logits).Data
	within(t, "logits", got[len(got)-len(want):], want, g.Tolerance.LogitsAbs)

	shape := a.Shape()
	last := a.Row(steer.Residual, shape.Layers-1, -1)
	lens := run(t, g.model.Unembed(last, a.Row(steer.Residual, 0, -1)).Normed())
	within(t, "logit lens after the last layer", lens.Logits(0), want[len(want)-shape.Vocab:], g.Tolerance.LogitsAbs)
	attention := a.Tensor(steer.Attention)
	T := len(a.Tokens())
	if !slices.Equal(attention.Shape, []int{shape.Layers, shape.Heads, T, T}) {
		t.Fatal(attention.Shape)
	}
	for row := range shape.Layers * shape.Heads * T {
		var sum float64
		for s, x := range attention.Data[row*T:][:T] {
			if sum += float64(x); x < 0 || (s > row%T && x != 0) {
				t.Fatalf("attention row %d looks ahead, or below zero", row)
			}
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Fatalf("attention row %d sums to %v", row, sum)
		}
	}
}

// TestGoldenTeaching checks the contrasts and control vectors of the teaching model.
func TestGoldenTeaching(t *testing.T) {
	const dir = "../../testdata/teaching/golden"
	var g struct {
		Tolerance struct{ OtherRelativeToLargest float64 }
	}
	f := readGolden(t, dir, &g)
	var behaviors struct {
		Contrasts map[string][]steer.Pair `json:"contrasts"`
	}
	b, err := os.ReadFile("../../testdata/teaching/behaviors.json")
	if err == nil {
		err = json.Unmarshal(b, &behaviors)
	}
	if err != nil || len(behaviors.Contrasts) == 0 {
		t.Fatal(err)
	}
	m := engineOf(t, "teaching")
	for name, pairs := range behaviors.Contrasts {
		for prefix, space := range map[string]steer.Site{"control/": steer.Residual, "contrast/": steer.MLPNeurons} {
			want, err := f.Float32(prefix + name)
			if err != nil {
				t.Fatal(err)
			}
			var largest float64
			for _, x := range want {
				largest = max(largest, math.Abs(float64(x)))
			}
			got := run(t, m.ControlVector(steer.NewPairs(pairs...)).From(space))
			within(t, prefix+name, got.Tensor().Data, want, g.Tolerance.OtherRelativeToLargest*largest)
		}
	}
}

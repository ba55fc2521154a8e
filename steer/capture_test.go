package steer_test

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

var spaces = []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons, steer.Attention, steer.Logits, steer.Embedding}

// TestCapture: every space has its shape, and they fit together: the residual stream is the embedding and the outputs of
// the MLPs (the fake model has no attention output), and its end gives the logits.
func TestCapture(t *testing.T) {
	a := run(t, fake.Capture(france).From(spaces...))
	shape, T := a.Shape(), len(a.Tokens())
	for s, want := range map[steer.Site][]int{
		steer.Residual: {3, T, shape.Width}, steer.MLP: {3, T, shape.Width}, steer.MLPNeurons: {3, T, 8},
		steer.Attention: {3, shape.Heads, T, T}, steer.Logits: {T, shape.Vocab}, steer.Embedding: {T, shape.Width},
	} {
		x := a.Tensor(s)
		n := 1
		for _, d := range x.Shape {
			n *= d
		}
		if !slices.Equal(x.Shape, want) || len(x.Data) != n {
			t.Errorf("%s has the shape %v and %d numbers, want %v", s, x.Shape, len(x.Data), want)
		}
	}
	for l := range 3 {
		for pos := range T {
			below := a.Row(steer.Embedding, 0, pos)
			if l > 0 {
				below = a.Row(steer.Residual, l-1, pos)
			}
			mlp, x := a.Row(steer.MLP, l, pos), a.Row(steer.Residual, l, pos)
			for d := range x {
				if math.Abs(float64(x[d]-below[d]-mlp[d])) > 1e-5 {
					t.Fatalf("layer %d, position %d: the residual stream is not the sum of its parts", l, pos)
				}
			}
		}
	}
	lens := run(t, fake.Unembed(a.Row(steer.Residual, 2, -1), a.Row(steer.Residual, 2, 2)).Normed())
	for i, pos := range []int{-1, 2} {
		if d := apart(lens.Logits(i), a.Row(steer.Logits, 0, pos)); d > 1e-5 {
			t.Errorf("the lens after the last layer is %v from the logits at %d", d, pos)
		}
	}
	sameNumbers(t, "logits of a prediction", run(t, fake.Predict(france)).Logits(), a.Row(steer.Logits, 0, -1))
	if texts, n := a.Count(); texts != 1 || n != T || a.Edited() != 0 || a.String() == "" {
		t.Error(texts, n, a)
	}
}

// TestCaptureLayers: a range of layers is a cut of the whole, addressed by the layers' own numbers.
func TestCaptureLayers(t *testing.T) {
	all := run(t, fake.Capture(france).From(spaces...))
	some := run(t, fake.Capture(france).From(spaces...).Layers(1, 2))
	for _, s := range spaces {
		whole, part := all.Tensor(s), some.Tensor(s)
		if s != steer.Logits && s != steer.Embedding {
			whole.Data = whole.Data[len(whole.Data)/3:]
		}
		sameNumbers(t, s.String(), whole.Data, part.Data)
	}
	if some.Row(steer.Residual, 0, 0) != nil || some.Row(steer.Residual, 3, 0) != nil || some.Row(steer.MLPNeurons, 1, 99) != nil ||
		some.Row(steer.Attention, 1, 0) != nil || some.Row(steer.Site(0), 1, 0) != nil || some.Of(steer.Neuron{Layer: 0}) != nil ||
		some.Of(steer.Neuron{Layer: 1, Index: 8}) != nil {
		t.Error("numbers from outside of what was captured")
	}
	sameNumbers(t, "a row", all.Row(steer.MLP, 2, 1), some.Row(steer.MLP, 2, 1))
	n := steer.Neuron{Layer: 1, Index: 2}
	sameNumbers(t, "a neuron", all.Of(n), some.Of(n))
	c := steer.NewCircuit("c", n)
	if _, err := fake.Predict(italy).With(steer.Transplant(c, some)).Run(t.Context()); err != nil {
		t.Error(err)
	}
	below := steer.NewCircuit("below", steer.Neuron{})
	if _, err := fake.Predict(italy).With(steer.Transplant(below, some)).Run(t.Context()); !errors.Is(err, steer.ModelMismatch) {
		t.Errorf("a layer that was not captured: %v", err)
	}
	if _, err := fake.Predict(italy).With(steer.ToMean(c, all.Only(steer.MLP))).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
		t.Errorf("no neurons: %v", err)
	}
	var zero steer.Activations
	if zero.Row(steer.Residual, 0, 0) != nil || zero.Of(n) != nil || len(zero.Tokens()) != 0 || zero.Save("x.npy") == nil {
		t.Error("activations of nothing")
	}
	_ = zero.String()
}

// TestCaptureEdited: what is captured is what the changed model computes.
func TestCaptureEdited(t *testing.T) {
	c := praise(t)
	plain, cut := run(t, fake.Capture(france).From(spaces...)), run(t, fake.Capture(france).From(spaces...).Ablate(c))
	for _, n := range c.Neurons() {
		for pos, h := range cut.Of(n) {
			if h != 0 || plain.Of(n)[pos] == 0 {
				t.Errorf("%v at %d is %v ablated and %v plain", n, pos, h, plain.Of(n)[pos])
			}
		}
	}
	if cut.Edited() != c.Len() {
		t.Error(cut.Edited())
	}
	v := cheer(t)
	moved := run(t, fake.Capture(france).From(steer.Residual).With(steer.AddVector(v.Layers(2, 2), 2)))
	for d, x := range moved.Row(steer.Residual, 2, 1) {
		if want := plain.Row(steer.Residual, 2, 1)[d] + 2*v.Layer(2)[d]; math.Abs(float64(x-want)) > 1e-5 {
			t.Fatalf("number %d after the vector is %v, not %v", d, x, want)
		}
	}
	sameNumbers(t, "below the vector", plain.Row(steer.Residual, 1, 1), moved.Row(steer.Residual, 1, 1))
	// Italy's neurons transplanted into France's prompt are Italy's, position by position from the end.
	other := run(t, fake.Capture(italy).From(steer.MLPNeurons))
	got := run(t, fake.Capture(france).From(steer.MLPNeurons).With(steer.Transplant(c, other)))
	for _, n := range c.Neurons() {
		sameNumbers(t, "transplanted", other.Of(n), got.Of(n))
	}
}

func TestCaptureMistakes(t *testing.T) {
	for name, task := range map[string]steer.CaptureTask{
		"nothing": fake.Capture(france), "space": fake.Capture(france).From(steer.Site(0)), "layers": fake.Capture(france).From(steer.MLP).Layers(2, 1),
		"prompt": fake.Capture("\xff").From(steer.MLP),
	} {
		if _, err := task.Request(); err == nil {
			t.Errorf("%s is no mistake", name)
		}
	}
	if _, err := fake.Capture(france).From(steer.MLP).Layers(0, 3).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
		t.Error(err)
	}
	_, err := fake.Capture("\xff").From(steer.Site(0)).Layers(-1, 0).Request()
	if n := len(engine.Mistakes(err)); n != 3 {
		t.Errorf("%d mistakes at once: %v", n, err)
	}
	a, _ := fake.Capture(france).From(steer.MLP, steer.Residual, steer.MLP).Request()
	b, _ := fake.Capture(france).From(steer.Residual).From(steer.MLP).Request()
	if string(a.Settings) != string(b.Settings) {
		t.Error("the order of the spaces changes the address")
	}
}

// TestActivationsSave: the files hold the numbers, and NumPy's format is followed to the byte.
func TestActivationsSave(t *testing.T) {
	a := run(t, fake.Capture(france).From(steer.Residual, steer.MLPNeurons).Layers(1, 2))
	dir := t.TempDir()
	path := filepath.Join(dir, "a.safetensors")
	if err := a.Save(path); err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for _, s := range a.Spaces() {
		info, _ := f.Info(s.String())
		x, err := f.Float32(s.String())
		if err != nil || !slices.Equal(info.Shape, a.Tensor(s).Shape) {
			t.Fatal(info, err)
		}
		sameNumbers(t, s.String(), a.Tensor(s).Data, x)
	}
	if len(f.Names()) != 2 || !strings.Contains(f.Metadata()["neuronsteer.activations"], "The capital of France is") {
		t.Error(f.Names(), f.Metadata())
	}
	npy := filepath.Join(dir, "a.npy")
	if err := a.Save(npy); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "a.Only(steer.MLPNeurons)") {
		t.Errorf("two arrays in one .npy: %v", err)
	}
	if err := a.Only(steer.MLPNeurons).Save(npy); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(npy)
	if err != nil {
		t.Fatal(err)
	}
	head := int(b[8]) + int(b[9])<<8
	const want = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 6, 8,), }"
	if string(b[:8]) != "\x93NUMPY\x01\x00" || (10+head)%64 != 0 || b[9+head] != '\n' || strings.TrimRight(string(b[10:10+head]), " \n") != want ||
		len(b) != 10+head+4*2*6*8 {
		t.Errorf("%q", b[:10+head])
	}
	if err := a.Save(filepath.Join(dir, "a.txt")); !errors.Is(err, steer.BadSetting) {
		t.Error(err)
	}
}

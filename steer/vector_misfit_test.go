package steer_test

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// why returns why a vector cannot be used; empty: it can.
func why(v steer.Vector) string {
	if _, err := fake.Predict(france).With(steer.AddVector(v, 1)).Request(); err != nil {
		return err.Error()
	}
	return ""
}

// TestVectorsOfTwoModels: vectors of models of the same sizes but other weights are not combined, also behind a record that does not
// say of which model it is; one of unknown origin goes with any.
func TestVectorsOfTwoModels(t *testing.T) {
	name := steertest.NewEngine().Name()
	of := func(model string) steer.Vector {
		return run(t, identified(steer.Identity{Model: model, Tokenizer: "fake-tokenizer"}, name).ControlVector(feelings()))
	}
	one, other, unknown := of("one"), of("other"), of("")
	for what, v := range map[string]steer.Vector{
		"Add": one.Add(other), "Sub": one.Sub(other), "Without": one.Without(other), "behind one of no model": unknown.Add(one).Add(other), "before it": one.Add(unknown.Add(other)),
	} {
		if got := why(v); !strings.Contains(got, "of vectors of two models") {
			t.Errorf("%s: %q", what, got)
		}
	}
	if got := one.Cosine(other); !slices.Equal(got, make([]float64, 3)) {
		t.Errorf("the cosines of two models' are %v", got)
	}
	for what, v := range map[string]steer.Vector{"unknown + one": unknown.Add(one), "one + unknown": one.Add(unknown), "one + one": one.Add(one)} {
		if got := why(v); strings.Contains(got, "two models") {
			t.Errorf("%s: %s", what, got)
		}
	}
}

// TestVectorsThatDoNotFit: the first mistake is what is told, whatever is done with the vector after it, and by either side; numbers of
// what does not fit are zeros.
func TestVectorsThatDoNotFit(t *testing.T) {
	v, mlp := cheer(t), run(t, fake.ControlVector(feelings()).From(steer.MLP)) // as wide
	narrow := v.Shape()
	narrow.Width--
	small, err := steer.NewVector("small", steer.Residual, narrow, map[int][]float32{1: make([]float32, narrow.Width)})
	if err != nil {
		t.Fatal(err)
	}
	bad := v.Sub(mlp)
	for what, c := range map[string]struct {
		v    steer.Vector
		says string
	}{
		"spaces":                {bad, "− of a vector of residual and one of mlp"},
		"then narrowed":         {bad.Layers(0, 1).Layers(2, 1), "− of a vector of residual and one of mlp"},
		"then scaled":           {bad.Scale(math.Inf(1)), "− of a vector of residual and one of mlp"},
		"on the right":          {mlp.Add(bad), "− of a vector of residual and one of mlp"},
		"on the left":           {bad.Without(mlp), "− of a vector of residual and one of mlp"},
		"widths":                {v.Add(small), "of vectors of two models"},
		"nothing":               {v.Add(steer.Vector{}), "+ of an empty vector"},
		"no layer":              {v.Layers(1, 1).Layers(2, 1), "Layers(2, 1) leaves no layer"},
		"no layer of none":      {nowhere(t, v).Layers(0, 1), "Layers(0, 1) leaves no layer"},
		"a number out of range": {v.Scale(1e300), "Scale(1e+300) makes number"},
	} {
		if got := why(c.v); !strings.Contains(got, c.says) {
			t.Errorf("%s: %q does not say %q", what, got, c.says)
		}
	}
	for what, got := range map[string][]float64{"spaces": v.Cosine(mlp), "a bad left": bad.Cosine(v), "a bad right": v.Cosine(bad), "widths": v.Cosine(small), "nothing": v.Cosine(steer.Vector{})} {
		if !slices.Equal(got, make([]float64, 3)) {
			t.Errorf("%s: cosines %v", what, got)
		}
	}
	if got := bad.String(); !strings.Contains(got, "no vector: ") {
		t.Error(got)
	}
	if about := (steer.Vector{}).Scale(2).Normalize().Layers(0, 1).About(); about != "" || v.Layer(-4) != nil {
		t.Errorf("of nothing: %q", about)
	}
}

func nowhere(t *testing.T, v steer.Vector) steer.Vector {
	t.Helper()
	none, err := steer.NewVector("none", v.Space(), v.Shape(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return none
}

// TestVectorZeroLayers: a layer without a direction stays zero and makes nothing else of what is combined with it, and a vector says
// how many layers it has, which is largest and on how few pairs any part of it rests.
func TestVectorZeroLayers(t *testing.T) {
	v := cheer(t)
	one := v.Layers(1, 1)
	if n := one.Normalize().Norms(); n[0] != 0 || math.Abs(n[1]-1) > 1e-6 || n[2] != 0 {
		t.Errorf("normalized: %v", n)
	}
	if c := one.Cosine(v); c[0] != 0 || math.Abs(c[1]-1) > 1e-6 || c[2] != 0 {
		t.Errorf("cosines: %v", c)
	}
	left := v.Without(one)
	if !slices.Equal(left.Layer(0), v.Layer(0)) || !slices.Equal(left.Layer(2), v.Layer(2)) || left.Norms()[1] > 1e-5 {
		t.Errorf("without one layer: %v", left.Norms())
	}
	big, err := steer.NewVector("big", steer.Residual, v.Shape(), map[int][]float32{0: v.Scale(.5).Layer(0), 1: v.Scale(9).Normalize().Scale(9).Layer(0), 2: v.Normalize().Scale(2).Layer(0)})
	if err != nil {
		t.Fatal(err)
	}
	if s := big.String(); !strings.HasSuffix(s, "3 of 3 layers, largest norm 9 in layer 1") {
		t.Error(s)
	}
	if s := one.String(); !strings.Contains(s, "1 of 3 layers") || !strings.HasSuffix(s, "in layer 1") {
		t.Error(s)
	}
	pairOf := run(t, fake.ControlVector(steer.NewPairs(steer.Pair{Positive: france, Negative: italy})))
	for what, c := range map[string]struct {
		v    steer.Vector
		want int
	}{"3 and 1": {v.Add(pairOf), 1}, "1 and 3": {pairOf.Sub(v), 1}, "3 and unknown": {v.Add(big), 3}, "unknown and 3": {big.Without(v), 3}, "unknown": {big.Add(big), 0}} {
		if n, _ := c.v.N(); n != c.want {
			t.Errorf("%s pairs: the vector says %d", what, n)
		}
	}
	if err := (steer.Vector{}).Save(filepath.Join(t.TempDir(), "v.safetensors")); err == nil || !strings.Contains(err.Error(), "is empty") {
		t.Errorf("an empty vector is saved: %v", err)
	}
	for _, r := range [][2]int{{-9, 1}, {1, 9}} { // a range reaches as far as the model does
		if w := v.Layers(1, 2).Layers(r[0], r[1]); why(w) != "" || !w.Has(1) || w.Has(2) != (r[1] == 9) {
			t.Errorf("Layers(%d, %d): %v", r[0], r[1], w)
		}
	}
}

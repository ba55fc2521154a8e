package steer_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestVectorText: every result says in words what it is, and an empty one says so without a panic.
func TestVectorText(t *testing.T) {
	v := cheer(t)
	c := steer.NewCircuit("c", reader)
	a := run(t, fake.Capture(france).Of(steer.MLP).Layers(1, 2))
	d := run(t, fake.Decompose(v))
	for want, got := range map[string]string{
		"cheer: mean difference of 3 pairs, residual, 3 of 3 layers, largest norm ": v.String(),
		"mlp [2 6 46] of layers 1 to 2 at 6 positions":                              a.String(),
		"L1/N2   +1.995  « France»":                                                 run(t, fake.Contexts(c, " France").With()).String(),
		"L1/N2  + \" Paris\"\n":                                                     run(t, fake.Writes(c).Top(1)).String(),
		"  0  \" Paris\" ":                                                          run(t, fake.Unembed(columns(t, 1)[2]).Top(1)).String(),
		"projection on what neurons write of mean difference of 3 pairs in 3 layers; layer ": d.String(),
	} {
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q does not begin with %q", got, want)
		}
	}
	support, oppose := v.ByLayer()
	if !slices.Equal(support, v.Norms()) || !slices.Equal(oppose, make([]float64, 3)) {
		t.Error(support, oppose)
	}
	_, _, _, _, _ = steer.Activations{}.String(), steer.Contexts{}.String(), steer.Writes{}.String(), steer.Readings{}.String(), steer.Vector{}.String()
	if len(a.Warnings()) != 0 || len(run(t, fake.Contexts(c, "I</s>")).Warnings()) != 1 {
		t.Error("a marker in a text is no warning, or its absence is one")
	}
}

// TestVectorShare: a component that holds little of the differences is said to.
func TestVectorShare(t *testing.T) {
	words := []string{" capital", " of", " France", " Italy", " is", " Paris", " Rome", ".", " and", " loved", " hated", " the film", " It", " was"}
	var ps []steer.Pair
	for i := 0; i < len(words); i += 2 { // differences that are nearly orthogonal
		ps = append(ps, steer.Pair{Positive: "I" + words[i], Negative: "I" + words[i+1]})
	}
	many := run(t, fake.ControlVector(steer.NewPairs(ps...)).Method(steer.PCA))
	one := run(t, fake.ControlVector(steer.NewPairs(ps[:1]...)).Method(steer.PCA))
	share := func(w steer.Warning) bool { return w.Code == "share" }
	if !slices.ContainsFunc(many.Warnings(), share) || slices.ContainsFunc(one.Warnings(), share) {
		t.Error(many.Warnings(), one.Warnings())
	}
}

func TestNewVectorMistakes(t *testing.T) {
	shape := steertest.NewEngine().Shape()
	row := make([]float32, shape.Width)
	nan := slices.Clone(row)
	nan[4] = float32(math.Inf(-1))
	for name, c := range map[string]struct {
		space  steer.Space
		shape  steer.Shape
		layers map[int][]float32
		code   steer.Code
	}{
		"space":      {steer.Attention, shape, nil, steer.BadSetting},
		"no model":   {steer.MLP, steer.Shape{}, nil, steer.BadSetting},
		"layer":      {steer.MLP, shape, map[int][]float32{3: row}, steer.ModelMismatch},
		"width":      {steer.Neurons, shape, map[int][]float32{0: row}, steer.ModelMismatch},
		"not finite": {steer.MLP, shape, map[int][]float32{0: nan}, steer.NotFinite},
	} {
		if _, err := steer.NewVector(name, c.space, c.shape, c.layers); !errors.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

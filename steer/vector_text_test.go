package steer_test

import (
	"errors"
	"fmt"
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
	a := run(t, fake.Capture(france).From(steer.MLP).Layers(1, 2))
	d := run(t, fake.Decompose(v))
	for want, got := range map[string]string{
		"cheer: mean difference of 3 pairs, residual, 3 of 3 layers, largest norm ": v.String(),
		"mlp [2 6 46] of layers 1 to 2 at 6 positions":                              a.String(),
		"L1/N2   +1.995  « France»":                                                 run(t, fake.TopActivations(c, " France").With()).String(),
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
	for _, x := range []fmt.Stringer{steer.Activations{}, steer.TopActivations{}, steer.Writes{}, steer.Readings{}, steer.LogitLens{}, steer.Vector{}, steer.Decomposition{}, steer.Comparison{}} {
		_ = x.String()
	}
	if len(a.Warnings()) != 0 || len(run(t, fake.TopActivations(c, "I</s>")).Warnings()) != 1 {
		t.Error("a marker in a text is no warning, or its absence is one")
	}
}

func TestNewVectorMistakes(t *testing.T) {
	shape := steertest.NewEngine().Shape()
	row := make([]float32, shape.Width)
	nan := slices.Clone(row)
	nan[4] = float32(math.Inf(-1))
	for name, c := range map[string]struct {
		space  steer.Site
		shape  steer.Shape
		layers map[int][]float32
		code   steer.Code
	}{
		"space":      {steer.Attention, shape, nil, steer.BadSetting},
		"no model":   {steer.MLP, steer.Shape{}, nil, steer.BadSetting},
		"no layers":  {steer.MLP, steer.Shape{Width: 2, Neurons: 2}, nil, steer.BadSetting},
		"no width":   {steer.MLP, steer.Shape{Layers: 2, Neurons: 2}, nil, steer.BadSetting},
		"no neurons": {steer.MLP, steer.Shape{Layers: 2, Width: 2}, nil, steer.BadSetting},
		"too deep":   {steer.MLP, steer.Shape{Layers: 1<<16 + 1, Width: 1, Neurons: 1}, nil, steer.BadSetting},
		"too wide":   {steer.MLP, steer.Shape{Layers: 1, Width: 1<<24 + 1, Neurons: 1}, nil, steer.BadSetting},
		"too many":   {steer.MLP, steer.Shape{Layers: 1, Width: 1, Neurons: 1<<24 + 1}, nil, steer.BadSetting},
		"layer":      {steer.MLP, shape, map[int][]float32{3: row}, steer.ModelMismatch},
		"below 0":    {steer.MLP, shape, map[int][]float32{-1: row}, steer.ModelMismatch},
		"width":      {steer.MLPNeurons, shape, map[int][]float32{0: row}, steer.ModelMismatch},
		"not finite": {steer.MLP, shape, map[int][]float32{0: nan}, steer.NotFinite},
	} {
		if _, err := steer.NewVector(name, c.space, c.shape, c.layers); !errors.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

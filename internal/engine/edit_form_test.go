package engine

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestConditionMistakes: directions have length 1 or are zeros, and what a gate reads is finite and of the model.
func TestConditionMistakes(t *testing.T) {
	c := decoder.Config{Layers: 2, Width: 3, Neurons: 4}
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	gate := func(site seam.Site, n int, change func(g *seam.Gate)) *seam.Edit {
		g := &seam.Gate{Site: site, Directions: make([]float32, n)}
		change(g)
		return &seam.Edit{Gate: g}
	}
	same := func(*seam.Gate) {}
	for name, x := range map[string]struct {
		e    *seam.Edit
		want seam.Code
	}{
		"nothing":                  {&seam.Edit{}, ""},
		"a direction and zeros":    {&seam.Edit{OutMLP: []float32{.6, .8, 0, 0, 0, 0}}, ""},
		"a long one":               {&seam.Edit{OutMLP: []float32{.6, .8, 0, 0, 2, 0}}, seam.BadSetting},
		"a short one":              {&seam.Edit{OutResidual: []float32{0, 0, .5, 0, 0, 0}}, seam.BadSetting},
		"times NaN":                {&seam.Edit{Times: nan}, seam.NotFinite},
		"times infinity":           {&seam.Edit{Times: -inf}, seam.NotFinite},
		"a gate at the MLP":        {gate(seam.MLP, 6, same), ""},
		"a gate at neurons":        {gate(seam.Neurons, 8, same), ""},
		"a gate at the stream":     {gate(seam.Residual, 6, same), ""},
		"a gate at heads":          {gate(seam.Attention, 6, same), seam.BadSetting},
		"a number too few":         {gate(seam.Neurons, 6, same), seam.BadSetting},
		"a direction of infinity":  {gate(seam.MLP, 6, func(g *seam.Gate) { g.Directions[0] = inf }), seam.NotFinite},
		"a threshold that is none": {gate(seam.MLP, 6, func(g *seam.Gate) { g.Above = nan }), seam.NotFinite},
	} {
		err := checkCondition("test", c, x.e)
		if (err == nil) != (x.want == "") || err != nil && !errors.Is(err, x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}

// TestSameGates: edits go together unless a stage of both has a gate, and these read elsewhere or decide by what the other does not.
func TestSameGates(t *testing.T) {
	of := func(gates ...*seam.Gate) (e *seam.Edit) {
		for _, g := range slices.Backward(gates) {
			e = &seam.Edit{Gate: g, Next: e}
		}
		return e
	}
	mlp, other, stream, prompt := &seam.Gate{Site: seam.MLP}, &seam.Gate{Site: seam.MLP, Above: 1}, &seam.Gate{Site: seam.Residual}, &seam.Gate{Site: seam.MLP, Prompt: true}
	for name, x := range map[string]struct {
		edits []*seam.Edit
		want  [][]int
	}{
		"none":                       {nil, nil},
		"the model and a gate":       {[]*seam.Edit{nil, of(mlp), of(nil)}, [][]int{{0, 1, 2}}},
		"gates that read the same":   {[]*seam.Edit{of(mlp), of(other)}, [][]int{{0, 1}}},
		"gates of two sites":         {[]*seam.Edit{of(mlp), of(stream), of(other)}, [][]int{{0, 2}, {1}}},
		"one by prompt":              {[]*seam.Edit{of(mlp), of(prompt)}, [][]int{{0}, {1}}},
		"other stages":               {[]*seam.Edit{of(mlp, nil), of(nil, stream), of(stream)}, [][]int{{0, 1}, {2}}},
		"a later stage of the first": {[]*seam.Edit{of(mlp), of(nil, stream), of(nil, mlp)}, [][]int{{0, 1}, {2}}},
	} {
		if got := sameGates(x.edits); !reflect.DeepEqual(got, x.want) {
			t.Errorf("%s: %v, want %v", name, got, x.want)
		}
	}
}

// TestGateOf: a gate is found among those of an edit by all that it says, and counted without the stages that have none.
func TestGateOf(t *testing.T) {
	base := seam.Gate{Site: seam.MLP, Directions: []float32{1, 0}, Above: 2, Prompt: true}
	e := &seam.Edit{Next: &seam.Edit{Gate: &seam.Gate{Site: seam.MLP}, Next: &seam.Edit{Gate: &base}}}
	if alike := base; gateOf(e, &alike) != 1 || gateOf(e, &base) != 1 || gateOf(nil, &base) != -1 || gateOf(e, &seam.Gate{Site: seam.MLP}) != 0 {
		t.Error("a gate is not found where it is")
	}
	for name, change := range map[string]func(g *seam.Gate){
		"site": func(g *seam.Gate) { g.Site = seam.Residual }, "threshold": func(g *seam.Gate) { g.Above = 1 },
		"prompt": func(g *seam.Gate) { g.Prompt = false }, "direction": func(g *seam.Gate) { g.Directions = []float32{0, 1} },
	} {
		g := base
		if change(&g); gateOf(e, &g) != -1 {
			t.Errorf("a gate of another %s is found", name)
		}
	}
}

package message

import (
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// gateShape has two layers: a direction of the stream has 6 numbers, one of the neurons 8.
var gateShape = engine.Shape{Layers: 2, Width: 3, Neurons: 4, Heads: 2}

// readAt is a condition that first reads in a layer.
func readAt(site engine.Site, layer int) *Gate {
	w := site.Width(gateShape)
	g := &Gate{Site: site, Directions: make(Numbers, 2*w)}
	g.Directions[layer*w+w-1] = 1
	return g
}

// vectorAt adds a vector, of a layer and those after it.
func vectorAt(op string, layer, width int) Intervention {
	i := Intervention{Op: op, Values: make(Numbers, 2*width), X: 1}
	for k := layer * width; k < len(i.Values); k++ {
		i.Values[k] = 1
	}
	return i
}

func scaled(ns ...engine.Neuron) Intervention { return Intervention{Op: OpScale, Neurons: ns} }

// TestGateComesFirst: an intervention cannot wait for what is known only after it acts. In a layer heads act first, then neurons, then
// the MLP's output, then the stream after the layer; at its own place a condition is known.
func TestGateComesFirst(t *testing.T) {
	for _, c := range []struct {
		name string
		gate *Gate
		i    Intervention
		want string // what is said; empty: it is in time
	}{
		{"no condition", nil, scaled(unit(0, 0)), ""},
		{"neurons, read there", readAt(engine.Neurons, 0), scaled(unit(0, 0)), ""},
		{"neurons, read at the MLP", readAt(engine.MLP, 0), scaled(unit(0, 0)), "at the neurons of layer 0, and its condition is first known at the MLP's output in layer 0"},
		{"neurons of the next layer", readAt(engine.Residual, 0), scaled(unit(1, 0)), ""},
		{"the first of some neurons", readAt(engine.Residual, 0), scaled(unit(1, 0), unit(0, 0), unit(1, 1)), "at the neurons of layer 0"},
		{"heads before neurons", readAt(engine.Neurons, 1), scaled(head(1, 0)), "at the heads of layer 1, and its condition is first known at the neurons of layer 1"},
		{"heads of the next layer", readAt(engine.Residual, 0), scaled(head(1, 0)), ""},
		{"neurons and a head", readAt(engine.Neurons, 1), scaled(unit(1, 0), head(1, 0)), "at the heads of layer 1"},
		{"no neurons", readAt(engine.Residual, 1), scaled(), ""},
		{"the MLP, read there", readAt(engine.MLP, 0), vectorAt(OpMLP, 0, 3), ""},
		{"the MLP, read after it", readAt(engine.Residual, 0), vectorAt(OpMLP, 0, 3), "at the MLP's output in layer 0, and its condition is first known after layer 0"},
		{"the MLP taken out", readAt(engine.Residual, 0), vectorAt(OpProjectMLP, 0, 3), "at the MLP's output in layer 0"},
		{"the stream, read there", readAt(engine.Residual, 0), vectorAt(OpResidual, 0, 3), ""},
		{"the stream, read later", readAt(engine.Neurons, 1), vectorAt(OpResidual, 0, 3), "after layer 0, and its condition is first known at the neurons of layer 1"},
		{"the stream taken out", readAt(engine.Neurons, 1), vectorAt(OpProjectResidual, 0, 3), "after layer 0"},
		{"the stream of a later layer", readAt(engine.Neurons, 1), vectorAt(OpResidual, 1, 3), ""},
		{"each neuron, read there", readAt(engine.Neurons, 0), vectorAt(OpAddEach, 0, 4), ""},
		{"each neuron, read later", readAt(engine.MLP, 1), vectorAt(OpAddEach, 1, 4), "at the neurons of layer 1"},
		{"nothing, read late", readAt(engine.Residual, 1), vectorAt(OpAddEach, 2, 4), ""},
	} {
		c.i.Gate, c.i.Scope = c.gate, Everywhere
		err := CheckInterventions(gateShape, []Intervention{c.i})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// TestGateFits: conditions that cannot be read, or are of another model, are mistakes.
func TestGateFits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(g *Gate)
		want   string
	}{
		"a site of heads":       {func(g *Gate) { g.Site = engine.Attention }, "cannot be read"},
		"a threshold of NaN":    {func(g *Gate) { g.Above = math.NaN() }, "cannot be read"},
		"an infinite threshold": {func(g *Gate) { g.Above = math.Inf(-1) }, "cannot be read"},
		"one past float32":      {func(g *Gate) { g.Above = 1e39 }, "cannot be read"},
		"the largest of all":    {func(g *Gate) { g.Above = math.MaxFloat32 }, ""},
		"a number that is none": {func(g *Gate) { g.Directions[0] = float32(math.NaN()) }, "cannot be read"},
		"a number too few":      {func(g *Gate) { g.Directions = g.Directions[1:] }, "has 5 numbers, this model needs 6"},
		"zeros":                 {func(g *Gate) { clear(g.Directions) }, "a vector of zeros, which decides nothing"},
	} {
		i := Intervention{Op: OpScale, Scope: Everywhere, Neurons: []engine.Neuron{unit(1, 0)}, Gate: readAt(engine.Residual, 0)}
		c.change(i.Gate)
		err := CheckInterventions(gateShape, []Intervention{i})
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestGateEqual(t *testing.T) {
	var none *Gate
	g := readAt(engine.MLP, 0)
	if !none.Equal(nil) || none.Equal(g) || g.Equal(nil) || !g.Equal(readAt(engine.MLP, 0)) {
		t.Error("no condition is not itself, or is one")
	}
	for name, change := range map[string]func(g *Gate){
		"site": func(g *Gate) { g.Site = engine.Residual }, "threshold": func(g *Gate) { g.Above = 1 },
		"prompt": func(g *Gate) { g.Prompt = true }, "direction": func(g *Gate) { g.Directions[0] = 1 },
	} {
		h := readAt(engine.MLP, 0)
		if change(h); g.Equal(h) || h.Equal(g) {
			t.Errorf("another %s is the same condition", name)
		}
	}
}

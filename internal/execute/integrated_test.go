package execute

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestAlong: every row of a batch has the edit of its prompt, and the neurons of one layer times its factor; nothing else moves.
func TestAlong(t *testing.T) {
	shape, inf := engine.Shape{Layers: 2, Neurons: 1, Width: 1, Heads: 1}, float32(math.Inf(1))
	of := &engine.Edit{B: 2, T: 1, Scale: []float32{1, 2, 3, 4}, Add: []float32{0, 1, 2, -1}, Lo: []float32{-inf, -1, -inf, -2}, Hi: []float32{inf, 1, inf, 2},
		MLP: []float32{5, 6, 7, 8}, Residual: []float32{1, 2, 3, 4}, Heads: []float32{.5, .25, 1, 1}}
	e := along(shape, of, 1, []node{{layer: 0, factor: .5}, {layer: 1, factor: 0}})
	for _, c := range []struct {
		what      string
		got, want []float32
	}{
		{"Scale", e.Scale, []float32{1.5, 4, 3, 0}}, {"Add", e.Add, []float32{1, -1, 2, 0}},
		{"Lo", e.Lo, []float32{-inf, -2, -inf, -inf}}, {"Hi", e.Hi, []float32{inf, 2, inf, inf}},
		{"MLP", e.MLP, []float32{7, 8, 7, 8}}, {"Residual", e.Residual, []float32{3, 4, 3, 4}}, {"Heads", e.Heads, []float32{1, 1, 1, 1}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s is %v, want %v", c.what, c.got, c.want)
		}
	}
	if none := along(shape, nil, 0, []node{{layer: 1, factor: .25}}); none.B != 1 || none.T != 1 || none.Add != nil || none.Lo != nil || !slices.Equal(none.Scale, []float32{1, .25}) {
		t.Errorf("of no edit: %+v", none)
	}
}

// TestPath: the nodes of each layer integrate polynomials of twice their number less one in the cube root.
func TestPath(t *testing.T) {
	path := pathOf(2, 4)
	if len(path) != 10 || path[5] != (node{layer: 1}) {
		t.Fatalf("%v", path)
	}
	for power := range 6 {
		sum := 0.
		for _, n := range path[1:5] {
			sum += n.weight * math.Pow(n.factor, float64(power)/3)
		}
		if want := 3 / float64(power+3); math.Abs(sum-want) > 1e-14 {
			t.Errorf("∫α^(%d/3) is %v, want %v", power, sum, want)
		}
	}
}

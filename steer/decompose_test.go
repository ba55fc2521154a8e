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

// columns returns what the neurons of a layer write, [F][D].
func columns(t *testing.T, layer int) [][]float32 {
	t.Helper()
	e := steertest.NewEngine()
	w, err := e.Outputs(layer)
	if err != nil {
		t.Fatal(err)
	}
	D := e.Shape().Width
	var out [][]float32
	for n := range e.Shape().Neurons {
		out = append(out, w[n*D:][:D])
	}
	return out
}

func dotted(a, b []float32) (s float64) {
	for i, x := range a {
		s += float64(x) * float64(b[i])
	}
	return s
}

// TestDecompose: a score is the projection on the neuron's unit direction, and the neurons that write the behavior lead.
func TestDecompose(t *testing.T) {
	v := cheer(t)
	d := run(t, fake.Decompose(v))
	for l := range v.Shape().Layers {
		for n, w := range columns(t, l) {
			want := dotted(v.Layer(l), w) / math.Sqrt(dotted(w, w))
			if got := d.At(l, 0, n); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("L%d/N%d projects to %v, not %v", l, n, got, want)
			}
		}
	}
	top := d.Layers(1, 1).TopK(2)
	if ns := top.Neurons(); !slices.Equal(ns, []steer.Neuron{{Layer: 1, Index: 3}, {Layer: 1, Index: 7}}) {
		t.Errorf("the vector is written by %v", ns)
	}
	for _, e := range top.Entries() {
		if e.Position != -1 || (e.Score > 0) != (e.Index == 3) {
			t.Errorf("%+v", e)
		}
	}
	if n, of := d.N(); n != 3 || of != "pairs" || d.Unit() != "" || len(d.Warnings()) == 0 {
		t.Error(n, of, d.Unit(), d.Warnings())
	}
}

// TestR2: R² of the span is that of the normal equations, never falls when neurons are added, is 1 where they span the
// vector, and is the greedy curve for the greedy neurons.
func TestR2(t *testing.T) {
	ns := func(is ...int) steer.Circuit {
		var out []steer.Neuron
		for _, i := range is {
			out = append(out, steer.Neuron{Layer: 1, Index: i})
		}
		return steer.NewCircuit("set", out...)
	}
	v := cheer(t)
	plain := run(t, fake.Decompose(v))
	curve := plain.Curve(1)
	if len(curve) < 4 || curve[0] != 0 || !slices.IsSorted(curve) || curve[len(curve)-1] > 1 {
		t.Fatal(curve)
	}
	var chosen []int
	task := fake.Decompose(v).For(ns(3), ns(7), ns(3, 7), ns(0, 1, 2, 3, 4, 5, 6, 7))
	for _, s := range plain.Greedy(1) {
		chosen = append(chosen, s.Index)
		task = task.For(ns(chosen...))
	}
	d := run(t, task)
	r2 := func(c steer.Circuit) float64 {
		r, ok := d.R2(c)
		if !ok || len(r.Layers) != 3 || r.Layers[0] != 0 {
			t.Fatalf("R² of %v: %v %v", c.Neurons(), r, ok)
		}
		return r.Layers[1]
	}
	w, x := columns(t, 1), v.Layer(1)
	a, b, c := dotted(w[3], w[3]), dotted(w[3], w[7]), dotted(w[7], w[7])
	p, q := dotted(w[3], x), dotted(w[7], x)
	want := (p*p*c - 2*p*q*b + q*q*a) / (a*c - b*b) / dotted(x, x) // (Wᵀv)ᵀ(WᵀW)⁻¹(Wᵀv)/‖v‖²
	if got := r2(ns(3, 7)); math.Abs(got-want) > 1e-9 {
		t.Errorf("two neurons span %v, by the normal equations %v", got, want)
	}
	if one := r2(ns(3)); math.Abs(one-p*p/a/dotted(x, x)) > 1e-9 || one > r2(ns(3, 7)) || r2(ns(3, 7)) > r2(ns(0, 1, 2, 3, 4, 5, 6, 7)) {
		t.Error("R² of one neuron, or R² falls")
	}
	for k := range chosen {
		if got := r2(ns(chosen[:k+1]...)); math.Abs(got-curve[k+1]) > 1e-9 {
			t.Errorf("%d greedy neurons span %v, the curve says %v", k+1, got, curve[k+1])
		}
	}
	if chosen[0] != d.Layers(1, 1).TopK(1).Neurons()[0].Index {
		t.Error("the first greedy neuron is not the one with the largest projection")
	}
	whole, ok := d.R2(ns(3, 7))
	norms := v.Norms()
	if total := whole.Layers[1] * norms[1] * norms[1] / (norms[0]*norms[0] + norms[1]*norms[1] + norms[2]*norms[2]); !ok || math.Abs(whole.Total-total) > 1e-9 {
		t.Errorf("in all layers together %v, not %v", whole.Total, total)
	}
	if _, ok := d.R2(ns(4)); ok {
		t.Error("R² of a circuit that nobody asked about")
	}
	if len(plain.Greedy(9)) != 0 || len(run(t, fake.Decompose(v).Greedy(0)).Greedy(1)) != 0 || len(run(t, fake.Decompose(v).Greedy(2)).Greedy(1)) != 2 {
		t.Error("Greedy does not set the length")
	}
}

// TestSpanned: a vector that neurons write is theirs entirely; the reference's figure says otherwise.
func TestSpanned(t *testing.T) {
	w, shape := columns(t, 2), steertest.NewEngine().Shape()
	sum := make([]float32, shape.Width)
	for i := range sum {
		sum[i] = 2*w[0][i] - w[4][i] + w[5][i]
	}
	v, err := steer.NewVector("planted", steer.MLP, shape, map[int][]float32{2: sum})
	if err != nil {
		t.Fatal(err)
	}
	c := steer.NewCircuit("writers", steer.Neuron{Layer: 2}, steer.Neuron{Layer: 2, Index: 4}, steer.Neuron{Layer: 2, Index: 5})
	d := run(t, fake.Decompose(v).For(c))
	r, ok := d.R2(c)
	if !ok || math.Abs(r.Total-1) > 1e-9 || r.Layers[2] != r.Total || r.Layers[1] != 0 {
		t.Errorf("R² is %v %v", r, ok)
	}
	var of, all float64
	for n := range w {
		p := d.At(2, 0, n)
		if all += p * p; n == 0 || n == 4 || n == 5 {
			of += p * p
		}
	}
	if ve := d.VarianceExplained(c); math.Abs(ve[2]-of/all) > 1e-6 || ve[1] != 0 || ve[2] > .9999 {
		t.Errorf("the reference's variance explained is %v, not %v, and smaller than 1", ve, of/all)
	}
	if got := d.Decomposed(); !slices.Equal(got, []int{2}) {
		t.Error(got)
	}
	g := d.Greedy(2)
	if g[len(g)-1].R2 < 1-1e-6 {
		t.Errorf("the greedy curve ends at %v", g[len(g)-1])
	}
}

// TestDecomposeNorms: a layer that leads every ranking by its length is named, and no other.
func TestDecomposeNorms(t *testing.T) {
	shape := steertest.NewEngine().Shape()
	layers := map[int][]float32{}
	for l := range shape.Layers {
		layers[l] = make([]float32, shape.Width)
		layers[l][l] = []float32{1, 2, 9}[l]
	}
	v, err := steer.NewVector("v", steer.Residual, shape, layers)
	if err != nil {
		t.Fatal(err)
	}
	named := func(v steer.Vector) bool {
		return slices.ContainsFunc(run(t, fake.Decompose(v)).Warnings(), func(w steer.Warning) bool {
			return w.Code == "norms" && strings.HasPrefix(w.Text, "layer 2 has norm 9")
		})
	}
	if !named(v) || named(v.Normalize()) || named(v.Layers(1, 2)) {
		t.Error("the long layer", named(v), named(v.Normalize()), named(v.Layers(1, 2)))
	}
}

func TestDecomposeMistakes(t *testing.T) {
	v := cheer(t)
	shape := v.Shape()
	shape.Layers = 4
	foreign, err := steer.NewVector("foreign", steer.Residual, shape, map[int][]float32{1: make([]float32, shape.Width)})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		task steer.DecomposeTask
		code steer.Code
	}{
		"neurons":         {fake.Decompose(run(t, fake.ControlVector(feelings()).From(steer.MLPNeurons))), steer.BadSetting},
		"nothing":         {fake.Decompose(steer.Vector{}), steer.BadSetting},
		"another model":   {fake.Decompose(foreign), steer.ModelMismatch},
		"no vector":       {fake.Decompose(v.Add(foreign)), steer.ModelMismatch},
		"an empty set":    {fake.Decompose(v).For(steer.NewCircuit("none")), steer.BadSetting},
		"a foreign set":   {fake.Decompose(v).For(steer.NewCircuit("far", steer.Neuron{Layer: 9})), steer.ModelMismatch},
		"a negative size": {fake.Decompose(v).Greedy(-1), steer.BadSetting},
	} {
		if _, err := c.task.Run(t.Context()); !errors.Is(err, c.code) {
			t.Errorf("%s: %v, want %v", name, err, c.code)
		}
	}
	var zero steer.Decomposition
	if r, ok := zero.R2(steer.NewCircuit("a", steer.Neuron{})); ok || zero.Greedy(0) != nil || zero.Curve(0)[0] != 0 || len(zero.VarianceExplained(steer.NewCircuit("a"))) != 0 {
		t.Error(r)
	}
	_ = zero.String()
}

package steer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestCurveForFigures: what a figure draws is what the doses say.
func TestCurveForFigures(t *testing.T) {
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	task := fake.Sweep(paris, 0, 1, 2).On("The capital of France is", "The capital of France is not").Measure(" Paris", " Rome")
	c := run(t, task.Controls(3))
	mean, lo, hi := c.Response()
	rmean, rlo, rhi, n := c.RandomBand()
	for i, d := range c.Doses() {
		if mean[i] != d.Difference.Value || lo[i] != d.Difference.Lo || hi[i] != d.Difference.Hi ||
			rmean[i] != d.Controls.Mean || rlo[i] != d.Controls.Lo || rhi[i] != d.Controls.Hi {
			t.Errorf("dose %d: %+v", i, d)
		}
	}
	if n != 3 || len(mean) != 3 || c.Name() != "paris" || c.Named("other").Name() != "other" || c.Name() != "paris" {
		t.Error(n, len(mean), c.Name())
	}
	if m, l, h, n := run(t, task).RandomBand(); m != nil || l != nil || h != nil || n != 0 {
		t.Error("there are random circuits that nobody asked for")
	}
	var zero steer.Curve
	if m, _, _ := zero.Response(); m != nil || zero.Name() != "" {
		t.Error(m, zero.Name())
	}
}

// TestCurvesOfDecompositions: the total lies between the layers and is their mean by squared norms; what is random does not
// depend on the vector and spans less than a vector that neurons write.
func TestCurvesOfDecompositions(t *testing.T) {
	v := cheer(t)
	d, twice := run(t, fake.Decompose(v)), run(t, fake.Decompose(v.Scale(2)))
	total, norms := d.Total(), v.Norms()
	for k := range total {
		var sum, all float64
		for _, l := range d.Decomposed() {
			curve := d.Curve(l)
			sum += curve[min(k, len(curve)-1)] * norms[l] * norms[l]
			all += norms[l] * norms[l]
		}
		if math.Abs(total[k]-sum/all) > 1e-9 || (k > 0 && total[k] < total[k-1]) {
			t.Errorf("k = %d: %v, not %v", k, total[k], sum/all)
		}
	}
	if len(total) < 2 || total[0] != 0 {
		t.Fatal(total)
	}
	for _, l := range d.Decomposed() {
		r := d.RandomCurve(l)
		if len(r) < 2 || r[0] != 0 || !slices.IsSorted(r) || r[len(r)-1] > 1+1e-9 || !slices.Equal(r, twice.RandomCurve(l)) {
			t.Errorf("layer %d: %v", l, r)
		}
	}
	if c, r := d.Curve(1), d.RandomCurve(1); c[1] <= r[1] {
		t.Errorf("one neuron spans %v of the vector and %v of a random direction", c[1], r[1])
	}
	var zero steer.Decomposition
	if zero.RandomCurve(0) != nil || len(zero.Total()) != 1 {
		t.Error(zero.RandomCurve(0), zero.Total())
	}
}

package steertest

import (
	"math"
	"slices"
	"testing"
)

// Bounds of comparisons, relative to the largest number of the array.
const (
	orderBound        = 1e-5 // sums in another order: batches, cached decoding, another composition of an edit
	conservationBound = 1e-4 // the identity of a float32 pass
)

// near fails the test unless two arrays agree within bound times the largest magnitude of want.
func near(t *testing.T, what string, got, want []float32, bound float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
		return
	}
	scale := largest(want)
	for i := range want {
		d := math.Abs(float64(got[i]) - float64(want[i]))
		if !(d <= bound*scale) { // NaN fails
			t.Errorf("%s: number %d is %v, want %v (difference %.1e of the largest, bound %.0e)", what, i, got[i], want[i], d/scale, bound)
			return
		}
	}
}

// same fails the test unless two arrays are equal bit for bit.
func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
		i := 0
		for i < min(len(got), len(want))-1 && math.Float32bits(got[i]) == math.Float32bits(want[i]) {
			i++
		}
		if len(got) != len(want) || len(got) == 0 {
			t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
			return
		}
		t.Errorf("%s: number %d is %v, want %v bit for bit", what, i, got[i], want[i])
	}
}

// differ fails the test when two arrays agree within orderBound: something had no effect.
func differ(t *testing.T, what string, a, b []float32) {
	t.Helper()
	scale := largest(b)
	for i := range a {
		if math.Abs(float64(a[i])-float64(b[i])) > orderBound*scale {
			return
		}
	}
	t.Errorf("%s: no difference past %.0e of the largest", what, orderBound)
}

// largest returns the largest magnitude.
func largest(v []float32) float64 {
	var m float64
	for _, x := range v {
		m = max(m, math.Abs(float64(x)))
	}
	return m
}

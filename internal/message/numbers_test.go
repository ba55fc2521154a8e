package message

import (
	"math"
	"testing"
)

// TestFinite: a number is finite as a float32 is, whichever type it comes in, and the first that is not is found.
func TestFinite(t *testing.T) {
	for x, want := range map[float64]bool{0: true, -1: true, math.MaxFloat32: true, math.SmallestNonzeroFloat64: true,
		1e39: false, -1e39: false, math.MaxFloat64: false, math.Inf(1): false, math.Inf(-1): false} {
		if got := Finite(x); got != want {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
		if got := Finite(float32(x)); got != want {
			t.Errorf("%v as a float32: %v, want %v", float32(x), got, want)
		}
	}
	if Finite(math.NaN()) || Finite(float32(math.NaN())) {
		t.Error("NaN is finite")
	}
	if i, j, k := FirstNotFinite([]float64{1, 1e39, math.NaN()}), FirstNotFinite([]float32{1, 2, float32(math.NaN())}), FirstNotFinite([]float32{}); i != 1 || j != 2 || k != -1 {
		t.Errorf("found %d, %d and %d", i, j, k)
	}
}

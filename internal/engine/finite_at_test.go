package engine

import (
	"math"
	"testing"
)

// TestNotFiniteAt: the first NaN or infinity is found wherever it is, and nothing where all is finite.
func TestNotFiniteAt(t *testing.T) {
	for n := range 20 {
		x := make([]float32, n)
		for i := range x {
			x[i] = math.MaxFloat32 * float32(1-2*(i%2))
		}
		if at := notFiniteAt(x); at >= 0 {
			t.Errorf("%d finite numbers: %d", n, at)
		}
		for i := n - 1; i >= 0; i-- {
			x[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))}[i%3]
			if at := notFiniteAt(x); at != i {
				t.Errorf("%d numbers: %d, want %d", n, at, i)
			}
		}
	}
}

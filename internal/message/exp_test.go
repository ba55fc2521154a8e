package message

import (
	"math"
	"testing"
)

// TestExpSmall: right to the last digit of a sum that has a term near 1.
func TestExpSmall(t *testing.T) {
	for x := 0.; x > -60; x -= .37 {
		near(t, "e^x", ExpSmall(x), math.Exp(x), 1.2e-16)
	}
	near(t, "e^−∞", ExpSmall(math.Inf(-1)), 0, 0)
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %v, want %v within %v", what, got, want, within)
	}
}

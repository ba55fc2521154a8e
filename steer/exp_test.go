package steer

import (
	"math"
	"testing"
)

// TestExpSmall: right to the last digit of a sum that has a term near 1.
func TestExpSmall(t *testing.T) {
	for x := 0.; x > -60; x -= .37 {
		near(t, "e^x", expSmall(x), math.Exp(x), 1.2e-16)
	}
	near(t, "e^−∞", expSmall(math.Inf(-1)), 0, 0)
}

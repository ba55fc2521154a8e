package plotting_test

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/plotting"
)

// lengths are those of a vector.
type lengths []float64

func (l lengths) ByLayer() (support, oppose []float64) { return l, make([]float64, len(l)) }
func (l lengths) Norms() []float64                     { return l }
func (l lengths) About() string                        { return "mean difference of 12 pairs" }
func (l lengths) N() (int, string)                     { return 12, "pairs" }

// A vector has lengths, not scores: nothing of it supports or opposes, and its lengths do not add up to a whole.
func TestByLayerOfAVector(t *testing.T) {
	for _, c := range []struct {
		x    lengths
		want string
	}{
		{lengths{2, 4, 8}, "The vector is longest in layer 2, 4.00 times as long as in layer 0"},
		{lengths{0, 4, 8}, "The vector is longest in layer 2, and has no direction in some"},
		{lengths{3, 3}, "The vector is 3.00 long in every layer"},
		{lengths{0, 0}, "The vector is zero in every layer"},
	} {
		alt := plotting.ByLayer(c.x).Alt()
		if !strings.Contains(alt, c.want) || !strings.Contains(alt, "length by layer") && !strings.Contains(alt, "length of a vector by layer") || strings.Contains(alt, "support") {
			t.Errorf("%v: %s", c.x, alt)
		}
		if strings.Count(alt, "12 pairs") > 1 {
			t.Errorf("the sample stands there twice: %s", alt)
		}
	}
}

package engine

import (
	"fmt"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
)

// A group is a run of layers that one executable computes. Groups of the same size, whose layers attend alike, use the same
// executable, since the weights are inputs: that halves the time to compile, and progress and cancellation happen between
// groups.
type group struct{ from, to int } // layers [from, to)

func (g group) len() int { return g.to - g.from }

// maxGroup is the largest size of a group.
const maxGroup = 8

// cut divides the layers into groups of one size, but for a shorter one at the end where none divides them.
func cut(c decoder.Config) []group { return cutBy(c.Layers, groupSize(c)) }

func cutBy(layers, n int) (out []group) {
	for l := 0; l < layers; l += n {
		out = append(out, group{l, min(l+n, layers)})
	}
	return out
}

// groupSize returns the size, of 3 to 8, that takes the fewest executables: where layers are all alike a divisor of their
// number, where kinds alternate a multiple of their period. Of several it is the one nearest to 5.
func groupSize(c decoder.Config) int {
	best, fewest := 0, 0
	for _, n := range []int{5, 6, 4, 7, 3, maxGroup} {
		different := map[string]bool{}
		for _, g := range cutBy(c.Layers, n) {
			different[kindsOf(c, g)] = true
		}
		if best == 0 || len(different) < fewest {
			best, fewest = n, len(different)
		}
	}
	return best
}

// kindsOf names how the layers of a group attend.
func kindsOf(c decoder.Config, g group) string {
	return fmt.Sprint(c.Attentions[g.from:g.to])
}

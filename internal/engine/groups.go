package engine

// A group is a run of layers that one executable computes. Every group of the same size uses the same executable, since
// the weights are inputs: that halves the time to compile, and progress and cancellation happen between groups.
type group struct{ from, to int } // layers [from, to)

func (g group) len() int { return g.to - g.from }

// cut divides layers into groups: all of one size where a divisor lies near the best size, else a shorter one at the end.
func cut(layers int) []group {
	n := groupSize(layers)
	var out []group
	for l := 0; l < layers; l += n {
		out = append(out, group{l, min(l+n, layers)})
	}
	return out
}

// groupSize returns the divisor of layers from 3 to 8 that is nearest to 5, or 5 if there is none.
func groupSize(layers int) int {
	for _, n := range []int{5, 6, 4, 7, 3, 8} {
		if layers%n == 0 {
			return n
		}
	}
	return 5
}

package steer

import (
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// persistence weighs the depths of a rank-biased overlap: depth d by (1 − p)·p^(d−1).
const persistence = .9

// sharedByChance returns the probability of each number of shared neurons, from 0 on, of two circuits with a[l] and b[l]
// neurons in layer l that are drawn at random from F: the convolution of a hypergeometric distribution for each layer.
func sharedByChance(a, b map[int]int, F int) []float64 {
	total := []float64{1}
	for _, l := range slices.Sorted(maps.Keys(a)) {
		if b[l] == 0 || a[l] > F || b[l] > F {
			continue
		}
		total = stats.Sum(total, stats.Hypergeometric(a[l], b[l], F))
	}
	return total
}

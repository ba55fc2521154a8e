package steer

import (
	"maps"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
)

// persistence weighs the depths of a rank-biased overlap: depth d by (1 − p)·p^(d−1).
const persistence = .9

// sharedByChance returns the probability of each number of shared neurons, from 0 on, of two circuits with as many neurons and
// heads of each layer as a and b count, drawn at random from the model's: the convolution of a hypergeometric distribution for
// each layer and kind.
func sharedByChance(a, b map[Neuron]int, shape Shape) []float64 {
	total := []float64{1}
	for _, l := range slices.SortedFunc(maps.Keys(a), message.ByPlace) {
		F := shape.Units(l.Head)
		if b[l] == 0 || a[l] > F || b[l] > F {
			continue
		}
		total = stats.Sum(total, stats.Hypergeometric(a[l], b[l], F))
	}
	return total
}

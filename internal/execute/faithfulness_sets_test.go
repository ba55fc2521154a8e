package execute

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestRandomLike: a random set has as many units of every layer and kind, none of its own while there are others, no unit
// twice; and with activities each is among those that are closest to one of its own.
func TestRandomLike(t *testing.T) {
	shape := engine.Shape{Layers: 3, Neurons: 40, Heads: 4}
	own := []engine.Neuron{{Layer: 0, Index: 3}, {Layer: 0, Index: 30}, {Layer: 2, Index: 7}, {Layer: 2, Index: 1, Head: true}}
	for i := range 35 {
		own = append(own, engine.Neuron{Layer: 1, Index: i})
	}
	activity := make([]float64, 3*40)
	for i := range activity {
		activity[i] = float64(i % 40) // a neuron is as active as its index says
	}
	for _, acts := range [][]float64{nil, activity} {
		rng, seen := stats.Rand(1, stats.Controls), map[engine.Neuron]bool{}
		for range 50 {
			got := randomLike(rng, shape, own, acts)
			count := func(list []engine.Neuron) (n [3][2]int) {
				for _, u := range list {
					k := 0
					if u.Head {
						k = 1
					}
					n[u.Layer][k]++
				}
				return n
			}
			if count(got) != count(own) {
				t.Fatalf("%v for %v", count(got), count(own))
			}
			twice := map[engine.Neuron]bool{}
			for _, u := range got {
				if twice[u] || !shape.Has(u) {
					t.Fatalf("%v is drawn twice, or is none", u)
				}
				twice[u], seen[u] = true, true
				if u.Layer != 1 && slices.Contains(own, u) {
					t.Fatalf("%v is its own", u)
				}
				if acts != nil && u.Layer == 0 && math.Min(math.Abs(float64(u.Index-3)), math.Abs(float64(u.Index-30))) > nearest+1 {
					t.Fatalf("%v is not about as active as 3 or 30", u)
				}
			}
			for i := 35; i < 40; i++ { // layer 1 has five others: all of them are drawn
				if !twice[engine.Neuron{Layer: 1, Index: i}] {
					t.Fatalf("L1/N%d is left out", i)
				}
			}
		}
		if len(seen) < 50 {
			t.Errorf("only %d units are ever drawn", len(seen))
		}
	}
}

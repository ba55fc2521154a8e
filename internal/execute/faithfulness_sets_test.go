package execute

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/message"
	"github.com/neuronsteer/neuronsteer/internal/stats"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestControl: a random set has as many units of every layer and kind, none of its own while there are others, no unit
// twice; and with activities each is among those that are closest to one of its own.
func TestControl(t *testing.T) {
	shape := engine.Shape{Layers: 3, Neurons: 40, Heads: 4}
	own := []engine.Neuron{{Layer: 0, Index: 3}, {Layer: 0, Index: 30}, {Layer: 2, Index: 7}, {Layer: 2, Index: 1, Head: true}}
	for i := range 35 {
		own = append(own, engine.Neuron{Layer: 1, Index: i})
	}
	active := activity{false: make([]float64, 3*40), true: {3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1, 0}}
	for i := range active[false] {
		active[false][i] = float64(i % 40) // a neuron is as active as its index says
	}
	for _, acts := range []activity{nil, active} {
		rng, seen := stats.Rand(1, stats.Controls), map[engine.Neuron]bool{}
		for range 50 {
			var c control
			c.grow(rng, shape, own, acts)
			got := c.units
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

// TestControlsAreNested: a random set of one size holds those of all smaller ones, has as many units of every layer and kind as the
// ranking has, and of what a size adds none is the ranking's own there while the layer has others; at all units it is all.
func TestControlsAreNested(t *testing.T) {
	shape := engine.Shape{Layers: 3, Neurons: 40, Heads: 4}
	var ranked []engine.Neuron
	for l := range shape.Layers {
		for i := range shape.Neurons {
			ranked = append(ranked, engine.Neuron{Layer: l, Index: i})
		}
		for i := range shape.Heads {
			ranked = append(ranked, engine.Neuron{Layer: l, Index: i, Head: true})
		}
	}
	order := stats.Rand(5, stats.Samples)
	order.Shuffle(len(ranked), func(i, j int) { ranked[i], ranked[j] = ranked[j], ranked[i] })
	active := activity{false: make([]float64, 3*40), true: make([]float64, 3*4)}
	for _, of := range active {
		for i := range of {
			of[i] = order.Float64()
		}
	}
	kinds := func(list []engine.Neuron) map[engine.Neuron]int {
		n := map[engine.Neuron]int{}
		for _, u := range list {
			n[engine.Neuron{Layer: u.Layer, Head: u.Head}]++
		}
		return n
	}
	for name, s := range map[string]faithful{"any": {}, "equally active": {message.FaithfulnessSettings{Active: true}}} {
		var acts activity
		if s.Active {
			acts = active
		}
		s.Ranked, s.Counts, s.Controls = ranked, []int{0, 1, 2, 10, 40, 90, len(ranked)}, 9
		sets := s.nested(shape, acts)
		for r := 1; r <= s.Controls; r++ {
			var before []engine.Neuron
			for k, count := range s.Counts {
				got, own := sets(k, r), ranked[:count]
				if !maps.Equal(kinds(got), kinds(own)) || len(got) != count {
					t.Fatalf("%s, %d units: %v of each layer and kind, want %v", name, count, kinds(got), kinds(own))
				}
				if !slices.Equal(got[:len(before)], before) {
					t.Fatalf("%s, %d units: %v does not begin with %v", name, count, got, before)
				}
				has := map[engine.Neuron]bool{}
				for _, u := range got {
					has[u] = true
				}
				if len(has) != count {
					t.Fatalf("%s, %d units: only %d are distinct", name, count, len(has))
				}
				others := kinds(slices.DeleteFunc(slices.Clone(ranked), func(u engine.Neuron) bool { return slices.Contains(own, u) || has[u] }))
				for _, u := range got[len(before):] {
					if slices.Contains(own, u) && others[engine.Neuron{Layer: u.Layer, Head: u.Head}] > 0 {
						t.Fatalf("%s, %d units: %v is the ranking's own, though there are others", name, count, u)
					}
				}
				before = got
			}
		}
		if slices.Equal(sets(3, 1), sets(3, 2)) {
			t.Errorf("%s: two random sets are one", name)
		}
	}
}

package engine

import (
	"slices"
	"testing"

	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestEdgesPlan: a target has rows up to its own position and in the layers below its own alone, in every run; a head has them in
// its own layer too, where only attention is left, as has a neuron; outputs go as the metric does.
func TestEdgesPlan(t *testing.T) {
	e := openRandom(t, small(), Options{})
	defer e.Close()
	L := e.cfg.Layers
	node := func(layer, position int, head bool) seam.Node {
		return seam.Node{Neuron: seam.Neuron{Layer: layer, Head: head}, Position: position}
	}
	in := seam.Edges{IDs: make([]int32, 9), Metric: true, Outputs: []int32{1, 2}, Terms: []seam.Term{{Position: 6}, {Position: 4}},
		Targets: []seam.Node{node(0, 8, false), node(1, 3, true), node(L-1, 0, false), node(1, 5, false), node(L-1, 7, false)}}
	targets := e.targetsOf(in)
	var places []int
	for _, x := range targets {
		places = append(places, x.place)
	}
	if want := []int{5, 6, 7, 2, 4, 3, 1, 0}; !slices.Equal(places, want) {
		t.Fatalf("targets in the order %v, want %v", places, want)
	}
	position := func(place int) int {
		return append(slices.Clone(in.Targets), node(L, 6, false), node(L, 6, false), node(L, 6, false))[place].Position
	}
	for _, most := range []int{0, 16, 1000} {
		seen := map[int]int{}
		for _, run := range chunks(targets, most) {
			if n := rowsIn(run); len(run) > 1 && n > most {
				t.Errorf("%d rows go together, at most %d may", n, most)
			}
			for l := range L {
				d := at(run, l, 9)
				b := d.batch()
				if b.r() != rowsIn(d.all) || b.b != len(d.all) || len(b.ids) != b.r() {
					t.Fatalf("layer %d: %d rows of %d targets, a batch of %d and %d", l, rowsIn(d.all), len(d.all), b.r(), b.b)
				}
				at := 0
				for i, x := range d.all {
					if above := i < len(d.above); x.Layer < l || above != (x.Layer > l) {
						t.Errorf("layer %d: target %d, which enters layer %d, is there (from above %v)", l, x.place, x.Layer, above)
					}
					if x.from != at || x.rows != position(x.place)+1 || b.lens[i] != x.rows || b.ids[at] != 0 || int(b.ids[at+x.rows-1]) != position(x.place) {
						t.Errorf("layer %d: target %d has %d rows from %d, at positions to %d", l, x.place, x.rows, x.from, b.ids[at+x.rows-1])
					}
					at += x.rows
					seen[x.place]++
				}
			}
		}
		for place, n := range seen {
			layers := L
			if place < len(in.Targets) {
				layers = in.Targets[place].Layer + 1
			}
			if n != layers {
				t.Errorf("at most %d rows: target %d goes through %d layers, want %d", most, place, n, layers)
			}
		}
		if len(seen) != len(targets) {
			t.Errorf("at most %d rows: %d targets of %d", most, len(seen), len(targets))
		}
	}
}

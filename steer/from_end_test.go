package steer_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestLayersFromTheEnd: wherever a range of layers is named, −1 is the last one, and no other negative number means it too.
func TestLayersFromTheEnd(t *testing.T) {
	s := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome")) // 3 layers
	layers := func(c steer.Circuit) (out []int) {
		for _, n := range c.Neurons() {
			out = append(out, n.Layer)
		}
		return slices.Compact(out)
	}
	v := run(t, fake.ControlVector(feelings()))
	has := func(v steer.Vector) (out []int) {
		for l := range 3 {
			if v.Has(l) {
				out = append(out, l)
			}
		}
		return out
	}
	for _, c := range []struct {
		lo, hi int
		want   []int
	}{{0, -1, []int{0, 1, 2}}, {1, -1, []int{1, 2}}, {-2, -1, []int{1, 2}}, {-1, -1, []int{2}}, {0, -2, []int{0, 1}}, {-3, -3, []int{0}}} {
		if got := layers(s.Layers(c.lo, c.hi).TopK(99)); !slices.Equal(got, c.want) {
			t.Errorf("scores, Layers(%d, %d): %v, want %v", c.lo, c.hi, got, c.want)
		}
		if got := has(v.Layers(c.lo, c.hi)); !slices.Equal(got, c.want) {
			t.Errorf("vector, Layers(%d, %d): %v, want %v", c.lo, c.hi, got, c.want)
		}
		if got := has(run(t, fake.ControlVector(feelings()).Layers(c.lo, c.hi))); !slices.Equal(got, c.want) {
			t.Errorf("control vector, Layers(%d, %d): %v, want %v", c.lo, c.hi, got, c.want)
		}
		lo, hi := run(t, fake.Capture(france).From(steer.MLP).Layers(c.lo, c.hi)).Layers()
		if lo != c.want[0] || hi != c.want[len(c.want)-1] {
			t.Errorf("capture, Layers(%d, %d): %d to %d, want %v", c.lo, c.hi, lo, hi, c.want)
		}
	}
	if got := layers(s.Layers(-2, -1).Layers(0, -2).TopK(99)); !slices.Equal(got, []int{1}) {
		t.Errorf("narrowed twice: %v", got)
	}
	for _, r := range [][2]int{{2, 1}, {-1, -2}, {-1, 0}, {0, -4}, {-4, -1}, {0, 3}} {
		if _, err := fake.Capture(france).From(steer.MLP).Layers(r[0], r[1]).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
			t.Errorf("capture, Layers%v: %v", r, err)
		}
		if _, err := fake.ControlVector(feelings()).Layers(r[0], r[1]).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
			t.Errorf("control vector, Layers%v: %v", r, err)
		}
	}
}

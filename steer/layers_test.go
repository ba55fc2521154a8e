package steer

import (
	"math"
	"testing"
)

// TestByLayerSums: layers add up to the neurons, and layers × positions add up to layers.
func TestByLayerSums(t *testing.T) {
	const L, T, F = 3, 4, 5
	data := ties(L*T*F, 9)
	for name, s := range map[string]Scores{
		"all":       scoresOf(t, L, T, F, false, data),
		"BOS":       scoresOf(t, L, T, F, true, data),
		"last":      scoresOf(t, L, T, F, false, data).LastPositions(2),
		"layers":    scoresOf(t, L, T, F, false, data).Layers(1, 1),
		"candidate": scoresOf(t, L, T, F, false, data).Candidates(2),
	} {
		support, oppose := s.ByLayer()
		cs, co := s.TopK(L * F).ByLayer()
		grid, labels := s.ByLayerPos(), s.Labels()
		if len(support) != L || len(oppose) != L || len(grid) != L {
			t.Fatalf("%s: %d, %d, %d layers, want %d", name, len(support), len(oppose), len(grid), L)
		}
		for l := range L {
			if len(grid[l]) != len(labels) {
				t.Errorf("%s: %d positions and %d labels", name, len(grid[l]), len(labels))
			}
			var sum float64
			for _, v := range grid[l] {
				sum += v
			}
			if math.Abs(sum-support[l]-oppose[l]) > 1e-6 {
				t.Errorf("%s, layer %d: positions add up to %v, neurons to %v", name, l, sum, support[l]+oppose[l])
			}
			if support[l] < 0 || oppose[l] > 0 {
				t.Errorf("%s, layer %d: support %v, oppose %v", name, l, support[l], oppose[l])
			}
			if math.Abs(cs[l]-support[l]) > 1e-6 || math.Abs(co[l]-oppose[l]) > 1e-6 {
				t.Errorf("%s, layer %d: the circuit of all neurons has %v and %v, the scores %v and %v", name, l, cs[l], co[l], support[l], oppose[l])
			}
		}
	}
	s := scoresOf(t, L, T, F, true, data)
	if got := s.Labels(); len(got) != T-1 || got[0] != " t1" {
		t.Errorf("labels %q, want those after the BOS", got)
	}
	for name, one := range map[string]Scores{"positive": s.Positive(), "negative": s.Negative()} {
		support, oppose := one.ByLayer()
		for l := range L {
			if (name == "positive" && oppose[l] != 0) || (name == "negative" && support[l] != 0) {
				t.Errorf("%s, layer %d: support %v, oppose %v", name, l, support[l], oppose[l])
			}
			for _, v := range one.ByLayerPos()[l] {
				if (name == "positive") != (v >= 0) && v != 0 {
					t.Errorf("%s, layer %d: %v", name, l, v)
				}
			}
		}
	}
}

func TestAt(t *testing.T) {
	s := scoresOf(t, 2, 2, 3, false, []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
	for at, want := range map[[3]int]float64{{1, 0, 2}: 8, {-1, -2, 2}: 8, {0, -1, 0}: 3} {
		if got := s.At(at[0], at[1], at[2]); got != want {
			t.Errorf("At%v = %v, want %v", at, got, want)
		}
	}
	for _, at := range [][3]int{{-3, 0, 0}, {2, 0, 0}, {0, -3, 0}, {0, 2, 0}, {0, 0, -1}, {0, 0, 3}} {
		if got := s.At(at[0], at[1], at[2]); got != 0 {
			t.Errorf("At%v = %v, want 0 outside", at, got)
		}
	}
}

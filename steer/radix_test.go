package steer

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortKeyed: the order is that of a stable sort by falling magnitude, for few numbers and many, near and far apart.
func TestSortKeyed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 2, 63, 64, 5000} {
		for name, draw := range map[string]func() float64{
			"normal": r.NormFloat64, "equal": func() float64 { return 1 }, "few values": func() float64 { return float64(r.IntN(3)) },
			"all sizes": func() float64 { return math.Exp(300 * r.NormFloat64()) },
		} {
			list := make([]sortKey, n)
			for i := range list {
				list[i] = key(draw(), i)
			}
			want := slices.Clone(list)
			slices.SortStableFunc(want, func(a, b sortKey) int { return cmp.Compare(b.strength(), a.strength()) })
			if got := sortKeys(list); !slices.Equal(got, want) {
				t.Errorf("%d numbers, %s: another order", n, name)
			}
		}
	}
}

// TestCoarse: the highest bits agree between a float32 and the same number as a float64, and rise with it.
func TestCoarse(t *testing.T) {
	last := uint32(0)
	for v := float32(2e-38); v < 1e38; v *= 1.01 {
		c := key(float64(v), 0).coarse()
		if c != coarse(magnitude(v)) || c < last {
			t.Fatalf("%v: %d and %d after %d", v, c, coarse(magnitude(v)), last)
		}
		last = c
	}
	for v, want := range map[float64]uint32{0: 0, 1e-300: 0, 1e300: coarseValues - 1} {
		if got := key(v, 0).coarse(); got != want {
			t.Errorf("%v is %d, want %d", v, got, want)
		}
	}
}

// TestLargest: the k largest magnitudes of a row, ties to the lower index, in rising order.
func TestLargest(t *testing.T) {
	var s selector
	for seed := range uint64(20) {
		row := ties(50, seed)
		order := make([]int32, len(row))
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(magnitude(row[b]), magnitude(row[a])) })
		for k := 1; k <= len(row); k++ {
			want := slices.Sorted(slices.Values(order[:k]))
			if got := s.largest(row, k); !slices.Equal(got, want) {
				t.Fatalf("seed %d: the %d largest are %v, want %v", seed, k, got, want)
			}
		}
	}
}

package steer

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
)

// The two benchmarks here hold the radix sorts against package slices, on scores of SmolLM2's size: whoever changes
// radix.go runs them, and takes it out where it gains nothing.

// BenchmarkSortKeys sorts the strongest n scores of an attribution, as Cumulative does.
func BenchmarkSortKeys(b *testing.B) {
	data := heavy(2)
	for _, n := range []int{200, 5_000, 20_000, 100_000, len(data)} {
		list := make([]sortKey, n)
		for i := range list {
			list[i] = key(float64(data[i]), i)
		}
		work := make([]sortKey, n)
		for name, sort := range map[string]func([]sortKey){
			"radix": func(l []sortKey) { sortKeys(l) },
			"slices": func(l []sortKey) {
				slices.SortStableFunc(l, func(a, b sortKey) int { return cmp.Compare(b.key, a.key) })
			},
			"slices, unstable": func(l []sortKey) {
				slices.SortFunc(l, func(a, b sortKey) int { return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.at, b.at)) })
			},
		} {
			b.Run(fmt.Sprintf("n=%d/%s", n, name), func(b *testing.B) {
				for b.Loop() {
					copy(work, list)
					sort(work)
				}
			})
		}
	}
}

// BenchmarkLargest finds the k largest of each row of F scores, as Candidates and Universal do.
func BenchmarkLargest(b *testing.B) {
	data := heavy(2)
	const F = 1536
	for _, k := range []int{50, 200} {
		b.Run(fmt.Sprintf("k=%d/radix", k), func(b *testing.B) {
			var s selector
			for i := 0; b.Loop(); i++ {
				s.largest(data[i%600*F:][:F], k)
			}
		})
		b.Run(fmt.Sprintf("k=%d/slices", k), func(b *testing.B) {
			order := make([]int32, F)
			for i := 0; b.Loop(); i++ {
				row := data[i%600*F:][:F]
				for n := range order {
					order[n] = int32(n)
				}
				slices.SortFunc(order, func(x, y int32) int {
					return cmp.Or(cmp.Compare(magnitude(row[y]), magnitude(row[x])), cmp.Compare(x, y))
				})
				slices.Sort(order[:k])
			}
		})
	}
}

package steer

import (
	"cmp"
	"math"
	"slices"
	"strconv"
)

func sameBits(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }

// largestSigned returns the indices of the k largest values, ties to the lower index.
func largestSigned(v []float32, k int) []int {
	idx := make([]int, len(v))
	for i := range idx {
		idx[i] = i
	}
	slices.SortStableFunc(idx, func(a, b int) int { return cmp.Compare(v[b], v[a]) })
	return idx[:min(max(k, 0), len(idx))]
}

// quoteText quotes a text so that spaces and newlines show.
func quoteText(s string) string { return strconv.Quote(s) }

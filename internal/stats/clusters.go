package stats

// Clusters numbers items so that two that share a member of their lists have the same number, and so do those that a chain
// of such items ties together; numbers rise with the first item of each, from 0. What more than the share common of the items
// have ties none together: it is what they all are about.
func Clusters[T comparable](lists [][]T, common float64) []int {
	has := map[T]int{}
	for _, list := range lists {
		for x := range set(list) {
			has[x]++
		}
	}
	parent := make([]int, len(lists))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	first := map[T]int{} // the first item that has it
	for i, list := range lists {
		for _, x := range list {
			if float64(has[x]) > common*float64(len(lists)) {
				continue
			}
			j, seen := first[x]
			if !seen {
				first[x] = i
				continue
			}
			if a, b := root(i), root(j); a != b {
				parent[max(a, b)] = min(a, b)
			}
		}
	}
	out, number := make([]int, len(lists)), map[int]int{}
	for i := range lists {
		r := root(i)
		if _, ok := number[r]; !ok {
			number[r] = len(number)
		}
		out[i] = number[r]
	}
	return out
}

func set[T comparable](list []T) map[T]bool {
	out := map[T]bool{}
	for _, x := range list {
		out[x] = true
	}
	return out
}

// Within returns the sums of a series [N] over the clusters that number its items, from 0 on. A bootstrap of such sums, with
// those of the weights, resamples clusters in place of items.
func Within(series []float64, cluster []int) []float64 {
	var out []float64
	for i, c := range cluster {
		for len(out) <= c {
			out = append(out, 0)
		}
		out[c] += series[i]
	}
	return out
}

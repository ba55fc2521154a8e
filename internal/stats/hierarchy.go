package stats

import (
	"cmp"
	"math"
	"slices"
)

// A Merge joins two clusters at a height, the mean distance between their items. Items are the clusters 0 to n−1, and the k-th
// merge makes the cluster n+k of Size items.
type Merge struct {
	A, B   int
	Height float64
	Size   int
}

// Agglomerate joins n items, two clusters at a time, those first whose items are closest in the mean (average linkage: Sokal and
// Michener 1958), until one is left: n−1 merges of rising height. The distances [n][n] are symmetric. It follows chains of nearest
// neighbors (Murtagh 1983), so that it takes n² steps.
func Agglomerate(distance [][]float64) []Merge {
	n := len(distance)
	d, size, live := make([][]float64, n), make([]int, n), make([]bool, n)
	for i := range d {
		d[i], size[i], live[i] = slices.Clone(distance[i]), 1, true
	}
	var (
		merges []Merge // of places; a place stands for the cluster that it is in
		chain  []int
	)
	for len(merges) < n-1 {
		if len(chain) == 0 {
			chain = append(chain, slices.Index(live, true))
		}
		for {
			x, next, least := chain[len(chain)-1], -1, math.Inf(1)
			if len(chain) > 1 { // of equally near ones the last, so that the chain ends
				next = chain[len(chain)-2]
				least = d[x][next]
			}
			for y := range n {
				if live[y] && y != x && (d[x][y] < least || next < 0) {
					next, least = y, d[x][y]
				}
			}
			if len(chain) > 1 && next == chain[len(chain)-2] {
				break
			}
			chain = append(chain, next)
		}
		a, b := chain[len(chain)-1], chain[len(chain)-2]
		chain = chain[:len(chain)-2]
		a, b = min(a, b), max(a, b)
		merges = append(merges, Merge{a, b, d[a][b], size[a] + size[b]})
		for y := range n { // b stands for both
			if live[y] && y != a && y != b {
				mean := (float64(size[a])*d[a][y] + float64(size[b])*d[b][y]) / float64(size[a]+size[b])
				d[b][y], d[y][b] = mean, mean
			}
		}
		size[b] += size[a]
		live[a] = false
	}
	slices.SortStableFunc(merges, func(a, b Merge) int { return cmp.Compare(a.Height, b.Height) })
	number := make([]int, n) // of the cluster that a place is in
	parent := make([]int, n)
	for i := range n {
		number[i], parent[i] = i, i
	}
	root := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for k, m := range merges {
		a, b := root(m.A), root(m.B)
		merges[k].A, merges[k].B = min(number[a], number[b]), max(number[a], number[b])
		parent[a] = b
		number[b] = n + k
	}
	return merges
}

// CutTree returns in which of k clusters each of n items is, numbered by their first item from 0.
func CutTree(merges []Merge, n, k int) []int {
	k = max(1, min(k, n))
	of := make([]int, n+len(merges)) // the last merge that a cluster is part of
	for i := range of {
		of[i] = i
	}
	for j := range max(0, min(n-k, len(merges))) {
		of[merges[j].A], of[merges[j].B] = n+j, n+j
	}
	labels, numbers := make([]int, n), map[int]int{}
	for i := range labels {
		c := i
		for of[c] != c {
			c = of[c]
		}
		if _, ok := numbers[c]; !ok {
			numbers[c] = len(numbers)
		}
		labels[i] = numbers[c]
	}
	return labels
}

// Silhouettes returns for each item (b − a)/max(a, b), where a is its mean distance to the others of its cluster and b the least
// mean distance to another cluster (Rousseeuw 1987): 1 is well inside, 0 between two, below that in the wrong one. An item that is
// alone has 0, and so have all where there is one cluster.
func Silhouettes(distance [][]float64, labels []int) []float64 {
	k := 0
	for _, c := range labels {
		k = max(k, c+1)
	}
	size := make([]int, k)
	for _, c := range labels {
		size[c]++
	}
	out := make([]float64, len(labels))
	for i, own := range labels {
		if size[own] < 2 || k < 2 {
			continue
		}
		sum := make([]float64, k)
		for j, c := range labels {
			if j != i {
				sum[c] += distance[i][j]
			}
		}
		a, b := sum[own]/float64(size[own]-1), math.Inf(1)
		for c := range k {
			if c != own && size[c] > 0 {
				b = min(b, sum[c]/float64(size[c]))
			}
		}
		if m := max(a, b); m > 0 && !math.IsInf(b, 1) {
			out[i] = (b - a) / m
		}
	}
	return out
}

// BestCut cuts a tree of n items into the number of clusters, from 2 to most, whose silhouettes are the largest in the mean; of
// equals the fewer. Of fewer than three items, or where no cut has a positive silhouette, it is one cluster.
func BestCut(distance [][]float64, merges []Merge, most int) (labels []int, silhouette float64) {
	n := len(distance)
	labels = CutTree(merges, n, 1)
	for k := 2; k <= min(most, n-1); k++ {
		cut := CutTree(merges, n, k)
		if s := Mean(Silhouettes(distance, cut)); s > silhouette {
			labels, silhouette = cut, s
		}
	}
	return labels, silhouette
}

// Recovered returns for each cluster of a partition how much of it the best cluster of another one of the same items is:
// the Jaccard index, 1 where it is found again exactly. Its mean over resamples says how stable a cluster is; Hennig (2007) calls
// .75 and more stable and .6 and less not to be trusted.
func Recovered(labels, other []int) []float64 {
	type ends struct{ a, b int }
	both, a, b := map[ends]int{}, map[int]int{}, map[int]int{}
	k := 0
	for i := range labels {
		both[ends{labels[i], other[i]}]++
		a[labels[i]]++
		b[other[i]]++
		k = max(k, labels[i]+1)
	}
	out := make([]float64, k)
	for e, n := range both {
		out[e.a] = max(out[e.a], float64(n)/float64(a[e.a]+b[e.b]-n))
	}
	return out
}

// Cosine returns the cosine of two vectors whose coordinates count weight times; 0 where one of them is nothing.
func Cosine(a, b, weight []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += weight[i] * a[i] * b[i]
		aa += weight[i] * a[i] * a[i]
		bb += weight[i] * b[i] * b[i]
	}
	if aa == 0 || bb == 0 {
		return 0
	}
	return max(-1, min(1, ab/math.Sqrt(aa)/math.Sqrt(bb)))
}

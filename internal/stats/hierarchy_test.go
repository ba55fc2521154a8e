package stats

import (
	"math"
	"slices"
	"testing"
)

// line are the distances of numbers.
func line(x ...float64) [][]float64 {
	d := make([][]float64, len(x))
	for i := range d {
		for j := range x {
			d[i] = append(d[i], math.Abs(x[i]-x[j]))
		}
	}
	return d
}

// TestAgglomerateByHand: four numbers; {0, 1} first, then 3 at the mean of 3 and 2, then 7 at the mean of 7, 6 and 4.
func TestAgglomerateByHand(t *testing.T) {
	d := line(0, 1, 3, 7)
	got := Agglomerate(d)
	if want := []Merge{{0, 1, 1, 2}, {2, 4, 2.5, 3}, {3, 5, 17. / 3, 4}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for k, want := range map[int][]int{1: {0, 0, 0, 0}, 2: {0, 0, 0, 1}, 3: {0, 0, 1, 2}, 4: {0, 1, 2, 3}, 9: {0, 1, 2, 3}, 0: {0, 0, 0, 0}} {
		if got := CutTree(got, 4, k); !slices.Equal(got, want) {
			t.Errorf("cut into %d: %v, want %v", k, got, want)
		}
	}
	if d[0][1] != 1 || d[3][0] != 7 {
		t.Error("the distances were changed")
	}
	alike(t, "silhouettes", Silhouettes(d, []int{0, 0, 0, 1}), []float64{5. / 7, .75, .375, 0})
	alike(t, "of one cluster", Silhouettes(d, []int{0, 0, 0, 0}), make([]float64, 4))
	alike(t, "of clusters of one", Silhouettes(d, []int{0, 1, 2, 3}), make([]float64, 4))
	labels, s := BestCut(d, got, 9)
	if want := (5./7 + .75 + .375) / 4; !slices.Equal(labels, []int{0, 0, 0, 1}) || math.Abs(s-want) > 1e-12 {
		t.Errorf("the best cut is %v at %v, want %v", labels, s, want)
	}
}

// TestAgglomerateAsScipy: nine vectors by cosine; scipy.cluster.hierarchy.linkage(method="average") and
// sklearn.metrics.silhouette_samples gave the numbers.
func TestAgglomerateAsScipy(t *testing.T) {
	x := [][]float64{{-2, -.5, -1.5, .5}, {1.5, -2, 3, 0}, {-.5, 2, 2, -.5}, {3, .5, 1, -1}, {1, -1, 0, -1.5}, {-1, 3, -1, -2}, {2.5, 1.5, -2, 3}, {.5, 0, 2.5, 2.5}, {-1.5, -1.5, 1.5, 2}}
	d := make([][]float64, len(x))
	for i := range d {
		for j := range x {
			d[i] = append(d[i], 1-Cosine(x[i], x[j], Ones(4)))
		}
		d[i][i] = 0
	}
	tree := Agglomerate(d)
	var heights []float64
	for i, m := range tree {
		heights = append(heights, m.Height)
		if want := [][3]int{{7, 8, 2}, {3, 4, 2}, {1, 9, 3}, {2, 5, 2}, {10, 11, 5}, {6, 13, 6}, {0, 12, 3}, {14, 15, 9}}[i]; [3]int{m.A, m.B, m.Size} != want {
			t.Errorf("merge %d is %v, want %v", i, m, want)
		}
	}
	alike(t, "heights", heights, []float64{.31666973, .42151878, .4991585, .51291181, 1.05865928, 1.08359003, 1.16484157, 1.2420233})
	alike(t, "silhouettes of 2", Silhouettes(d, CutTree(tree, 9, 2)),
		[]float64{.147159774, .523242188, .019896054, .34711811, .180773948, .48393687, .069221695, .367637324, .105714221})
	alike(t, "silhouettes of 4", Silhouettes(d, CutTree(tree, 9, 4)),
		[]float64{0, .5993381, .450466825, -.047781355, .198787759, .430489809, 0, .017047125, -.270379061})
	labels, s := BestCut(d, tree, 12)
	if !slices.Equal(labels, []int{0, 1, 2, 3, 3, 2, 4, 1, 1}) || math.Abs(s-.32117825441585235) > 1e-8 {
		t.Errorf("the best cut is %v at %v", labels, s)
	}
}

// TestAgglomerateTies: where everything is equally far, and of very few items, there are still n−1 merges and every cut has as
// many clusters as asked.
func TestAgglomerateTies(t *testing.T) {
	for n := range 9 {
		d := make([][]float64, n)
		for i := range d {
			d[i] = make([]float64, n)
			for j := range d[i] {
				if i != j {
					d[i][j] = 2
				}
			}
		}
		tree := Agglomerate(d)
		if len(tree) != max(0, n-1) {
			t.Fatalf("%d items make %d merges", n, len(tree))
		}
		for k := 1; k <= n; k++ {
			if labels := CutTree(tree, n, k); slices.Max(labels) != k-1 {
				t.Errorf("%d items cut into %d are %v", n, k, labels)
			}
		}
		if labels, s := BestCut(d, tree, 5); n > 0 && (slices.Max(labels) != 0 || s != 0) {
			t.Errorf("%d items that nothing sets apart: %v, %v", n, labels, s)
		}
	}
}

// TestRecovered: Jaccard indices written out.
func TestRecovered(t *testing.T) {
	alike(t, "same under other numbers", Recovered([]int{0, 0, 1, 1}, []int{1, 1, 0, 0}), []float64{1, 1})
	alike(t, "split and joined", Recovered([]int{0, 0, 0, 1, 1}, []int{0, 0, 1, 1, 1}), []float64{2. / 3, 2. / 3})
	alike(t, "all in one", Recovered([]int{0, 0, 0, 1}, []int{0, 0, 0, 0}), []float64{.75, .25})
}

// TestCosine: with weights, and of nothing.
func TestCosine(t *testing.T) {
	if got := Cosine([]float64{1, 2, 9}, []float64{2, 1, -9}, []float64{1, 1, 0}); math.Abs(got-.8) > 1e-12 {
		t.Error(got)
	}
	if Cosine([]float64{0, 0}, []float64{1, 1}, Ones(2)) != 0 {
		t.Error("nothing has a direction")
	}
}

// TestAboveP: only large controls count.
func TestAboveP(t *testing.T) {
	if p := AboveP(.5, []float64{-9, .4, .5, .6}); p != .6 {
		t.Error(p)
	}
}

func alike(t *testing.T, what string, got, want []float64) {
	t.Helper()
	if !slices.EqualFunc(got, want, func(a, b float64) bool { return math.Abs(a-b) < 5e-9 }) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

package stats

import (
	"math"
	"slices"
	"testing"
)

// TestNothingToCompare: where there is nothing to say a number is 0, and none is NaN.
func TestNothingToCompare(t *testing.T) {
	flat, rising, none := []float64{2, 2, 2, 2}, []float64{1, 2, 3, 4}, []float64{}
	for name, got := range map[string]float64{
		"slope over one place":        Slope(flat, rising),
		"ranks of a constant x":       Spearman(flat, rising),
		"ranks of a constant y":       Spearman(rising, flat),
		"correlation of nothing":      Pearson(none, none),
		"correlation, constant x":     Pearson(flat, rising),
		"correlation, constant y":     Pearson(rising, flat),
		"cosine of nothing":           Cosine(make([]float64, 4), rising, flat),
		"cosine with nothing":         Cosine(rising, make([]float64, 4), flat),
		"cosine where nothing counts": Cosine(rising, rising, make([]float64, 4)),
	} {
		if got != 0 {
			t.Errorf("%s is %g", name, got)
		}
	}
	for name, got := range map[string]Interval{
		"of nothing":          Correlation(none, none, 1),
		"of fewer y":          Correlation(rising, rising[:3], 1),
		"of no y":             Correlation(rising, none, 1),
		"of no x":             Correlation(none, rising, 1),
		"of ranks of fewer y": RankCorrelation(rising, rising[:3], 1),
		"of ranks of fewer x": RankCorrelation(rising[:3], rising, 1),
		"of a constant x":     {Correlation(flat, rising, 1).Value, Correlation(flat, rising, 1).Lo, Correlation(flat, rising, 1).Hi, 0},
		"of a constant y":     {Correlation(rising, flat, 1).Value, Correlation(rising, flat, 1).Lo, Correlation(rising, flat, 1).Hi, 0},
	} {
		if got != (Interval{}) {
			t.Errorf("the correlation %s is %+v", name, got)
		}
	}
	if r := Correlation(rising, rising, 1); r.Value != 1 || r.Hi != 1 || r.N != 4 {
		t.Errorf("the correlation with itself is %+v", r)
	}
}

// TestAgglomerateFar: what is infinitely far apart is joined as well, last of all; one item needs no joining.
func TestAgglomerateFar(t *testing.T) {
	inf := math.Inf(1)
	got := Agglomerate([][]float64{{0, inf, inf}, {inf, 0, 1}, {inf, 1, 0}})
	if want := []Merge{{1, 2, 1, 2}, {0, 3, inf, 3}}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := Agglomerate([][]float64{{0, inf, inf}, {inf, 0, inf}, {inf, inf, 0}}); len(got) != 2 {
		t.Errorf("three that are far apart are joined by %v", got)
	}
	if len(Agglomerate(nil)) != 0 || len(Agglomerate([][]float64{{0}})) != 0 {
		t.Error("nothing is joined to itself")
	}
}

// TestSilhouettesOfFew: who is alone, has no other cluster, or lies where all lie, has no silhouette; a cluster of nobody is none, and
// the distance of an item to itself does not count.
func TestSilhouettesOfFew(t *testing.T) {
	line := [][]float64{{9, 1, 4, 5}, {1, 9, 3, 4}, {4, 3, 9, 1}, {5, 4, 1, 9}} // at 0, 1, 4 and 5; 9 to itself
	nought := [][]float64{{0, 0, 0}, {0, 0, 0}, {0, 0, 0}}
	for name, c := range map[string]struct {
		distance [][]float64
		labels   []int
		want     []float64
	}{
		"two clusters":         {line, []int{0, 0, 1, 1}, []float64{3.5 / 4.5, 2.5 / 3.5, 2.5 / 3.5, 3.5 / 4.5}},
		"a cluster of nobody":  {line, []int{0, 0, 2, 2}, []float64{3.5 / 4.5, 2.5 / 3.5, 2.5 / 3.5, 3.5 / 4.5}},
		"one alone":            {line[:3], []int{0, 0, 1}, []float64{.75, 2. / 3, 0}},
		"one cluster":          {line, []int{0, 0, 0, 0}, []float64{0, 0, 0, 0}},
		"all at one place":     {nought, []int{0, 0, 1}, []float64{0, 0, 0}},
		"in the wrong cluster": {line, []int{0, 1, 0, 1}, []float64{(3. - 4) / 4, (2. - 4) / 4, (2. - 4) / 4, (3. - 4) / 4}},
	} {
		got := Silhouettes(c.distance, c.labels)
		for i := range c.want {
			if !(math.Abs(got[i]-c.want[i]) < 1e-12) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
				break
			}
		}
	}
}

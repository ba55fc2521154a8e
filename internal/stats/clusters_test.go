package stats

import (
	"math"
	"slices"
	"testing"
)

// TestClusters: what shares a member goes together, chains included; what most share ties nothing.
func TestClusters(t *testing.T) {
	for _, c := range []struct {
		lists [][]string
		want  []int
	}{
		{[][]string{{"a"}, {"b"}, {"a", "c"}, {"d"}, {"d", "e"}, {"f"}, {"c", "b"}, {}}, []int{0, 0, 0, 1, 1, 2, 0, 3}},
		{[][]string{{"the", "key"}, {"the", "door"}, {"the", "key", "key"}, {"the"}}, []int{0, 1, 0, 2}},
		{[][]string{{"x", "a"}, {"x"}, {"x", "b"}, {"y"}}, []int{0, 1, 2, 3}}, // x is in three of four
		{nil, []int{}},
	} {
		if got := Clusters(c.lists, .5); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.lists, got, c.want)
		}
	}
}

// TestWithin: a bootstrap of sums over clusters has the mean of the items, and the interval of as many numbers as clusters.
func TestWithin(t *testing.T) {
	v := []float64{1, 1, 1, 5, 5, 5}
	two := []int{0, 0, 0, 1, 1, 1}
	if got := Within(v, two); !slices.Equal(got, []float64{3, 15}) {
		t.Errorf("sums %v", got)
	}
	e := Bootstrap([][]float64{Within(v, two)}, Within(Ones(6), two), 0)[0]
	near(t, "mean", e.Value, 3, 1e-12)
	near(t, "lower end", e.Lo, 1, 1e-12)
	near(t, "upper end", e.Hi, 5, 1e-12)
	if one := Bootstrap([][]float64{v}, Ones(6), 0)[0]; one.Hi-one.Lo >= e.Hi-e.Lo {
		t.Errorf("items alone have the wider interval %+v", one)
	}
}

// TestBootstrapWithoutWeight: a draw whose weights cancel out is not divided by.
func TestBootstrapWithoutWeight(t *testing.T) {
	e := Bootstrap([][]float64{{1, 1}}, []float64{0, 1}, 0)[0]
	for _, x := range []float64{e.Value, e.Lo, e.Hi} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("%+v", e)
		}
	}
}

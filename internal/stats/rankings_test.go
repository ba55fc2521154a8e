package stats

import (
	"math"
	"testing"
)

// TestRankBiased: equal rankings, disjoint ones, and sums written out.
func TestRankBiased(t *testing.T) {
	n := func(is ...int) []int {
		return is
	}
	const p = .9
	for _, c := range []struct {
		name string
		a, b []int
		want float64
	}{
		{"equal", n(1, 2, 3), n(1, 2, 3), 1},
		{"a beginning", n(1, 2), n(1, 2, 3, 4), 1}, // agreement is extrapolated
		{"disjoint", n(1, 2), n(3, 4, 5), 0},
		{"nothing", nil, n(1), 0},
		{"turned", n(1, 2), n(2, 1), p}, // depth 1 agrees in none: 1 − (1 − p)
		{"second shared", n(1, 2), n(3, 2), (1-p)/p*(p*p/2) + p*p/2},
		{"shared late", n(1), n(2, 1), (1-p)/p*(p*p/2) + p*p/2}, // X_1 = 0, X_2 = 1
	} {
		if got := RankBiased(c.a, c.b, p); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		if got := RankBiased(c.b, c.a, p); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s, turned round: %v, want %v", c.name, got, c.want)
		}
	}
	if a, b := RankBiased(n(1, 2, 3, 4), n(1, 2, 9, 8), p), RankBiased(n(1, 2, 3, 4), n(9, 8, 1, 2), p); a <= b {
		t.Errorf("agreement at the top (%v) does not weigh more than further down (%v)", a, b)
	}
}

package steer

import (
	"strings"
	"testing"
)

// TestVerdicts: the rules of a baseline, at their bounds.
func TestVerdicts(t *testing.T) {
	// n examples, on right of which the target wins by 1 and loses by 1 else; on first of them it is the first choice
	set := func(n, right, first int) (g evidence) {
		for i := range n {
			o := Outcome{Target: Ranked{Rank: 7}, Difference: -1}
			if i < right {
				o.Difference = 1
			}
			if i < first {
				o.Target.Rank = 1
			}
			g.outcomes = append(g.outcomes, o)
		}
		return g
	}
	for _, c := range []struct {
		n, right, first int
		want            Verdict
	}{
		{0, 0, 0, TooFew},
		{4, 4, 4, TooFew},                         // p = 1/16
		{5, 5, 5, Shown},                          // p = 1/32
		{5, 4, 4, Absent},                         // p = 6/32
		{20, 14, 14, Absent}, {20, 15, 14, Shown}, // p = .058 and .021
		{20, 20, 10, Shown}, {20, 20, 9, Preferred},
		{20, 10, 10, Absent}, {20, 0, 0, Absent},
	} {
		s := judge(set(c.n, c.right, c.first))
		if s.verdict != c.want {
			t.Errorf("%d of %d, first choice on %d: %s, want %s", c.right, c.n, c.first, s.verdict, c.want)
		}
		if (len(s.doubts()) == 0) != (s.verdict == Shown && c.right == c.n) {
			t.Errorf("%d of %d: doubts %v", c.right, c.n, s.doubts())
		}
	}
	// most examples go the right way by little, the others the wrong way by much: the mean is no preference
	g := set(20, 18, 18)
	for i := 18; i < 20; i++ {
		g.outcomes[i].Difference = -30
	}
	if s := judge(g); s.verdict != Absent || !(s.difference.Lo < 0) {
		t.Errorf("a mean below zero: %s, %+v", s.verdict, s.difference)
	}
	// ranks that are not known speak for nothing
	g = set(20, 20, 0)
	for i := range g.outcomes {
		g.outcomes[i].Target.Rank = 0
	}
	if s := judge(g); s.verdict != Shown || s.ranked {
		t.Errorf("without ranks: %s, ranked %v", s.verdict, s.ranked)
	}
	if s := (Baseline{}).String(); (Baseline{}).Verdict() != TooFew || !strings.HasPrefix(s, "too few") || len((Baseline{}).Outcomes()) != 0 {
		t.Errorf("a zero Baseline says %q", s)
	}
}

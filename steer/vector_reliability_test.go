package steer_test

import (
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestReliability: the same pair twice agrees wholly and a pair beside its reverse not at all; what is not known is not said.
func TestReliability(t *testing.T) {
	p, back := steer.Pair{Positive: "I loved it and", Negative: "I hated it and"}, steer.Pair{Positive: "I hated it and", Negative: "I loved it and"}
	for name, c := range map[string]struct {
		pairs             []steer.Pair
		agreement, onSide float64
	}{"the same": {[]steer.Pair{p, p, p}, 1, 1}, "opposite": {[]steer.Pair{p, back}, -1, 0}} {
		v := run(t, fake.ControlVector(steer.NewPairs(c.pairs...)).Layers(1, 2))
		all := v.Reliability()
		if len(all) != 2 || all[0].Layer != 1 || len(v.Layers(2, 2).Scale(3).Normalize().Reliability()) != 1 {
			t.Fatalf("%s: %+v", name, all)
		}
		for _, r := range all {
			if d := r.Agreement.Value - c.agreement; d > 1e-6 || d < -1e-6 || r.HeldOut.Value != c.onSide || r.Agreement.N != len(c.pairs) {
				t.Errorf("%s: %+v, want %v and %v", name, r, c.agreement, c.onSide)
			}
		}
	}
	one := run(t, fake.ControlVector(steer.NewPairs(p)))
	two := run(t, fake.ControlVector(steer.NewPairs(p, back)))
	if one.Reliability() != nil || two.Add(one).Reliability() != nil || (steer.Vector{}).Reliability() != nil {
		t.Error("a vector of one pair, a sum or none says how well its pairs agree")
	}
}

package steer

import (
	"testing"
)

// TestVerdictWay: a circuit of neurons that oppose is necessary where more is left without it.
func TestVerdictWay(t *testing.T) {
	for _, c := range []struct {
		total  float64
		change float32
		want   CriterionState
	}{{1, -3, Met}, {1, 3, NotMet}, {-1, 3, Met}, {-1, -3, NotMet}, {0, -3, Met}, {0, 3, Met}} {
		j := passing()
		j.total, j.change = c.total, c.change
		if got := j.verdict(t, map[string]Record{"sweep": j.sweep(t, j.own, j.change, j.controls, false, false)})["necessity"]; got.State != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// TestVerdictBounds: a criterion of several conditions asks for each of them.
func TestVerdictBounds(t *testing.T) {
	for name, c := range map[string]struct {
		change    func(j *judged)
		criterion string
	}{
		"random sets carry as much":  {func(j *judged) { j.randomAlone = 3.7 }, "sufficiency"},
		"random circuits do as much": {func(j *judged) { j.random = -3.1 }, "necessity"},
		"no change":                  {func(j *judged) { j.change = 0 }, "necessity"},
	} {
		j := passing()
		c.change(&j)
		if got := j.verdict(t, j.records(t))[c.criterion]; got.State != NotMet {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

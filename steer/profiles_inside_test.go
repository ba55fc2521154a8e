package steer_test

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// TestProfilesInside: of a metric inside a prompt the outputs are the likeliest tokens there, and not at its end.
func TestProfilesInside(t *testing.T) {
	const begun = "The capital of France"
	scores := run(t, fake.Attribute(france).Target(" is").Versus(" and").At(len(run(t, fake.Predict(begun)).Tokens())-1))
	p := run(t, fake.Profiles(scores.TopEntries(8)).Outputs(4))
	listed := func(prompt string) (out []string) {
		out = []string{" is", " and"} // of the metric
		for _, r := range run(t, fake.Predict(prompt).Top(4)).Top() {
			if !slices.Contains(out, r.Token.Text) {
				out = append(out, r.Token.Text)
			}
		}
		return out
	}
	var got []string
	for _, w := range p.Writes(p.Units()[0]) {
		got = append(got, w.Token.Text)
	}
	if want := listed(begun); !slices.Equal(got, want) || slices.Equal(want, listed(france)) {
		t.Errorf("outputs %q, want %q; at the end they are %q", got, want, listed(france))
	}
}

// TestProfilesOfTheSilent: a unit that gives nothing reads nothing, whatever it is made of, and every number is one.
func TestProfilesOfTheSilent(t *testing.T) {
	p := run(t, fake.Profiles(pair).On(france).Measure(" Paris", " Rome").Ablate(pair))
	for _, n := range p.Units() {
		for _, r := range p.Reads(n) {
			if r.Relevance != 0 {
				t.Errorf("%v is set to zero and reads %+v", n, r)
			}
		}
		for _, w := range p.Writes(n) {
			if math.IsNaN(w.Contribution) {
				t.Errorf("%v gives %+v", n, w)
			}
		}
	}
	if s := p.CSV(); strings.Contains(s, "NaN") {
		t.Error(s)
	}
}

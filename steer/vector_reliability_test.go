package steer_test

import (
	"math"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/stats"
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

// TestSteerability: of each layer and example it is the least-squares slope of what Baseline gives with the vector of that layer alone
// added; the vector of the reversed pairs moves every example the other way; and what was not asked is not said.
func TestSteerability(t *testing.T) {
	set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "I loved the film. It was", Target: " Rome", Versus: " Paris"})
	var forth, back []steer.Pair
	for _, p := range feelings().All() {
		forth, back = append(forth, p), append(back, steer.Pair{Positive: p.Negative, Negative: p.Positive})
	}
	off := steer.NewCircuit("off", steer.Neuron{Layer: 1, Index: 3})
	for _, space := range []steer.Site{steer.Residual, steer.MLP, steer.MLPNeurons} {
		v := run(t, fake.ControlVector(steer.NewPairs(forth...)).From(space).Layers(0, 1).Ablate(off).OnExamples(set))
		w := run(t, fake.ControlVector(steer.NewPairs(back...)).From(space).Layers(0, 1).Ablate(off).OnExamples(set)).Reliability()
		all := v.Reliability()
		if len(all) != 2 || len(w) != 2 || all[1].Layer != 1 {
			t.Fatalf("%s: %+v", space, all)
		}
		for i, r := range all {
			mean, negative := 0., 0.
			for k, e := range set.All() {
				var xs, ys []float64
				for x := -1.5; x <= 1.5; x += .5 {
					b := run(t, fake.Baseline(steer.NewExamples(e)).With(steer.Ablate(off), steer.AddVector(v.Layers(r.Layer, r.Layer), x)))
					xs, ys = append(xs, x), append(ys, b.Difference().Value)
				}
				slope := stats.Slope(xs, ys)
				if mean += slope / 3; slope < 0 {
					negative++
				}
				if k == 2 && slope == 0 {
					t.Errorf("%s: layer %d does nothing", space, r.Layer)
				}
			}
			if math.Abs(r.Steerability.Value-mean) > 1e-5*(1+math.Abs(mean)) || r.AntiSteerable.Value != negative/3 || r.Steerability.N != 3 || r.AntiSteerable.N != 3 {
				t.Errorf("%s: %+v, want a mean slope of %v, %v below 0", space, r, mean, negative)
			}
			if math.Abs(w[i].Steerability.Value+mean) > 1e-5*(1+math.Abs(mean)) || math.Abs(w[i].AntiSteerable.Value-(1-negative/3)) > 1e-9 {
				t.Errorf("%s: the reversed pairs give %+v, the pairs %+v", space, w[i], r)
			}
		}
		for name, x := range map[string]steer.Vector{"scaled": v.Scale(-1), "normalized": v.Normalize(), "a sum": v.Add(v), "a rest": v.Without(v.Scale(0))} {
			for _, r := range x.Reliability() {
				if r.Steerability != (steer.Estimate{}) || r.AntiSteerable != (steer.Estimate{}) {
					t.Errorf("%s, %s: %+v", space, name, r)
				}
			}
		}
		if narrow := v.Layers(1, 1).Reliability(); len(narrow) != 1 || narrow[0] != all[1] {
			t.Errorf("%s: %+v, of layer 1 alone %+v", space, all[1], narrow)
		}
	}
	one := run(t, fake.ControlVector(steer.NewPairs(forth[0])).OnExamples(set)).Reliability()
	if len(one) == 0 || one[0].Agreement.N != 0 || one[0].Steerability.N != 3 {
		t.Errorf("of a single pair: %+v", one)
	}
	if _, err := fake.ControlVector(feelings()).OnExamples(steer.NewExamples(steer.Example{Prompt: "I", Target: " two tokens"}, steer.Example{})).Run(t.Context()); err == nil {
		t.Error("examples that say nothing are measured")
	}
}

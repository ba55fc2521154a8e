package steer_test

import (
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestPatchUnderInterventions: what a unit does under interventions, at some positions, everywhere but at a BOS, of several vectors
// and of new text alone, is what an attribution's metric loses by its ablation after them; of one target, of two, and of heads.
func TestPatchUnderInterventions(t *testing.T) {
	at, err := steer.NewVector("v", steer.Residual, cheer(t).Shape(), map[int][]float32{0: cheer(t).Layer(0), 1: cheer(t).Layer(1)})
	if err != nil {
		t.Fatal(err)
	}
	scores := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	here := scores.TopEntries(3)
	for name, with := range map[string][]steer.Intervention{
		"nothing":              nil,
		"everywhere":           {steer.Scale(pair, 3)},
		"at positions":         {steer.Scale(here, 3).AtPositions()},
		"but at a BOS":         {steer.Scale(pair, 3).SkipBOS()},
		"a vector":             {steer.AddVector(at, .3)},
		"of new text":          {steer.Scale(here, 3).AtPositions().GeneratedOnly(), steer.Scale(pair, 5).GeneratedOnly()},
		"several, one by text": {steer.Scale(pair, 3), steer.AddVector(at, .2).SkipBOS(), steer.Scale(here, 2).AtPositions()},
	} {
		for _, versus := range []string{" Rome", ""} {
			set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: versus})
			metric := fake.Attribute(france).Target(" Paris")
			if versus != "" {
				metric = metric.Versus(versus)
			}
			full := run(t, metric.With(with...)).Metric()
			units := steer.Neurons("L0/N1, L1/N2, L2/N7, L0/H0, L1/H1")
			for _, r := range run(t, fake.Patch(set).Units(units).Ablation(steer.ZeroAblation).With(with...)).Rows() {
				want := full - run(t, metric.With(append(slices.Clip(with), steer.Ablate(steer.NewCircuit("", r.Unit)))...)).Metric()
				if math.Abs(r.Effect.Value-want) > 1e-5 {
					t.Errorf("%s, versus %q, on %q: %v loses %v, want %v", name, versus, france, r.Unit, r.Effect.Value, want)
				}
			}
		}
	}
}

// TestPatchShares: scores agree with what is patched where a unit is a head, whose whole output goes, and where one gives nothing, of
// which a patch takes no share.
func TestPatchShares(t *testing.T) {
	set, silent := between(), steer.Ablate(steer.Neurons("L0/N1"))
	b := run(t, fake.Behavior(set).With(silent))
	for _, a := range []steer.Ablation{steer.ZeroAblation, steer.MeanAblation} {
		if x := run(t, fake.Patch(set).With(silent).Ablation(a)).Agreement(b); !(x.Pearson.Value > .99) {
			t.Errorf("%s, of which one gives nothing: %+v", a, x.Pearson)
		}
	}
	heads := b.Mean().Heads().TopK(6)
	if x := run(t, fake.Patch(set).With(silent).Units(heads)).Agreement(b); heads.Len() < 3 || !(x.Pearson.Value > .99) {
		t.Errorf("%v: %+v", heads, x.Pearson)
	}
}

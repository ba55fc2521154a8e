//go:build cgo

package local_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestLawPatchingWithItself: setting units to what they are on the prompt itself changes nothing, neurons one by one and two by
// two, and nothing else about the patch is foretold; from another prompt it does.
func TestLawPatchingWithItself(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		set := faithful(t, m)
		var own []steer.Example
		for _, e := range set.All() {
			e.Patch = e.Prompt
			own = append(own, e)
		}
		pairs := steer.Neurons("L0/N1, L0/N2, L1/N3")
		patch := m.Patch(set).Sample(40).Pairs(pairs).Ablation(steer.PatchAblation)
		same, other := run(t, m.Patch(steer.NewExamples(own...)).Sample(40).Pairs(pairs).Ablation(steer.PatchAblation)), run(t, patch)
		if len(same.Rows()) != 43 || len(same.Pairs()) != 3 {
			t.Fatalf("%s: %d units and %d pairs", ref, len(same.Rows()), len(same.Pairs()))
		}
		for _, r := range same.Rows() {
			if math.Abs(r.Effect.Value) > 1e-5 {
				t.Errorf("%s: %v, patched with itself, has the effect %v", ref, r.Unit, r.Effect.Value)
			}
		}
		for _, p := range same.Pairs() {
			if math.Abs(p.Effect.Value) > 1e-5 {
				t.Errorf("%s: %v, patched with themselves, have the effect %v", ref, p.Units, p.Effect.Value)
			}
		}
		if top := math.Abs(other.Rows()[0].Effect.Value); top < 1e-3 {
			t.Errorf("%s: patching from another prompt has the effect %v at most", ref, top)
		}
	}
}

// TestLawPatchIsSweep: what a patch does is what a sweep finds of that one unit, neuron or head, for zero and for means, with
// the first position and under other interventions; a pair is a circuit of two.
func TestLawPatchIsSweep(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		set := faithful(t, m)
		other := steer.Scale(steer.Neurons("L0/N5"), 3)
		neurons, heads := steer.Neurons("L0/N5, L1/N3, L1/N7"), steer.Neurons("L0/H0, L1/H1")
		for _, c := range []struct {
			units steer.Circuit
			a     steer.Ablation
		}{{neurons, steer.ZeroAblation}, {neurons, steer.MeanAblation}, {neurons, steer.TokenMeanAblation}, {heads, steer.ZeroAblation}} {
			got := run(t, m.Patch(set).Pairs(c.units).Ablation(c.a).With(other))
			check := func(effect float64, ns ...steer.Neuron) {
				t.Helper()
				curve := run(t, m.Sweep(steer.NewCircuit("", ns...), 0, 1).OnExamples(set).Ablation(c.a).With(other))
				mean, _, _ := curve.Response()
				if math.Abs(mean[1]-mean[0]-effect) > 2e-5 {
					t.Errorf("%s, %s: %v loses %v, a sweep says %v", ref, c.a, ns, effect, mean[1]-mean[0])
				}
			}
			for _, r := range got.Rows() {
				check(r.Effect.Value, r.Unit)
			}
			for _, p := range got.Pairs() {
				check(p.Effect.Value, p.Units[:]...)
			}
		}
	}
}

// TestLawPatchKeepsTheFirst: with KeepFirst a patch is what an ablation of that unit everywhere but at the first position does.
func TestLawPatchKeepsTheFirst(t *testing.T) {
	m := engineOf(t, "teaching") // whose prompts begin with a BOS
	e := steer.Example{Prompt: "I loved the film. It was", Target: " wonderful", Versus: " terrible"}
	metric := m.Attribute(e.Prompt).Target(e.Target).Versus(e.Versus)
	full, differs := run(t, metric).Metric(), 0.
	everywhere := map[steer.Neuron]float64{}
	for _, r := range run(t, m.Patch(steer.NewExamples(e)).Sample(60).Ablation(steer.ZeroAblation)).Rows() {
		everywhere[r.Unit] = r.Effect.Value
	}
	for _, r := range run(t, m.Patch(steer.NewExamples(e)).Sample(60).Ablation(steer.ZeroAblation).KeepFirst()).Rows() {
		want := full - run(t, metric.With(steer.Ablate(steer.NewCircuit("", r.Unit)).SkipBOS())).Metric()
		if math.Abs(r.Effect.Value-want) > 2e-5 {
			t.Errorf("%v loses %v, ablated after the first position %v", r.Unit, r.Effect.Value, want)
		}
		differs = max(differs, math.Abs(r.Effect.Value-everywhere[r.Unit]))
	}
	if differs < 1e-3 {
		t.Errorf("keeping the first position changes effects by %g at most: the test shows nothing", differs)
	}
}

// TestPatchManyAsOne: what a unit does among so many that an edit serves several patches is what it does alone.
func TestPatchManyAsOne(t *testing.T) {
	m := engineOf(t, "teaching")
	set := faithful(t, m)
	rows := run(t, m.Patch(set).Sample(250)).Rows()
	for i := 0; i < len(rows); i += 25 {
		alone := run(t, m.Patch(set).Units(steer.NewCircuit("", rows[i].Unit))).Rows()[0]
		if math.Abs(alone.Effect.Value-rows[i].Effect.Value) > 2e-5 {
			t.Errorf("%v loses %v among others and %v alone", rows[i].Unit, rows[i].Effect.Value, alone.Effect.Value)
		}
	}
}

// TestPatchResumes: what was canceled goes on from the parts that the store has, with the very numbers of a run in one go.
func TestPatchResumes(t *testing.T) {
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	set := steer.NewExamples(steer.Example{Prompt: "The keys", Target: " are", Versus: " is"})
	q, err := steer.New("", r).Patch(set).Sample(1000).Ablation(steer.TokenMeanAblation).Request()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := r.Run(t.Context(), q, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r.Keep(s)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = r.Run(ctx, q, func(e steer.Event) {
		if e.Phase == "patch" && e.Done == 300 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	var done []int
	again, err := r.Run(t.Context(), q, func(e steer.Event) {
		if e.Phase != "patch" || e.Total != 1000 {
			t.Errorf("%+v", e)
		}
		done = append(done, e.Done)
	})
	if err != nil {
		t.Fatal(err)
	}
	// 1000 are eight parts, of which at least two were kept: while the news of the 300th is on its way the engine may be done with others.
	if !slices.IsSorted(done) || done[0] < 250 || done[0] == 1000 || done[0]%125 != 0 || done[len(done)-1] != 1000 {
		t.Errorf("goes on from %d to %d", done[0], done[len(done)-1])
	}
	if string(again.Header.Body) != string(whole.Header.Body) || !reflect.DeepEqual(again.Tensors, whole.Tensors) {
		t.Error("what goes on is not what runs in one go")
	}
}

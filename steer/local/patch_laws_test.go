//go:build cgo

package local_test

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/modelref"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestLawPatchingWithItself: setting units to what they are on the prompt itself changes nothing, neurons and heads one by one and two
// by two, and nothing else about the patch is foretold; from another prompt it does.
func TestLawPatchingWithItself(t *testing.T) {
	for _, ref := range lawModels {
		m := engineOf(t, ref)
		set := faithful(t, m)
		var own []steer.Example
		for _, e := range set.All() {
			e.Patch = e.Prompt
			own = append(own, e)
		}
		pairs := steer.Neurons("L0/N1, L0/H1, L1/N3, L1/H0")
		patch := m.Patch(set).Sample(40).Pairs(pairs).Ablation(steer.PatchAblation)
		same, other := run(t, m.Patch(steer.NewExamples(own...)).Sample(40).Pairs(pairs).Ablation(steer.PatchAblation)), run(t, patch)
		if len(same.Rows()) != 44 || len(same.Pairs()) != 6 {
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

// TestLawPatchOfHeadsByHand: what setting a head to its output on the example's own patch prompt, or to means over the prompts,
// does is what an edit of that one head does which is made by hand, and what scores
// foretell of it is the step times the slope of each channel; with KeepFirst the first position is as it was.
func TestLawPatchOfHeadsByHand(t *testing.T) {
	for _, ref := range lawModels {
		m, e := engineOf(t, ref), loaded(t, ref)
		set, shape := faithful(t, m), e.Shape()
		ids := func(text string) []int32 { return run(t, m.Tokens(text)).IDs() }
		known := map[string][]float32{}
		heads := func(text string) []float32 {
			if z, ok := known[text]; ok {
				return z
			}
			r, err := e.Forward(t.Context(), engine.Forward{IDs: [][]int32{ids(text)}, Capture: engine.Heads}, nil)
			if err != nil {
				t.Fatal(err)
			}
			known[text] = r.Heads[0]
			return r.Heads[0]
		}
		mean := make([]float32, len(heads(set.All()[0].Prompt)))
		for _, x := range set.All() {
			for i, z := range heads(x.Prompt) {
				mean[i] += z / float32(set.Len())
			}
		}
		slopes := map[steer.Rule]map[string][]float32{steer.RelP: {}, steer.Gradient: {}}
		for rule, of := range slopes {
			for _, x := range set.All() {
				term := engine.Term{Position: len(ids(x.Prompt)) - 1, Target: token(t, m, x.Target), Versus: token(t, m, x.Versus)}
				r, err := e.Attribute(t.Context(), engine.Attribution{IDs: [][]int32{ids(x.Prompt)}, Terms: [][]engine.Term{{term}}, Rule: rule, HeadSlopes: true}, nil)
				if err != nil {
					t.Fatal(err)
				}
				of[x.Prompt] = r.HeadSlopes[0]
			}
		}
		T, C := len(mean)/(shape.Layers*shape.Heads*shape.HeadDim), shape.HeadDim
		all := everyHead(shape)
		for _, keep := range []bool{false, true} {
			for _, a := range []steer.Ablation{steer.PatchAblation, steer.MeanAblation, steer.TokenMeanAblation} {
				task, from := m.Patch(set).Units(all).Ablation(a), 0
				if keep {
					task, from = task.KeepFirst(), 1
				}
				patching, largest, foretold := run(t, task), 0., map[steer.Rule]map[string]float64{}
				for rule := range slopes {
					foretold[rule] = map[string]float64{}
					a := patching.Agreement(run(t, m.Behavior(set).Rule(rule)))
					says, _ := a.Points()
					for i, name := range a.PointNames() {
						foretold[rule][name] = says[i]
					}
				}
				for _, row := range patching.Rows() {
					want, first := 0., map[steer.Rule]float64{}
					for _, x := range set.All() {
						to := mean
						if a == steer.PatchAblation {
							to = heads(x.Patch)
						}
						edit := &engine.Edit{B: 1, T: T, HeadAdd: make([]float32, len(mean))}
						for t := from; t < T; t++ {
							at := ((row.Unit.Layer*T+t)*shape.Heads + row.Unit.Index) * C
							edit.Puts = append(edit.Puts, engine.Put{Neuron: row.Unit, Position: t})
							for c := range C {
								edit.HeadAdd[at+c] = to[at+c]
								for p := from; a == steer.TokenMeanAblation && p < T; p++ {
									if p == from {
										edit.HeadAdd[at+c] = 0
									}
									edit.HeadAdd[at+c] += to[((row.Unit.Layer*T+p)*shape.Heads+row.Unit.Index)*C+c] / float32(T-from)
								}
								for rule := range slopes {
									first[rule] += float64(heads(x.Prompt)[at+c]-edit.HeadAdd[at+c]) * float64(slopes[rule][x.Prompt][at+c]) / float64(set.Len())
								}
							}
						}
						loses := func(edit *engine.Edit) float64 {
							r, err := e.Forward(t.Context(), engine.Forward{IDs: [][]int32{ids(x.Prompt)}, Edit: edit}, nil)
							if err != nil {
								t.Fatal(err)
							}
							return float64(r.Logits[0][token(t, m, x.Target)]) - float64(r.Logits[0][token(t, m, x.Versus)])
						}
						want += (loses(nil) - loses(edit)) / float64(set.Len())
					}
					if math.Abs(row.Effect.Value-want) > 2e-5 {
						t.Errorf("%s, %s, first kept %v: %v loses %v, by hand %v", ref, a, keep, row.Unit, row.Effect.Value, want)
					}
					largest = max(largest, math.Abs(want))
					for rule, want := range first {
						if got := foretold[rule][row.Unit.String()]; math.Abs(got-want) > 2e-5 {
							t.Errorf("%s, %s, first kept %v, %s: of %v %v is foretold, by hand %v", ref, a, keep, rule, row.Unit, got, want)
						}
					}
				}
				if largest < 1e-3 {
					t.Errorf("%s, %s: heads do %g at most: the test shows nothing", ref, a, largest)
				}
			}
		}
	}
}

// loaded returns the engine of a model.
func loaded(t *testing.T, ref string) engine.Engine {
	t.Helper()
	m, err := modelref.Resolve(ref)
	if err != nil {
		t.Fatal(err)
	}
	l, err := local.Load(t.Context(), m, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Engine
}

// token returns the id that an example's target is read as.
func token(t *testing.T, m *steer.Model, text string) int32 {
	t.Helper()
	return run(t, m.Predict("a b c").Of(text)).Of()[0].Token.ID
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

// TestPatchOfHeadsManyAsOne: what slopes foretell of heads in some of the parts of a patching is what they foretell of them alone.
func TestPatchOfHeadsManyAsOne(t *testing.T) {
	m := engineOf(t, "teaching")
	set, heads := faithful(t, m), steer.Neurons("L0/H0, L1/H1, L3/H0")
	b := run(t, m.Behavior(set).Rule(steer.Gradient))
	points := func(task steer.PatchTask) map[string][2]float64 {
		out, a := map[string][2]float64{}, run(t, task.Units(heads).Ablation(steer.PatchAblation)).Agreement(b)
		foretold, effect := a.Points()
		for i, name := range a.PointNames() {
			out[name] = [2]float64{foretold[i], effect[i]}
		}
		return out
	}
	many, alone := points(m.Patch(set).Sample(400)), points(m.Patch(set))
	if len(many) != 403 || len(alone) != 3 {
		t.Fatalf("%d and %d units", len(many), len(alone))
	}
	for name, want := range alone {
		got := many[name]
		if want[0] == 0 || math.Abs(got[0]-want[0]) > 1e-5 || math.Abs(got[1]-want[1]) > 2e-5 {
			t.Errorf("%s: foretold and effect %v among others, %v alone", name, got, want)
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

package steer_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestPatching: what a patching says is what follows from its examples: effects are means of what is lost, the synergy of a pair
// is what it does beyond its two, the largest come first, and a table, CSV and JSON have them all.
func TestPatching(t *testing.T) {
	p := run(t, fake.Patch(between()).Pairs(steer.Neurons("L0/N1, L1/N2, L2/N3")).Sample(5).Ablation(steer.PatchAblation))
	rows, pairs := p.Rows(), p.Pairs()
	if len(rows) != 8 || len(pairs) != 3 {
		t.Fatalf("%d units, %d pairs", len(rows), len(pairs))
	}
	alone := map[steer.Neuron]float64{}
	for i, r := range rows {
		alone[r.Unit] = r.Effect.Value
		if i > 0 && math.Abs(rows[i-1].Effect.Value) < math.Abs(r.Effect.Value) {
			t.Errorf("%v comes before %v", rows[i-1], r)
		}
	}
	for _, x := range pairs {
		if want := x.Effect.Value - alone[x.Units[0]] - alone[x.Units[1]]; math.Abs(x.Synergy.Value-want) > 1e-9 {
			t.Errorf("%v: synergy %v, want %v", x.Units, x.Synergy.Value, want)
		}
	}
	js, err := p.MarshalJSON()
	for what, s := range map[string]string{"table": p.String(), "CSV": p.CSV(), "JSON": string(js)} {
		if err != nil || !strings.Contains(s, "L1/N2") && !strings.Contains(s, `"index":2`) || strings.Contains(s, "NaN") {
			t.Errorf("%s: %s", what, s)
		}
	}
	if n := strings.Count(p.CSV(), "\n"); n != 12 {
		t.Errorf("%d lines of CSV", n)
	}
}

// TestPatchSample: as many neurons of one layer as of another, none twice, none of those given, another seed others.
func TestPatchSample(t *testing.T) {
	drawn := func(seed uint64) (out string, layers map[int]int) {
		layers = map[int]int{}
		seen := map[steer.Neuron]bool{}
		for _, r := range run(t, fake.Patch(between()).Sample(7).Units(pair).Seed(seed)).Rows() {
			if seen[r.Unit] {
				t.Errorf("%v is patched twice", r.Unit)
			}
			seen[r.Unit] = true
			if !strings.Contains(pair.String(), r.Unit.String()) {
				layers[r.Unit.Layer]++
			}
			out += r.Unit.String() + " "
		}
		if len(seen) != 9 {
			t.Errorf("%d units", len(seen))
		}
		return out, layers
	}
	a, layers := drawn(0)
	b, _ := drawn(0)
	c, _ := drawn(1)
	if a != b || a == c {
		t.Error("a sample is to depend on its seed alone")
	}
	least, most := 99, 0
	for _, n := range layers {
		least, most = min(least, n), max(most, n)
	}
	if len(layers) != run(t, fake.Info()).Shape().Layers || most-least > 2 {
		t.Errorf("the layers have %v", layers)
	}
}

// TestAgreement: scores that a model follows to first order agree with its effects wholly, whatever a patch sets and wherever;
// those of other examples are refused; shuffled ones agree no more.
func TestAgreement(t *testing.T) {
	set := between()
	b := run(t, fake.Behavior(set))
	for _, a := range []steer.Ablation{steer.ZeroAblation, steer.MeanAblation, steer.TokenMeanAblation, steer.PatchAblation} {
		for _, task := range []steer.PatchTask{fake.Patch(set).Ablation(a), fake.Patch(set).Ablation(a).KeepFirst()} {
			x := run(t, task).Agreement(b)
			if x.Pearson.Value < .999 || x.Pearson.N != 24 || x.Pearson.Lo > x.Pearson.Value || x.Pearson.Hi < x.Pearson.Value-1e-9 || len(x.ByLayer) == 0 {
				t.Errorf("%s: %+v", a, x)
			}
		}
	}
	for _, rule := range []steer.Rule{steer.RelP, steer.Gradient, steer.IntegratedGradients(2)} {
		for _, a := range []steer.Ablation{steer.ZeroAblation, steer.MeanAblation, steer.TokenMeanAblation, steer.PatchAblation} {
			task := fake.Patch(set).Units(steer.Neurons("L0/N1, L0/H0, L0/H1, L1/N2, L1/H0, L2/H1")).Ablation(a)
			more := steer.Neurons("L1/H0, L0/N3")
			for name, x := range map[string]struct {
				task   steer.PatchTask
				scores steer.BehaviorTask
			}{
				"plain": {task, fake.Behavior(set).Rule(rule)}, "first kept": {task.KeepFirst(), fake.Behavior(set).Rule(rule)},
				"under a scale": {task.Scale(more, 5), fake.Behavior(set).Rule(rule).Scale(more, 5)},
			} {
				foretold, effect := run(t, x.task).Agreement(run(t, x.scores)).Points()
				if len(effect) != 6 {
					t.Fatalf("%s, %s, %s: %v", rule, a, name, effect)
				}
				for k := range effect {
					if math.Abs(foretold[k]-effect[k]) > 1e-3*math.Abs(effect[k])+2e-6 {
						t.Errorf("%s, %s, %s: unit %d foretold %v, effect %v", rule, a, name, k, foretold[k], effect[k])
					}
				}
			}
		}
	}
	p := run(t, fake.Patch(set))
	for name, other := range map[string]steer.ExampleSet{"fewer": steer.NewExamples(set.All()[0]), "longer": steer.NewExamples(steer.Example{Prompt: "Well, " + france, Target: " Paris"}, set.All()[1])} {
		if got := p.Agreement(run(t, fake.Behavior(other))); fmt.Sprint(got) != fmt.Sprint(steer.Agreement{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestPatchRefuses: what means nothing is a mistake that says what to type.
func TestPatchRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		task steer.PatchTask
		says []string
	}{
		"no examples": {fake.Patch(steer.NewExamples()), []string{"there are no examples"}},
		"a number":    {fake.Patch(between()).Sample(-1), []string{"Sample(-1)", "Sample(500)"}},
		"too many":    {fake.Patch(between()).Sample(1000), []string{"Sample(1000)", "24 other neurons"}},
		"no patch":    {fake.Patch(capitals()).Ablation(steer.PatchAblation), []string{"it has no patch prompt"}},
		"empty":       {fake.Patch(between()).Pairs(steer.NewCircuit("none")), []string{`"none" is empty`, "TopK(20)"}},
		"elsewhere":   {fake.Patch(between()).Units(steer.Neurons("L9/N9")), []string{"L9/N9"}},
	} {
		_, err := c.task.Run(t.Context())
		for _, s := range c.says {
			if err == nil || !strings.Contains(err.Error(), s) || !strings.HasPrefix(err.Error(), "patch: ") {
				t.Errorf("%s: %v, want %q", name, err, s)
			}
		}
	}
}

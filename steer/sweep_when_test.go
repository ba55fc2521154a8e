package steer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// early is a probe that reads the residual stream after the first layer.
func early() steer.Vector {
	shape := steertest.NewEngine().Shape()
	row := make([]float32, shape.Width)
	row[1], row[2] = 1, -2
	v, err := steer.NewVector("early", steer.Residual, shape, map[int][]float32{0: row})
	if err != nil {
		panic(err)
	}
	return v
}

// TestSweepWhen: a circuit that is scaled under a condition, toward zero or around means, measures what predictions with that
// intervention under the condition give, one by one, and its side effects are those of the positions that pass.
func TestSweepWhen(t *testing.T) {
	c := steer.Neurons("L1/N2, L2/N3")
	set := between()
	mean := run(t, fake.MeanActivations(france, italy))
	never, always := math.Inf(-1), math.Inf(1) // the largest and the smallest projection
	for _, e := range set.All() {
		a := run(t, fake.Capture(e.Prompt).From(steer.Residual))
		for p := range a.Tokens() {
			sum := 0.
			for d, x := range early().Normalize().Layer(0) {
				sum += float64(x) * float64(a.Row(steer.Residual, 0, p)[d])
			}
			never, always = max(never, sum), min(always, sum)
		}
	}
	middle := (never + always) / 2
	gated := func(i steer.Intervention, above float64, prompt bool) steer.Intervention {
		if i = i.When(early(), above); prompt {
			i = i.ByPrompt()
		}
		return i
	}
	acts, holds := 0, 0
	for _, above := range []float64{always - 1, middle, never + 1} {
		for _, prompt := range []bool{false, true} {
			zero, around := fake.Sweep(c, 0, .5, 1, 3).OnExamples(set).Controls(2).When(early(), above), fake.Sweep(c, 0, 1).OnExamples(set).Ablation(steer.TokenMeanAblation).When(early(), above)
			if prompt {
				zero, around = zero.ByPrompt(), around.ByPrompt()
			}
			curve, means := run(t, zero), run(t, around)
			if !strings.Contains(curve.String(), "scaled only where its condition holds") {
				t.Errorf("%v", curve)
			}
			for n, e := range set.All() {
				of := func(is ...steer.Intervention) float64 {
					p := run(t, fake.Predict(e.Prompt).Of(e.Target, e.Versus).With(is...))
					return p.Of()[0].Logit - p.Of()[1].Logit
				}
				for k, x := range []float64{0, .5, 1, 3} {
					want := of(gated(steer.Scale(c, x), above, prompt))
					if got := curve.Prompts()[n][k]; math.Abs(got-want) > 1e-4 {
						t.Errorf("above %v, by prompt %v, %q × %v: %v, want %v", above, prompt, e.Prompt, x, got, want)
					}
					if k == 0 && math.Abs(want-of()) > 1e-3 {
						acts++
					} else if k == 0 && math.Abs(want-of(steer.Scale(c, x))) > 1e-3 {
						holds++
					}
				}
				if got, want := means.Prompts()[n][0], of(gated(steer.ToMean(c, mean), above, prompt)); math.Abs(got-want) > 1e-4 {
					t.Errorf("above %v, by prompt %v, %q to its mean: %v, want %v", above, prompt, e.Prompt, got, want)
				}
			}
		}
	}
	if acts < 4 || holds < 4 {
		t.Errorf("the condition lets %d ablations act and holds %d back: the test shows nothing", acts, holds)
	}
	effect := func(task steer.SweepTask) float64 {
		return run(t, task.SideEffects(france).Continue(3)).SideEffects()[0].Divergence.Value
	}
	plain := fake.Sweep(c, 0).OnExamples(set)
	if all, some, none := effect(plain), effect(plain.When(early(), middle)), effect(plain.When(early(), never+1)); none != 0 || some == 0 || math.Abs(some-all) < 1e-6*all || math.Abs(effect(plain.When(early(), always-1))-all) > 1e-6*all {
		t.Errorf("side effects are %v everywhere, %v where a condition holds and %v where none does", all, some, none)
	}
}

// TestSweepWhenRefuses: a condition that is known only after the circuit acts, or above no number, is a mistake.
func TestSweepWhenRefuses(t *testing.T) {
	for name, x := range map[string]struct {
		task steer.SweepTask
		says string
	}{
		"too late":     {fake.Sweep(steer.Neurons("L0/N1, L1/N2"), 0).OnExamples(between()).When(early(), 0), "its condition is first known after layer 0"},
		"of no number": {fake.Sweep(pair, 0).OnExamples(between()).When(early(), math.NaN()), "When(probe, 1)"},
		"by nothing":   {fake.Sweep(pair, 0).OnExamples(between()).ByPrompt(), "When(probe, 1)"},
	} {
		if _, err := x.task.Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%s: %v, want %q", name, err, x.says)
		}
	}
}

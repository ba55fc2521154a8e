package steer_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/execute"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// few are examples of unequal length on the fake model.
func few() steer.ExampleSet {
	return steer.NewExamples(
		steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"},
		steer.Example{Prompt: "France is", Target: " Paris", Versus: " Rome"})
}

// TestStabilitySelects: the circuit of a specification is what the scores of all examples select, and its effect is what a sweep
// that ablates it finds.
func TestStabilitySelects(t *testing.T) {
	v := run(t, fake.Stability(fake.Behavior(few())).Sizes(2, 5).Rules(steer.RelP, steer.Gradient))
	seen := 0
	for _, s := range v.Specifications() {
		mean := run(t, fake.Behavior(few()).Rule(s.Rule)).Mean()
		var want steer.Circuit
		switch s.Selection {
		case steer.SelectMean:
			want = mean.TopK(s.Size)
		case steer.SelectPositive:
			want = mean.Positive().TopK(s.Size)
		case steer.SelectSkipFirst:
			want = mean.SkipFirst().TopK(s.Size)
		default:
			continue
		}
		seen++
		if !slices.Equal(s.Circuit.Neurons(), want.Neurons()) {
			t.Errorf("%s: %v, want %v", s.Circuit.Name(), s.Circuit.Neurons(), want.Neurons())
		}
		c := run(t, fake.Sweep(s.Circuit, 0).OnExamples(few()))
		if got := c.Unsteered().Difference.Value - c.Doses()[0].Difference.Value; math.Abs(got-s.Effect.Value) > 1e-5 {
			t.Errorf("%s: the effect is %v, a sweep finds %v", s.Circuit.Name(), s.Effect.Value, got)
		}
	}
	if seen < 8 {
		t.Errorf("only %d specifications were looked at: the first position is part of these prompts", seen)
	}
}

// TestStabilityIsMadeOfBehaviors: every rule is asked for as the behavior that it is, so that a store that has it answers.
func TestStabilityIsMadeOfBehaviors(t *testing.T) {
	b := fake.Behavior(few()).Rule(steer.Frozen)
	want, err := b.Request()
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	parts := steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if asked++; r.Ref(steer.Identity{}) != want.Ref(steer.Identity{}) {
			t.Errorf("asked for %s %s, want %s", r.Kind, r.Settings, want.Settings)
		}
		return fake.Runner().Run(ctx, r, emit)
	})
	q, err := fake.Stability(b).Rules(steer.Frozen).Sizes(2).Request()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := execute.RunWith(t.Context(), steertest.NewEngine(), steertest.NewText(), parts, nil, q, nil); err != nil || asked != 1 {
		t.Errorf("asked %d times: %v", asked, err)
	}
}

// TestStabilityOfOtherMetrics: a metric that no single pair of tokens at the end is has no effects, and says so.
func TestStabilityOfOtherMetrics(t *testing.T) {
	v := run(t, fake.Stability(fake.Behavior(few()).Metric(steer.Logit(" Paris"), steer.Logit(" Rome").Times(-2))).Sizes(2))
	if mean, _, _ := v.Effects(); mean != nil || !slices.ContainsFunc(v.Warnings(), func(w steer.Warning) bool { return w.Code == "effects" }) {
		t.Errorf("effects %v, warnings %v", mean, v.Warnings())
	}
	if len(v.Nodes()) == 0 {
		t.Error("no neuron")
	}
}

// TestStabilityMistakes: what is wrong with the behavior is said, and so is what is wrong with the choices.
func TestStabilityMistakes(t *testing.T) {
	b := fake.Behavior(few())
	for name, task := range map[string]steer.StabilityTask{
		"no rule": fake.Stability(b).Rules(), "a rule twice": fake.Stability(b).Rules(steer.RelP, steer.RelP), "unknown rule": fake.Stability(b).Rules("x"),
		"no selection": fake.Stability(b).Selections(), "unknown selection": fake.Stability(b).Selections("x"), "no size": fake.Stability(b).Sizes(),
		"a size below 1": fake.Stability(b).Sizes(0), "no resample": fake.Stability(b).Resamples(0), "controls": fake.Stability(b).Controls(-1),
		"too many views": fake.Stability(b).Resamples(1 << 20), "another model": steer.New("other", nil).Stability(b),
		"no examples": fake.Stability(fake.Behavior(steer.NewExamples())),
	} {
		if _, err := task.Request(); !errors.Is(err, steer.BadSetting) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := fake.Stability(b).Sizes(1 << 20).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
		t.Errorf("more neurons than the model has: %v", err)
	}
}

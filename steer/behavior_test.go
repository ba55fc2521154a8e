package steer_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// capitals are examples of unequal numbers of tokens.
func capitals() steer.ExampleSet {
	return steer.NewExamples(
		steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"},
		steer.Example{Prompt: "I loved it. " + france, Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "France is", Target: " Paris"},
	)
}

func opposites() steer.PairSet {
	return steer.NewPairs(
		steer.Pair{Positive: france, Negative: italy},
		steer.Pair{Positive: "I loved it. " + france, Negative: "I loved it"},
	)
}

// TestLawBehaviorOne: every example of a behavior is what Attribute gives for it alone, within float32's rounding.
func TestLawBehaviorOne(t *testing.T) {
	b := run(t, fake.Behavior(capitals()))
	if b.Len() != 4 || len(b.Metrics()) != 4 {
		t.Fatalf("%d examples, %d metrics", b.Len(), len(b.Metrics()))
	}
	for i, e := range capitals().All() {
		a := fake.Attribute(e.Prompt).Target(e.Target)
		if e.Versus != "" {
			a = a.Versus(e.Versus)
		}
		one, got := run(t, a), b.Example(i)
		sameNumbers(t, e.Prompt, one.Dense().Data, got.Dense().Data)
		if got.About() != one.About() || got.Metric() != one.Metric() || !slices.Equal(got.Labels(), one.Labels()) || got.Target() != one.Target() ||
			got.Conservation().Residual != one.Conservation().Residual {
			t.Errorf("example %d: %v, want %v", i, got, one)
		}
	}
	for _, i := range []int{-1, 4} {
		if s := b.Example(i); s.TopK(3).Len() != 0 || len(s.Labels()) != 0 {
			t.Errorf("example %d of 4 is not empty", i)
		}
	}
}

// TestLawBehaviorEdited: interventions hold in every prompt of a batch as in one, scopes that depend on the position too.
func TestLawBehaviorEdited(t *testing.T) {
	c := run(t, fake.Attribute(france).Target(" Paris")).TopEntries(3)
	for name, is := range map[string][]steer.Intervention{
		"everywhere": {steer.Scale(c, -2)}, "without BOS": {steer.Scale(c, 3).SkipBOS()}, "at positions": {steer.SetTo(c, 5).AtPositions()},
		"after the prompt": {steer.Scale(c, 9).GeneratedOnly()}, "both": {steer.AddTo(c, 1).AtPositions(), steer.Clamp(c, -1, 1)},
	} {
		b := run(t, fake.Behavior(capitals()).With(is...))
		for i, e := range capitals().All() {
			a := fake.Attribute(e.Prompt).Target(e.Target).With(is...)
			if e.Versus != "" {
				a = a.Versus(e.Versus)
			}
			sameNumbers(t, name+", "+e.Prompt, run(t, a).Dense().Data, b.Example(i).Dense().Data)
		}
	}
}

// TestBehaviorAsks: what the model itself says is asked for each prompt, and a whole answer scored for each.
func TestBehaviorAsks(t *testing.T) {
	open := steer.NewExamples(steer.Example{Prompt: france}, steer.Example{Prompt: italy}, steer.Example{Prompt: italy, Target: " Paris"})
	b := run(t, fake.Behavior(open).TargetTop().VersusRunnerUp())
	for i, want := range []string{`logit(" Paris") − logit(" Rome")`, `logit(" Rome") − logit(" Paris")`, `logit(" Paris") − logit(" Rome")`} {
		if got := b.Example(i).About(); got != want {
			t.Errorf("example %d explains %s, want %s", i, got, want)
		}
	}
	w := run(t, fake.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris."}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"})).WholeAnswers())
	one := run(t, fake.Attribute(france).TargetText(" Paris."))
	sameNumbers(t, "whole answer", one.Dense().Data, w.Example(0).Dense().Data)
	if w.Mean().Unit() != "nats" || w.Example(1).About() != `log p(" Rome")` {
		t.Errorf("%v", w.Example(1))
	}
	for _, c := range []struct {
		set  steer.ExampleSet
		says string
	}{
		{open, "example 1: no target"}, {steer.NewExamples(), "no examples"}, {steer.Examples("/nowhere/at all"), "cannot be read"},
		{steer.NewExamples(steer.Example{Prompt: "a", Target: " b", Versus: " b"}), "example 1: target and counterfactual are the same"},
		{steer.NewExamples(steer.Example{Target: " b"}), "example 1: the prompt is empty"},
		{steer.NewExamples(steer.Example{Prompt: france, Target: " Sacramento"}), "WholeAnswers"},
		{steer.NewExamples(steer.Example{Prompt: france, Target: " Paris"}, steer.Example{Prompt: france, Target: " xyz", Versus: "uvw"}), "example 2: counterfactual"},
	} {
		if _, err := fake.Behavior(c.set).Run(t.Context()); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%v, want a mistake that says %q", err, c.says)
		}
	}
}

// TestBehaviorAligned: the mean of aligned scores, written the slow way: first tokens on one another, the rest from the end.
func TestBehaviorAligned(t *testing.T) {
	b := run(t, fake.Behavior(capitals()))
	var all []steer.Scores
	T := 0
	for i := range b.Len() {
		all = append(all, b.Example(i).KeepBOS())
		T = max(T, b.Example(i).Dense().Shape[1])
	}
	mean, anyOf := b.Mean().KeepBOS(), b.Any().KeepBOS()
	const share = .05
	some := b.AnyPercent(share).KeepBOS()
	shape := mean.Shape()
	found := 0
	for l := range shape.Layers {
		for p := range T {
			for n := range shape.Neurons {
				var sum, largest, above float64
				for _, s := range all {
					at := p - T + s.Dense().Shape[1]
					if p == 0 {
						at = 0
					} else if at < 1 {
						continue
					}
					v := s.At(l, at, n)
					sum += v
					if math.Abs(v) > math.Abs(largest) {
						largest = v
					}
					if math.Abs(v) >= share*math.Abs(s.Metric()) && math.Abs(v) > math.Abs(above) {
						above = v
					}
				}
				if got := mean.At(l, p, n); math.Abs(got-sum/4) > 1e-6 {
					t.Fatalf("mean at layer %d, position %d, neuron %d is %v, want %v", l, p, n, got, sum/4)
				}
				if anyOf.At(l, p, n) != largest || some.At(l, p, n) != above {
					t.Fatalf("largest at layer %d, position %d, neuron %d: %v and %v, want %v and %v", l, p, n, anyOf.At(l, p, n), some.At(l, p, n), largest, above)
				}
				if above != 0 {
					found++
				}
			}
		}
	}
	if found == 0 {
		t.Error("no entry reaches the share; the test tests nothing")
	}
	labels := mean.Labels()
	if labels[0] != "<s>" || labels[T-1] != " is" || labels[T-2] != "last−1" {
		t.Errorf("labels %q", labels)
	}
	if n, of := mean.N(); n != 4 || of != "prompts" || !strings.Contains(mean.Method(), "mean of 4 prompts") {
		t.Errorf("%d %s, %s", n, of, mean.Method())
	}
	for _, x := range []float64{1e-5, .0009, .001, .01, .3, 2} { // beside the slow way, and from a list or from all scores
		want := map[string]float64{}
		for _, s := range all {
			for _, e := range s.Percent(x).TopEntries(math.MaxInt).Entries() {
				at := e.Position
				if at > 0 {
					at += T - s.Dense().Shape[1]
				}
				if k := fmt.Sprint(e.Neuron, at); math.Abs(e.Score) > math.Abs(want[k]) {
					want[k] = e.Score
				}
			}
		}
		got := b.AnyPercent(x).KeepBOS().TopEntries(math.MaxInt).Entries()
		if len(got) != len(want) {
			t.Errorf("%v of the metric: %d entries, want %d", x, len(got), len(want))
		}
		for _, e := range got {
			if want[fmt.Sprint(e.Neuron, e.Position)] != e.Score {
				t.Errorf("%v of the metric: %+v, want %v", x, e, want[fmt.Sprint(e.Neuron, e.Position)])
			}
		}
	}
	if b.AnyPercent(0).TopK(1000).CSV() != b.Any().TopK(1000).CSV() {
		t.Error("AnyPercent(0) is not Any")
	}
}

// TestBehaviorLaw: one example is its own mean, and equal examples have their mean.
func TestBehaviorLaw(t *testing.T) {
	e := capitals().All()[0]
	one := run(t, fake.Attribute(e.Prompt).Target(e.Target).Versus(e.Versus))
	for n := 1; n <= 3; n += 2 {
		b := run(t, fake.Behavior(steer.NewExamples(slices.Repeat([]steer.Example{e}, n)...)))
		for name, s := range map[string]steer.Scores{"mean": b.Mean(), "any": b.Any()} {
			near(t, name, s.Dense().Data, one.Dense().Data)
			if got, want := s.TopK(5).Neurons(), one.TopK(5).Neurons(); !slices.Equal(got, want) {
				t.Errorf("%s of %d: top neurons %v, want %v", name, n, got, want)
			}
		}
	}
}

func near(t *testing.T, what string, a, b []float32) {
	t.Helper()
	if len(a) != len(b) {
		t.Fatalf("%s: %d numbers, want %d", what, len(a), len(b))
	}
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-6 {
			t.Fatalf("%s: number %d is %v, want %v", what, i, a[i], b[i])
		}
	}
}

// TestBehaviorViews: what a task presets holds for all of its results.
func TestBehaviorViews(t *testing.T) {
	b := run(t, fake.Behavior(capitals()).LastPositions(2))
	for _, s := range []steer.Scores{b.Mean(), b.Any(), b.AnyPercent(.1), b.Example(0)} {
		if len(s.Labels()) != 2 {
			t.Errorf("labels %q, want two", s.Labels())
		}
	}
	if got := run(t, fake.Behavior(capitals()).KeepBOS()).Mean().Labels()[0]; got != "<s>" {
		t.Errorf("KeepBOS: first label %q", got)
	}
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	if got := run(t, plain.Behavior(capitals())).Mean().Labels()[0]; got != "first" {
		t.Errorf("the first tokens of all prompts are labeled %q", got)
	}
	if got := run(t, plain.Behavior(capitals()).SkipFirst()).Mean().Labels()[0]; got == "first" {
		t.Error("SkipFirst keeps the first position")
	}
}

// TestBehaviorWarnings: the doubts of all examples together, with how many carry each.
func TestBehaviorWarnings(t *testing.T) {
	b := run(t, fake.Behavior(steer.NewExamples(
		steer.Example{Prompt: france, Target: " of"}, steer.Example{Prompt: france, Target: " Paris"}, steer.Example{Prompt: "France is", Target: " of"})))
	got := map[string]string{}
	for _, w := range b.Warnings() {
		got[w.Code] = w.Text
	}
	if !strings.Contains(got["rank"], "2 of 3 examples") || !strings.Contains(got["lengths"], "6 to 8 tokens") || !strings.Contains(got["few"], "3 examples") {
		t.Errorf("%q", got)
	}
	if len(b.Mean().Warnings()) != len(b.Warnings()) {
		t.Error("the mean does not carry the warnings")
	}
}

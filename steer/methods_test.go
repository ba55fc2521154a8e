package steer_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

func hasWarning(ws []steer.Warning, code string) bool {
	return slices.ContainsFunc(ws, func(w steer.Warning) bool { return w.Code == code })
}

// TestMethodsAreTheirTasks: every method's neurons, what they do and what its scores correlate with are what the tasks give that a
// user would run one by one.
func TestMethodsAreTheirTasks(t *testing.T) {
	b := fake.Behavior(few())
	v := run(t, fake.Methods(b).WithPairs(feelings()).OnExamples(capitals()).TopK(3).Steps(2).Controls(2).Exact(24))
	neurons, exact := v.Exact()
	shape := v.Rows()[0].Circuit.Shape()
	for _, x := range []struct {
		name   string
		scores steer.Scores
	}{
		{"RelP", run(t, b).Mean()}, {"Frozen", run(t, b.Rule(steer.Frozen)).Mean()}, {"Gradient", run(t, b.Rule(steer.Gradient)).Mean()},
		{"integrated gradients", run(t, b.Rule(steer.IntegratedGradients(2))).Mean()}, {"contrast", run(t, fake.Contrast(feelings()))},
		{"control vector", run(t, fake.Decompose(run(t, fake.ControlVector(feelings())))).Scores}, {"random", steer.Random(shape, 0)},
	} {
		i := slices.Index(v.Methods(), x.name)
		if i < 0 {
			t.Errorf("%s is missing", x.name)
			continue
		}
		row, want := v.Rows()[i], x.scores.Positive().TopK(3)
		if !slices.Equal(row.Circuit.Neurons(), want.Neurons()) {
			t.Errorf("%s: %v, want %v", x.name, row.Circuit.Neurons(), want.Neurons())
		}
		c := run(t, fake.Sweep(want, 0).OnExamples(capitals()).Controls(2))
		if d := c.Unsteered().Difference.Value - c.Doses()[0].Difference.Value; math.Abs(d-row.Effect.Value) > 1e-6 || row.P != c.Doses()[0].P {
			t.Errorf("%s: effect %v, p %v; a sweep finds %v, %v", x.name, row.Effect.Value, row.P, d, c.Doses()[0].P)
		}
		var sum float64
		for _, s := range row.Profile {
			sum += s
		}
		if math.Abs(sum-1) > 1e-5 {
			t.Errorf("%s: the shares of the layers add up to %v", x.name, sum)
		}
	}
	for i, n := range neurons {
		c := run(t, fake.Sweep(steer.NewCircuit("one", n), 0).OnExamples(few()))
		if d := c.Unsteered().Difference.Value - c.Doses()[0].Difference.Value; math.Abs(d-exact[i]) > 1e-6 {
			t.Errorf("%v alone loses %v, a sweep finds %v", n, exact[i], d)
		}
	}
	if g := v.Rows()[2]; len(neurons) != 24 || g.Pearson.N != 24 || g.Pearson.Value < .9 {
		t.Errorf("%d neurons; the gradient correlates by %+v with what ablating them does", len(neurons), g.Pearson)
	}
}

// TestMethodsPairs: the pairs of contrast and vector are the patch prompts, else the answers; examples that have neither leave both
// methods out, and a method that finds nothing loses nothing.
func TestMethodsPairs(t *testing.T) {
	short := func(set steer.ExampleSet) steer.MethodComparison {
		return run(t, fake.Methods(fake.Behavior(set)).TopK(2).Steps(0).Controls(1).Exact(0))
	}
	patched := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Patch: italy})
	contrast := func(v steer.MethodComparison) []steer.Neuron {
		return v.Rows()[slices.Index(v.Methods(), "contrast")].Circuit.Neurons()
	}
	want := run(t, fake.Contrast(steer.NewPairs(steer.Pair{Positive: france, Negative: italy}))).Positive().TopK(2).Neurons()
	if got := contrast(short(patched)); !slices.Equal(got, want) {
		t.Errorf("patch prompts: %v, want %v", got, want)
	}
	want = run(t, fake.Contrast(steer.NewPairs(steer.Pair{Positive: france + " Paris", Negative: france + " Rome"}))).Positive().TopK(2).Neurons()
	if got := contrast(short(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}))); !slices.Equal(got, want) {
		t.Errorf("answers: %v, want %v", got, want)
	}
	if v := short(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris"})); slices.Contains(v.Methods(), "contrast") || !hasWarning(v.Warnings(), "pairs") {
		t.Errorf("without pairs: %v, %v", v.Methods(), v.Warnings())
	}
	both := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome", Patch: italy}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris", Patch: france})
	v := short(both)
	row := v.Rows()[slices.Index(v.Methods(), "contrast")]
	if row.Circuit.Len() != 0 || row.Effect.Value != 0 || !hasWarning(v.Warnings(), "empty") || !hasWarning(v.Warnings(), "same") {
		t.Errorf("differences that cancel: %+v, %v", row, v.Warnings())
	}
	if !slices.Equal(row.Profile, make([]float64, len(row.Profile))) || len(row.Profile) == 0 {
		t.Errorf("the shares of the layers of nothing: %v", row.Profile)
	}
}

// TestMethodsView: the scores are over the positions that the behavior counts.
func TestMethodsView(t *testing.T) {
	b, drawn := fake.Behavior(few()), map[string]bool{}
	for name, b := range map[string]steer.BehaviorTask{"all": b, "keep the BOS": b.KeepBOS(), "keep it, skip the first": b.KeepBOS().SkipFirst(), "the last": b.LastPositions(1)} {
		row := run(t, fake.Methods(b).TopK(4).Steps(0).Controls(1).Exact(0)).Rows()[0]
		mean := run(t, b).Mean()
		if want := mean.Positive().TopK(4); !slices.Equal(row.Circuit.Neurons(), want.Neurons()) {
			t.Errorf("%s: %v, want %v", name, row.Circuit.Neurons(), want.Neurons())
		}
		layers, total := make([]float64, len(row.Profile)), 0.
		for _, e := range mean.TopK(1 << 20).Entries() {
			layers[e.Layer] += math.Abs(e.Score)
			total += math.Abs(e.Score)
		}
		for l, x := range layers {
			if math.Abs(x/total-row.Profile[l]) > 1e-5 {
				t.Errorf("%s: layer %d has the share %v, its scores %v", name, l, row.Profile[l], x/total)
			}
		}
		drawn[fmt.Sprint(row.Profile)] = true
	}
	if len(drawn) < 3 { // without a BOS is without the first
		t.Errorf("the views give %d profiles: this shows nothing", len(drawn))
	}
}

// TestMethodsOfOtherMetrics: where the examples' metric is no pair of tokens nothing is ablated alone, and it is said so.
func TestMethodsOfOtherMetrics(t *testing.T) {
	v := run(t, fake.Methods(fake.Behavior(few()).Metric(steer.Logit(" Paris"), steer.Logit(" Rome").Times(-2))).OnExamples(few()).TopK(2).Steps(0))
	if r, _, _ := v.Correlations(); r != nil || !hasWarning(v.Warnings(), "exact") || len(v.Rows()) < 4 {
		t.Errorf("correlations %v of %v, warnings %v", r, v.Methods(), v.Warnings())
	}
}

// TestMethodsMistakes: every setting that means nothing is a mistake.
func TestMethodsMistakes(t *testing.T) {
	ask := fake.Methods(fake.Behavior(few()))
	for name, task := range map[string]steer.MethodsTask{
		"size": ask.TopK(0), "steps": ask.Steps(-1), "controls": ask.Controls(-1), "exact": ask.Exact(-1), "no examples": ask.OnExamples(steer.NewExamples()),
		"no pairs' file": ask.WithPairs(steer.Pairs("no such file")), "another model": steer.New("other", nil).Methods(fake.Behavior(few())),
	} {
		if _, err := task.Request(); !errors.Is(err, steer.BadSetting) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ask.TopK(1 << 12).Run(t.Context()); !errors.Is(err, steer.BadSetting) {
		t.Errorf("more neurons than the model has: %v", err)
	}
}

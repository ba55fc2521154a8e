package steer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

const loved = "I loved the film. It was"

// cities are examples whose behavior the fake model shows, and one that it does not.
var cities = steer.NewExamples(
	steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"},
	steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"},
	steer.Example{Prompt: "France is", Target: " Paris", Versus: " Rome"},
	steer.Example{Prompt: france, Target: " Paris", Versus: " terrible"}, // the prompt of the first again
)

func around(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s: %v, want %v ± %v", what, got, want, within)
	}
}

func named(t *testing.T, l []float32, target, versus string) (difference, p, q float64) {
	t.Helper()
	one := func(word string) steer.Ranked {
		ts := run(t, fake.Tokens(word)).IDs()
		return run(t, fake.Predict("I")).Token(ts[len(ts)-1])
	}
	a, b := one(target), one(versus)
	var z float64
	for _, x := range l {
		z += math.Exp(float64(x))
	}
	return float64(l[a.ID]) - float64(l[b.ID]), math.Exp(float64(l[a.ID])) / z, math.Exp(float64(l[b.ID])) / z
}

// TestSweepIsPredict: a sweep measures what a prediction under the same scaling gives, for the circuit and its controls.
func TestSweepIsPredict(t *testing.T) {
	xs := []float64{2, -1, 0, 1} // in any order
	c := run(t, fake.Sweep(pair, xs...).OnExamples(cities).Controls(3).Seed(9))
	if got := c.Multipliers(); !slices.Equal(got, []float64{-1, 0, 1, 2}) {
		t.Fatalf("multipliers %v", got)
	}
	controls := c.Controls()
	if len(controls) != 3 || len(c.RandomCurves()) != 3 || len(c.Prompts()) != 4 {
		t.Fatalf("%d controls, %d random curves, %d prompts", len(controls), len(c.RandomCurves()), len(c.Prompts()))
	}
	for m, x := range c.Multipliers() {
		var p, q, un float64
		random := make([]float64, 3)
		for i, e := range cities.All() {
			task := fake.Predict(e.Prompt)
			d, a, b := named(t, run(t, task.Scale(pair, x)).Logits(), e.Target, e.Versus)
			around(t, "difference", c.Prompts()[i][m], d, 1e-6)
			base, _, _ := named(t, run(t, task).Logits(), e.Target, e.Versus)
			p, q, un = p+a/4, q+b/4, un+base/4
			for r, control := range controls {
				d, _, _ := named(t, run(t, task.Scale(control, x)).Logits(), e.Target, e.Versus)
				random[r] += d / 4
			}
		}
		dose := c.Doses()[m]
		around(t, "p(target)", dose.Target.Value, p, 1e-6)
		around(t, "p(versus)", dose.Versus.Value, q, 1e-6)
		around(t, "unsteered", c.Unsteered().Difference.Value, un, 1e-6)
		around(t, "change", dose.Change.Value, dose.Difference.Value-un, 1e-6)
		for r := range random {
			around(t, "control", c.RandomCurves()[r][m], random[r], 1e-6)
		}
		around(t, "band", dose.Controls.Max, slices.Max(random), 1e-6)
		around(t, "band", dose.Controls.Min, slices.Min(random), 1e-6)
	}
	one := c.Doses()[2]
	if one.Change != (steer.Estimate{N: 4}) || one.P != 1 || one.Difference != c.Unsteered().Difference {
		t.Errorf("the multiplier 1 is not the unsteered model: %+v", one)
	}
}

// TestSweepFindsTheCircuit: ablating what makes " Paris" is beyond every control, and ablating a control is not.
func TestSweepFindsTheCircuit(t *testing.T) {
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	set := steer.NewExamples(cities.All()[0], cities.All()[2])
	c := run(t, fake.Sweep(paris, 0, .5, 1).OnExamples(set).Controls(19))
	off := c.Doses()[0]
	if off.P != 1./20 || off.Weaker != 19 || off.Holm != 2./20 || off.Change.Hi >= 0 || off.Prefers != .5 || c.Unsteered().Prefers != 1 {
		t.Errorf("without its neuron: %+v", off)
	}
	if tr := c.Trend(); tr.Slope.Lo <= 0 || tr.Against != 0 || tr.Monotone != 1 || tr.P != 1./20 || tr.PerPrompt.Value != 1 {
		t.Errorf("the model is linear in this neuron, but %+v", tr)
	}
	other := run(t, fake.Sweep(c.Controls()[0], 0).OnExamples(set).Controls(19)).Doses()[0]
	if other.P < 2./20 || other.Weaker == 19 {
		t.Errorf("a random circuit: %+v", other)
	}
}

// TestSweepWays: On with Measure is OnExamples, tokens by id are tokens by name, a target alone has no counterfactual.
func TestSweepWays(t *testing.T) {
	set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Paris", Versus: " Rome"})
	s := fake.Sweep(pair, 0, 2)
	a, b, d := run(t, s.OnExamples(set)), run(t, s.On(france, italy).Measure(" Paris", " Rome")), run(t, s.On(france, italy).MeasureIDs(8, 9))
	if a.String() != b.String() || a.CSV() != d.CSV() || a.About() != `logit(" Paris") − logit(" Rome")` {
		t.Errorf("three ways to say the same differ:\n%v\n%v\n%v", a, b, d)
	}
	alone := run(t, s.On(france).Measure(" Paris", ""))
	around(t, "the logit alone", alone.Doses()[0].Difference.Value, run(t, fake.Predict(france).Scale(pair, 0)).Token(8).Logit, 1e-6)
	if alone.Doses()[0].Prefers != 0 {
		t.Errorf("without a counterfactual %v of the prompts prefer the target to it", alone.Doses()[0].Prefers)
	}
	if alone.About() != `logit(" Paris")` || alone.Doses()[0].Versus.Value != 0 {
		t.Errorf("a target alone: %s, %+v", alone.About(), alone.Doses()[0])
	}
	chat := run(t, s.On("I loved").System("The").Prefill(" It was").Measure(" wonderful", " terrible"))
	p := run(t, fake.Predict("I loved").System("The").Prefill(" It was").Scale(pair, 2)).Logits()
	want, _, _ := named(t, p, " wonderful", " terrible")
	around(t, "a chat", chat.Doses()[1].Difference.Value, want, 1e-6)
}

// TestSweepUnder: interventions of the task hold in every pass, and SkipBOS leaves BOS alone.
func TestSweepUnder(t *testing.T) {
	under := steer.AddTo(steer.NewCircuit("rome", steer.Neuron{Layer: 1, Index: 5}), 1)
	first := steer.Ablate(steer.NewCircuit("first", steer.Neuron{Layer: 0, Index: 1}, steer.Neuron{Layer: 2, Index: 0})).SkipBOS()
	c := run(t, fake.Sweep(pair, 0, 1).SkipBOS().OnExamples(cities).With(under, first))
	for i, e := range cities.All() {
		task := fake.Predict(e.Prompt).With(under, first)
		un, _, _ := named(t, run(t, task).Logits(), e.Target, e.Versus)
		off, _, _ := named(t, run(t, task.With(steer.Ablate(pair).SkipBOS())).Logits(), e.Target, e.Versus)
		around(t, "unsteered", c.Prompts()[i][1], un, 1e-5)
		around(t, "without the circuit", c.Prompts()[i][0], off, 1e-5)
	}
}

// counting counts the passes of an engine.
type counting struct {
	engine.Engine
	passes, calls int
	stop          func(passes int)
}

func (c *counting) Variants(ctx context.Context, ids [][]int32, edits []*engine.Edit, tokens []int32, each func(int, int, []float32) error, progress func(int, int)) error {
	c.calls++
	return c.Engine.Variants(ctx, ids, edits, tokens, func(e, p int, l []float32) error {
		c.passes++
		if c.stop != nil {
			c.stop(c.passes)
		}
		return each(e, p, l)
	}, progress)
}

// TestSweepPasses: a prompt that two examples share is run once, and the unsteered model once whatever the controls.
func TestSweepPasses(t *testing.T) {
	e := &counting{Engine: steertest.NewEngine()}
	m := steertest.ModelOf(e, steertest.NewText())
	var last steer.Event
	_, err := steer.Fetch(t.Context(), m.Sweep(pair, 0, 1, 2).OnExamples(cities).Controls(4), func(ev steer.Event) {
		if ev.Phase != "sweep" || ev.Done < last.Done || ev.Total != 33 {
			t.Errorf("progress %+v after %+v", ev, last)
		}
		last = ev
	})
	if want := 3 * (1 + 2*5); err != nil || e.passes != want || last.Done != want || e.calls != 1 {
		t.Errorf("%d passes in %d calls, want %d in one; %v", e.passes, e.calls, want, err)
	}
}

// TestSweepCancel: a canceled sweep ends at the next pass.
func TestSweepCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := &counting{Engine: steertest.NewEngine(), stop: func(n int) {
		if n == 5 {
			cancel()
		}
	}}
	_, err := steertest.ModelOf(e, steertest.NewText()).Sweep(pair, 0, 2).OnExamples(cities).Controls(20).Run(ctx)
	if !errors.Is(err, context.Canceled) || e.passes > 6 {
		t.Errorf("after %d passes: %v", e.passes, err)
	}
}

// TestSweepSame: the same request gives the same bytes.
func TestSweepSame(t *testing.T) {
	task := fake.Sweep(pair, 0, 1, 2).OnExamples(cities).Controls(5).Seed(3).SideEffects(loved).Continue(6)
	var all [2][]byte
	for i := range all {
		rec, err := steer.Fetch(t.Context(), task, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := task.Result(func() steer.Record { return rec })
		b, err := json.Marshal(struct {
			R steer.Record
			C steer.Curve
		}{rec, c})
		if err != nil {
			t.Fatal(err)
		}
		all[i] = append(b, c.CSV()...)
	}
	if !bytes.Equal(all[0], all[1]) {
		t.Error("two runs differ")
	}
	if run(t, task).CSV() == run(t, task.Seed(4)).CSV() {
		t.Error("another seed gives the same controls and intervals")
	}
}

// TestSweepNotFinite: an overflow is a mistake that names its multiplier.
func TestSweepNotFinite(t *testing.T) {
	_, err := fake.Sweep(pair, 1, 3e38).OnExamples(cities).Run(t.Context())
	if !errors.Is(err, steer.NotFinite) || !strings.Contains(err.Error(), "3e+38") || !strings.Contains(err.Error(), france) {
		t.Error(err)
	}
}

// TestSweepMistakes: all that can be seen without a tokenizer at once, then all that needs one.
func TestSweepMistakes(t *testing.T) {
	empty := steer.NewCircuit("nothing")
	for _, c := range []struct {
		name  string
		task  steer.SweepTask
		codes []steer.Code
		says  []string
	}{
		{"everything at once", fake.Sweep(empty, math.NaN()).On("").Measure("", "").Controls(-1).SideEffects("").Continue(-1).With(steer.Ablate(empty)),
			[]steer.Code{steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.BadSetting, steer.EmptyPrompt, steer.BadSetting, steer.BadSetting},
			[]string{`"nothing" is empty`, "the circuit is empty", "NaN", "Controls(-1)", "Continue(-1)", "text 1 of SideEffects is empty", "prompt 1: the prompt is empty", "prompt 1: the target is empty"}},
		{"Continue without SideEffects", fake.Sweep(pair, 0).On("I").Measure(" a", " b").Continue(3), []steer.Code{steer.BadSetting}, []string{"add SideEffects()"}},
		{"nothing", fake.Sweep(pair), []steer.Code{steer.BadSetting, steer.BadSetting}, []string{"no multiplier", "no prompt"}},
		{"no measure", fake.Sweep(pair, 0).On("I"), []steer.Code{steer.BadSetting}, []string{"what to measure", `add Measure(`}},
		{"no prompt", fake.Sweep(pair, 0).Measure(" a", " b"), []steer.Code{steer.BadSetting}, []string{"Measure has no prompt"}},
		{"twice", fake.Sweep(pair, 2, 0, 2).On("I").Measure(" a", " b"), []steer.Code{steer.BadSetting}, []string{"multiplier 2 comes after 2"}},
		{"the same word", fake.Sweep(pair, 0).On("I").Measure(" a", " a"), []steer.Code{steer.SameToken}, []string{`prompt 1: target and counterfactual`}},
		{"tokens", fake.Sweep(pair, 0).On("I", strings.Repeat("I", 65)).Measure(" Sacramento", " capital of").SideEffects("I", strings.Repeat("I", 60)),
			[]steer.Code{steer.NotOneToken, steer.NotOneToken, steer.PromptTooLong, steer.NotOneToken, steer.NotOneToken, steer.PromptTooLong},
			[]string{"prompt 1: the target", `the counterfactual " capital of" is 2 tokens`, "prompt 2: the prompt has 66 tokens", "text 2: the prompt of 61 tokens and 50 new ones"}},
		{"another model", fake.Sweep(steer.NewCircuit("far", steer.Neuron{Layer: 9, Index: 0}), 0).On("I").Measure(" Paris", " Rome").Controls(2), []steer.Code{steer.ModelMismatch}, []string{"L9/N0"}},
		{"no room for controls", fake.Sweep(wide(5), 0).On("I").Measure(" Paris", " Rome").Controls(2), []steer.Code{steer.BadSetting}, []string{"5 neurons of layer 1, but only 3 others"}},
		{"too many passes", fake.Sweep(pair, steer.Range(0, 1, .001)[1:]...).On("I", "I").Measure(" Paris", " Rome").Controls(9_999), []steer.Code{steer.BadSetting}, []string{"2 prompts × 1000 multipliers × 10000 circuits"}},
		{"a file that is not there", fake.Sweep(pair, 0).OnExamples(steer.Examples("nowhere.jsonl")), nil, []string{"nowhere.jsonl"}},
	} {
		_, err := c.task.Run(t.Context())
		if err == nil {
			t.Errorf("%s: no mistake", c.name)
			continue
		}
		if c.codes != nil && !slices.Equal(codes(err), c.codes) {
			t.Errorf("%s: codes %v\n%v", c.name, codes(err), err)
		}
		for _, s := range c.says {
			if !strings.Contains(err.Error(), s) {
				t.Errorf("%s: %q is missing in\n%v", c.name, s, err)
			}
		}
	}
	plain := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	if _, err := plain.Sweep(pair, 0).On("I").Measure(" Paris", " Rome").SideEffects("I").Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), "one token") {
		t.Error("a text of one token has no token to predict:", err)
	}
	q := request(t, fake.Sweep(pair, 0).On("I").MeasureIDs(8, 9))
	q.Settings = bytes.Replace(q.Settings, []byte(`{"how":"id","id":9}`), []byte(`{"how":"text","text":" Paris"}`), 1)
	if _, err := fake.Runner().Run(t.Context(), q, nil); !errors.Is(err, steer.SameToken) {
		t.Error("one token named in two ways:", err)
	}
	q = request(t, fake.Sweep(pair, 0).On("I").MeasureIDs(8, 9))
	q.Settings = bytes.Replace(q.Settings, []byte(`{"layer":0,"index":1}`), []byte(`{"layer":1,"index":2}`), 1)
	if _, err := fake.Runner().Run(t.Context(), q, nil); !errors.Is(err, steer.BadRequest) {
		t.Error("a neuron twice would be scaled twice:", err)
	}
	if _, err := fake.Sweep(wide(4), 0).On("I").Measure(" Paris", " Rome").Controls(2).Run(t.Context()); err != nil {
		t.Error("half of a layer has controls:", err)
	}
}

func wide(n int) steer.Circuit {
	var ns []steer.Neuron
	for i := range n {
		ns = append(ns, steer.Neuron{Layer: 1, Index: i})
	}
	return steer.NewCircuit("wide", ns...)
}

// narrow is an engine with fewer logits than the tokenizer has tokens.
type narrow struct{ engine.Engine }

func (n narrow) Shape() steer.Shape {
	s := n.Engine.Shape()
	s.Vocab = 9
	return s
}

// TestSweepVocab: a token that the model has no logit for is a mistake.
func TestSweepVocab(t *testing.T) {
	m := steertest.ModelOf(narrow{Engine: steertest.NewEngine()}, steertest.NewText())
	_, err := m.Sweep(pair, 0).On("I").MeasureIDs(9, 8).Run(t.Context())
	if !errors.Is(err, steer.NotOneToken) || !strings.Contains(err.Error(), "logits for 9 tokens") {
		t.Error(err)
	}
	if _, err = m.Sweep(pair, 0).On("I").MeasureIDs(8, 9).Run(t.Context()); !errors.Is(err, steer.NotOneToken) {
		t.Error(err)
	}
}

// TestSweepForks: a description that is used twice is not changed by either use.
func TestSweepForks(t *testing.T) {
	xs := []float64{0, 2}
	base := fake.Sweep(pair, xs...).On("I").Measure(" Paris", " Rome")
	before := request(t, base)
	xs[0] = 7
	_, _ = base.Chat(), base.System("The").Prefill("I")
	_, _ = base.On("The").Chat(), base.With(steer.Ablate(pair))
	_, _ = base.OnExamples(cities), base.SideEffects("I").Controls(3)
	if after := request(t, base); !bytes.Equal(before.Settings, after.Settings) {
		t.Errorf("a fork changes its origin:\n%s\n%s", before.Settings, after.Settings)
	}
}

func TestRange(t *testing.T) {
	for _, c := range []struct {
		lo, hi, step float64
		want         []float64
	}{
		{-1, 3, 1, []float64{-1, 0, 1, 2, 3}},
		{-1, -.65, .1, []float64{-1, -.9, -.8, -.7}},
		{0, .3, .1, []float64{0, .1, .2, .3}},
		{2, 0, -1, []float64{2, 1, 0}},
		{1, 1, .5, []float64{1}},
		{0, 1, 0, nil}, {0, 1, -1, nil}, {0, math.NaN(), 1, nil}, {0, math.Inf(1), 1, nil}, {0, 1e9, 1e-3, nil},
	} {
		if got := steer.Range(c.lo, c.hi, c.step); !slices.Equal(got, c.want) {
			t.Errorf("Range(%v, %v, %v) = %v, want %v", c.lo, c.hi, c.step, got, c.want)
		}
	}
}

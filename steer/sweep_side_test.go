package steer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestSideEffectsAreForward: divergence and perplexity are those of forward passes made by hand, continuations those of
// Generate.
func TestSideEffectsAreForward(t *testing.T) {
	texts := []string{"The capital of Italy is Rome.", loved, "I"}
	xs := []float64{-2, 0, 1, 1.5}
	c := run(t, fake.Sweep(pair, xs...).On(france).Measure(" Paris", " Rome").SideEffects(texts...).Continue(5))
	unsteered, steered := c.Continuations()
	for m, x := range xs {
		var kl, loss, positions, predicted float64
		changed := 0
		for i, text := range texts {
			ids := run(t, fake.Tokens(text)).IDs()
			p, q := all(t, ids, 1), all(t, ids, x)
			for at := range ids {
				positions++
				for v := range p[at] {
					kl += p[at][v] * math.Log(p[at][v]/q[at][v])
				}
				if at+1 < len(ids) {
					predicted++
					loss += math.Log(p[at][ids[at+1]] / q[at][ids[at+1]])
				}
			}
			g := fake.Generate(text).MaxTokens(5)
			for _, pair := range []struct {
				what      string
				got, want string
			}{
				{"unsteered", unsteered[i], content(run(t, g))},
				{"steered", steered[m][i], content(run(t, g.Scale(pair, x)))},
			} {
				if pair.got != pair.want {
					t.Errorf("%s continuation of %q under ×%v: %q, want %q", pair.what, text, x, pair.got, pair.want)
				}
			}
			if unsteered[i] != steered[m][i] {
				changed++
			}
		}
		e := c.SideEffects()[m]
		around(t, "KL", e.Divergence.Value, kl/positions, 1e-5)
		around(t, "perplexity", e.Perplexity.Value, math.Exp(loss/predicted), 1e-4)
		around(t, "changed", e.Changed, float64(changed)/3, 1e-9)
		if e.Multiplier != x || e.Divergence.N != 3 {
			t.Errorf("side effect %+v", e)
		}
	}
	if one := c.SideEffects()[2]; one.Divergence.Value != 0 || one.Perplexity.Value != 1 || one.Changed != 0 {
		t.Errorf("the unsteered model has side effects: %+v", one)
	}
	if far := c.SideEffects()[0]; far.Divergence.Value <= 0 || far.Divergence.Lo > far.Divergence.Value || far.Divergence.Hi < far.Divergence.Value {
		t.Errorf("×−2: %+v", far)
	}
}

// content is what a generation says before the token that ends it.
func content(g steer.Generation) string { return strings.TrimSuffix(g.Text(), "</s>") }

// all returns the distribution at every position [T,V] of a text under a scaling of pair.
func all(t *testing.T, ids []int32, x float64) [][]float64 {
	t.Helper()
	e := steertest.NewEngine()
	s := e.Shape()
	edit := &engine.Edit{B: 1, T: 1, Scale: make([]float32, s.Layers*s.Neurons)}
	for i := range edit.Scale {
		edit.Scale[i] = 1
	}
	for _, n := range pair.Neurons() {
		edit.Scale[n.Layer*s.Neurons+n.Index] = float32(x)
	}
	f, err := e.Forward(t.Context(), engine.Forward{IDs: [][]int32{ids}, Edit: edit, AllLogits: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out [][]float64
	for l := range slices.Chunk(f.Logits[0], s.Vocab) {
		p, z := make([]float64, len(l)), 0.
		for i, v := range l {
			p[i] = math.Exp(float64(v))
			z += p[i]
		}
		for i := range p {
			p[i] /= z
		}
		out = append(out, p)
	}
	return out
}

// TestSideEffectsDefault: no texts are the twenty of the reference.
func TestSideEffectsDefault(t *testing.T) {
	s := fake.Sweep(pair, 0).On(france).Measure(" Paris", " Rome")
	a, b := request(t, s.SideEffects().Continue(0)), request(t, s.SideEffects(steer.DiverseTexts()...).Continue(0))
	if a.Ref(id) != b.Ref(id) || a.Ref(id) == request(t, s).Ref(id) {
		t.Error("no texts are not the twenty")
	}
}

// TestSideEffectsUnder: base interventions and SkipBOS hold in the side effects too.
func TestSideEffectsUnder(t *testing.T) {
	under := steer.AddTo(steer.NewCircuit("rome", steer.Neuron{Layer: 1, Index: 5}), 1).PromptOnly()
	task := fake.Sweep(pair, 0, 3).SkipBOS().On(france).Measure(" Paris", " Rome").With(under).SideEffects(france, loved).Continue(4)
	unsteered, steered := run(t, task).Continuations()
	for i, text := range []string{france, loved} {
		g := fake.Generate(text).MaxTokens(4).With(under)
		if want := content(run(t, g)); unsteered[i] != want {
			t.Errorf("unsteered %q, want %q", unsteered[i], want)
		}
		if want := content(run(t, g.With(steer.Scale(pair, 3).SkipBOS()))); steered[1][i] != want {
			t.Errorf("×3 %q, want %q", steered[1][i], want)
		}
	}
	// What holds for new text alone is not applied to the prompt, nor the other way round.
	terrible := steer.SetTo(steer.NewCircuit("terrible", steer.Neuron{Layer: 1, Index: 7}), 9)
	var said []string
	for _, i := range []steer.Intervention{terrible.GeneratedOnly(), terrible.PromptOnly()} {
		got, _ := run(t, fake.Sweep(pair, 0).On(france).Measure(" Paris", " Rome").With(i).SideEffects(loved).Continue(4)).Continuations()
		if want := content(run(t, fake.Generate(loved).MaxTokens(4).With(i))); got[0] != want {
			t.Errorf("continued by %q, want %q", got[0], want)
		}
		said = append(said, got[0])
	}
	if said[0] == said[1] {
		t.Errorf("both scopes give %q, so neither is tested", said[0])
	}
}

// TestSweepWarnings: each has its reason, and none comes without.
func TestSweepWarnings(t *testing.T) {
	has := func(c steer.Curve) (codes []string) {
		for _, w := range c.Warnings() {
			codes = append(codes, w.Code)
		}
		return codes
	}
	var many []steer.Example
	for range 8 {
		many = append(many, cities.All()[0])
	}
	s := fake.Sweep(pair, 0, 1)
	for _, c := range []struct {
		name string
		task steer.SweepTask
		want []string
	}{
		{"well done", s.OnExamples(steer.NewExamples(many...)).Controls(19), nil},
		{"few prompts, no controls", s.On(france).Measure(" Paris", " Rome"), []string{"few", "controls"}},
		{"few controls", s.OnExamples(steer.NewExamples(many...)).Controls(18), []string{"controls"}},
		{"no behavior", s.OnExamples(steer.NewExamples(append(many, steer.Example{Prompt: italy, Target: " Paris", Versus: " Rome"})...)).Controls(19), []string{"behavior"}},
		{"mixed", s.OnExamples(steer.NewExamples(append(many, steer.Example{Prompt: france, Target: " Paris"})...)).Controls(19), []string{"mixed"}},
		{"a marker", s.On("I</s>").OnExamples(steer.NewExamples(many...)).Measure(" Paris", "").Controls(19), []string{"markers", "mixed"}},
		{"perplexity", fake.Sweep(pair, -20, 1).OnExamples(steer.NewExamples(many...)).Controls(19).SideEffects(france + " Paris").Continue(0), []string{"perplexity"}},
	} {
		if got := has(run(t, c.task)); !slices.Equal(got, c.want) {
			t.Errorf("%s: warnings %v, want %v", c.name, got, c.want)
		}
	}
}

// TestControlsCountTests: whether controls are enough depends on how many multipliers are held against them, since their p
// values are adjusted for being several.
func TestControlsCountTests(t *testing.T) {
	for _, c := range []struct {
		multipliers []float64
		controls    int
		says        string // empty: they are enough
	}{
		{[]float64{0, 1}, 18, "18 random controls cannot give a p value below 0.053; use 19 or more"},
		{[]float64{0, 1}, 19, ""},
		{[]float64{0, 2}, 20, "20 random controls for 2 multipliers cannot give a p value below 0.095 after Holm's adjustment; use 39 or more"},
		{[]float64{0, 2}, 38, "use 39 or more"},
		{[]float64{0, 1, 2}, 39, ""},
		{[]float64{-1, 0, 2}, 39, "use 59 or more"},
		{[]float64{-1, 0, 2}, 0, "add Controls(59)"},
	} {
		d := run(t, fake.Sweep(pair, c.multipliers...).OnExamples(cities).Controls(c.controls))
		got := ""
		for _, w := range d.Warnings() {
			if w.Code == "controls" {
				got = w.Text
			}
		}
		if (c.says == "") != (got == "") || !strings.Contains(got, c.says) {
			t.Errorf("%d controls for the multipliers %v: %q, want %q", c.controls, c.multipliers, got, c.says)
		}
		least := 1.
		for _, x := range d.Doses() {
			least = min(least, x.Holm)
		}
		if c.says != "" && least <= .05 {
			t.Errorf("%d controls for the multipliers %v: a p value of %v all the same", c.controls, c.multipliers, least)
		}
	}
}

// TestCurveEmpty: the zero value and a record that does not fit are empty, not a panic.
func TestCurveEmpty(t *testing.T) {
	rec, err := steer.Fetch(t.Context(), fake.Sweep(pair, 0).OnExamples(cities).Controls(2).SideEffects(loved), nil)
	if err != nil {
		t.Fatal(err)
	}
	cut := steer.Record{Header: rec.Header, Tensors: map[string]steer.Tensor{"difference": rec.Tensors["target"], "controls": {Shape: []int{2, 2, 2}}}}
	for _, c := range []steer.Curve{{}, fake.Sweep(pair).Result(func() steer.Record { return steer.Record{} }), fake.Sweep(pair).Result(func() steer.Record { return cut })} {
		if len(c.Doses()) != 0 || len(c.Controls()) != 0 || len(c.SideEffects()) != 0 || c.String() == "" || c.CSV() == "" || c.Trend() != (steer.Trend{}) {
			t.Errorf("an empty curve says %v", c)
		}
		if _, err := c.MarshalJSON(); err != nil {
			t.Error(err)
		}
		_, _ = c.N()
		_, _ = c.Prompts(), c.RandomCurves()
		_, _ = c.Continuations()
		_, _ = c.Warnings(), c.About()
	}
}

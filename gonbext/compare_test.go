package gonbext

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// compared are comparisons of every kind, with words that each says.
func compared(t *testing.T) map[string]struct {
	Compared
	words []string
} {
	t.Helper()
	m, r := newResults(t)
	ask, text, base := m.Predict(france).Of(" Paris", " Rome"), m.Generate(france).MaxTokens(6), m.Baseline(twoCapitals())
	score := m.Attribute(france).Target(" Paris")
	var ladder []steer.PredictTask
	for _, x := range []float64{1, 0, .5, 2, 4} {
		ladder = append(ladder, ask.Scale(r.found, x))
	}
	type c = struct {
		Compared
		words []string
	}
	return map[string]c{
		"two predictions": {Compare(ask, ask.Ablate(r.found)), []string{"p(·Paris) goes from 2.28 % (as it is) to 0.60 % (found ×0)", "p, as it is p, found ×0 difference (points)",
			"·Paris 2.28 % 0.60 % ▼ −1.67", `logit(" Paris") − logit(" Rome") +1.21 +0.02 −1.19 logits`, "divergence from the first (nats) 0.014"}},
		"three":         {Compare(ask, ask.Ablate(r.found), ask.Scale(r.found, 2)), []string{"p, found ×2", "▲ +5.94"}},
		"a ladder":      {Compare(ladder), []string{"from 2.28 % (found ×1) to 56.9 % (found ×4)", "found ×0.5 1.17 % 0.63 % +0.62 ·Paris 0.004"}},
		"alike":         {Compare(ask, ask), []string{"stays", "as it is (1)", "as it is (2)", "0.00"}},
		"prompts":       {Compare(m.Predict(france), m.Predict(italy)), []string{"The prompts differ", "“The capital of Italy is”", "▼ −1.71", "▲ +1.36"}},
		"texts":         {Compare(text, text.Scale(r.found, -5)), []string{"The texts part at new token 1", "prompt <s>The capital of France is", "as it is «·Paris.»</s>", "found ×−5 </s>", "Between « and »"}},
		"the same text": {Compare(text, text), []string{"The same text 2 times"}},
		"three texts":   {Compare(text, text.Scale(r.found, -5), text.Scale(r.found, 1)), []string{"1 of 2 texts differ from the first"}},
		"responses": {Compare(r.curve, m.Sweep(r.contrast.TopK(3).Named("contrast"), 0, 2, 3).On(france, italy).Measure(" Paris", " Rome")), []string{"difference (logits), contrast", "×3 +1.29", "slope −0.06", "Warning: 2 prompts",
			"random, middle 95 %", "What each multiplier does to neutral texts", "perplexity", "Warning: contrast: no random controls"}},
		"responses to one dose": {Compare(m.Sweep(r.contrast.TopK(3).Named("contrast"), 0).On(france, italy).Measure(" Paris", " Rome"), m.Sweep(r.contrast.TopK(2).Named("two"), 0).On(france, italy).Measure(" Paris", " Rome")),
			[]string{"difference (logits), two", "Warning: no random controls"}},
		"baselines":    {Compare(base, base.Ablate(r.found)), []string{"goes from +1.25 (as it is) to +0.00 logits (found ×0)", "2 of 2 (100 %)", "−1.25"}},
		"faithfulness": {Compare(r.carried, r.carried.Named("again")), []string{"F(C), again", "CPR +0.70", "CMD +0.34"}},
		"circuits":     {Compare(r.found, r.contrast.TopK(3).Named("contrast")), []string{"What 2 circuits have in common"}},
		"others":       {Compare(score, score.Ablate(r.found)), []string{"2 results side by side", "as it is: Scores of every neuron", "found ×0: Scores of every neuron", "Under found ×0"}},
	}
}

// TestCompare: comparisons say what differs, by what, and under which names; stripped of every look they say the same.
func TestCompare(t *testing.T) {
	for name, c := range compared(t) {
		k, err := c.card()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := strings.Join(strip(t, k.html()), " ")
		if want := strings.Join(strings.Fields(k.text()), " "); got != want {
			t.Errorf("%s: HTML says\n%s\ntext says\n%s", name, got, want)
		}
		for _, w := range c.words {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %q is missing in\n%s", name, w, k.text())
			}
		}
	}
}

// TestCompareOfOneDoseHasNoSlope: a line through one point has none.
func TestCompareOfOneDoseHasNoSlope(t *testing.T) {
	m := steertest.NewModel()
	one := m.Sweep(run(t, m.Attribute(france).Target(" Paris").Versus(" Rome")).TopK(3), 0).On(france).Measure(" Paris", " Rome")
	if got := Compare(one, one.Ablate(steer.Neurons("L0/N1"))).String(); strings.Contains(got, "slope") {
		t.Errorf("there is a slope:\n%s", got)
	}
}

// TestCompareSendsOneBundle: Show(Compare(…)) is one output, Compare alone computes nothing, and what cannot be compared is a mistake
// that says what to type.
func TestCompareSendsOneBundle(t *testing.T) {
	k := &kernel{t: t}
	with(t, k.screen())
	m, _ := newResults(t)
	Compare(Run(m.Predict("")), m.Predict("")) // a mistake that nobody looks at
	ask := m.Predict(france)
	Show(Compare(ask, ask.Ablate(steer.NewCircuit("one", steer.Neuron{Layer: 1, Index: 2}))))
	if len(k.shown) != 1 {
		t.Errorf("%d outputs, want 1", len(k.shown))
	}
	for _, c := range []Compared{Compare(), Compare(ask), Compare(1, 2), {}} {
		_, err := render(c, site{})
		var mistake *steer.Error
		if !errors.As(err, &mistake) || !strings.Contains(mistake.Hint, "nb.Compare(") || c.String() != err.Error() {
			t.Errorf("%v compared: %v", c.xs, err)
		}
	}
}

// TestMarksOfTexts: what both have is plain whatever stands between, and marks survive where there is no bold.
func TestMarksOfTexts(t *testing.T) {
	tokens := func(words ...string) (out []steer.Token) {
		for _, w := range words {
			id := int32(0)
			for _, r := range w {
				id = id*31 + r
			}
			out = append(out, steer.Token{ID: id, Text: w})
		}
		return out
	}
	for _, c := range []struct {
		a, b []string
		want string
	}{
		{[]string{"the", " film", " was", " great"}, []string{"the", " film", " was", " great"}, "the film was great"},
		{[]string{"the", " film", " was", " great"}, []string{"the", " play", " was", " great"}, "the«·film»·was great"},
		{[]string{"the", " film", " was", " great"}, []string{"the", " film"}, "the film«·was great»"},
		{[]string{"bad"}, []string{"good"}, "«bad»"},
	} {
		if got := textSpans(markedText(tokens(c.a...), tokens(c.b...))); got != c.want {
			t.Errorf("%q against %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
	if got := textSpans(markedText(nil, tokens("x"))); got != "(nothing)" {
		t.Error(got)
	}
}

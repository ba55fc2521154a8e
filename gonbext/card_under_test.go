package gonbext

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestSteeredCardsSayWhatWasDone: the card of every task that ran under an intervention says it in words, right under its title;
// without one it says nothing of the kind.
func TestSteeredCardsSayWhatWasDone(t *testing.T) {
	m, r := newResults(t)
	pairs := steer.NewPairs(steer.Pair{Positive: "I loved the film", Negative: "I hated the film"}, steer.Pair{Positive: france, Negative: italy})
	mean := run(t, m.MeanActivations("I loved", "The film", "The capital"))
	ablate := steer.Ablate(r.found)
	for name, x := range map[string][2]any{
		"attribute":        {m.Attribute(france).Target(" Paris"), m.Attribute(france).Target(" Paris").With(ablate)},
		"heads":            {run(t, m.Attribute(france).Target(" Paris")).Heads(), run(t, m.Attribute(france).Target(" Paris").With(ablate)).Heads()},
		"baseline":         {m.Baseline(twoCapitals()), m.Baseline(twoCapitals()).With(ablate)},
		"behavior":         {m.Behavior(twoCapitals()), m.Behavior(twoCapitals()).With(ablate)},
		"mean":             {run(t, m.Behavior(twoCapitals())).Mean(), run(t, m.Behavior(twoCapitals()).With(ablate)).Mean()},
		"example":          {run(t, m.Behavior(twoCapitals())).Example(1), run(t, m.Behavior(twoCapitals()).With(ablate)).Example(1)},
		"capture":          {m.Capture(france).From(steer.MLP), m.Capture(france).From(steer.MLP).With(ablate)},
		"contrast":         {m.Contrast(pairs), m.Contrast(pairs).With(ablate)},
		"vector":           {m.ControlVector(pairs), m.ControlVector(pairs).With(ablate)},
		"edges":            {m.Edges(r.found).On(france).Measure(" Paris", ""), m.Edges(r.found).On(france).Measure(" Paris", "").With(ablate)},
		"faithfulness":     {m.Faithfulness(r.found, twoCapitals()).Ablation(steer.ZeroAblation), m.Faithfulness(r.found, twoCapitals()).Ablation(steer.ZeroAblation).With(ablate)},
		"generate":         {m.Generate(france).MaxTokens(2), m.Generate(france).MaxTokens(2).With(ablate)},
		"generate each":    {m.GenerateEach(france).MaxTokens(2), m.GenerateEach(france).MaxTokens(2).With(ablate)},
		"one of each":      {run(t, m.GenerateEach(france).MaxTokens(2)).List()[0], run(t, m.GenerateEach(france).MaxTokens(2).With(ablate)).List()[0]},
		"lens":             {m.LogitLens(france), m.LogitLens(france).With(ablate)},
		"mean activations": {m.MeanActivations(france), m.MeanActivations(france).With(ablate)},
		"patch":            {m.Patch(twoCapitals()).Sample(2), m.Patch(twoCapitals()).Sample(2).With(ablate)},
		"predict":          {m.Predict(france), m.Predict(france).With(ablate)},
		"profiles":         {m.Profiles(r.found).On(france).Measure(" Paris", ""), m.Profiles(r.found).On(france).Measure(" Paris", "").With(ablate)},
		"sweep":            {m.Sweep(r.found, 0, 2).On(france).Measure(" Paris", ""), m.Sweep(r.found, 0, 2).On(france).Measure(" Paris", "").With(ablate)},
		"top activations":  {m.TopActivations(r.found, france), m.TopActivations(r.found, france).With(ablate)},
		"universal":        {m.Universal(france), m.Universal(france).With(ablate)},
		"calibrate":        {m.Calibrate(steer.Scale(r.found, 2)).KL(.01).On(france), m.Calibrate(steer.Scale(r.found, 2)).KL(.01).On(france).With(ablate)},
		"methods":          {m.Methods(m.Behavior(twoCapitals())).TopK(2).Exact(0), m.Methods(m.Behavior(twoCapitals()).With(ablate)).TopK(2).Exact(0)},
		"stability":        {m.Stability(m.Behavior(twoCapitals())).Sizes(2), m.Stability(m.Behavior(twoCapitals()).With(ablate)).Sizes(2)},
	} {
		if s := shown(t, x[0]).text(); strings.Contains(s, "Under ") {
			t.Errorf("%s under nothing:\n%s", name, s)
		}
		lines := strings.Split(shown(t, x[1]).text(), "\n")
		if len(lines) < 2 || !strings.HasPrefix(lines[1], "Under found ×0") {
			t.Errorf("%s does not say that found ×0:\n%s", name, strings.Join(lines[:min(3, len(lines))], "\n"))
		}
	}
	ask := m.Predict(france).With(steer.ToMean(r.found, mean), steer.AddVector(r.vector, 2).GeneratedOnly())
	if s := shown(t, ask).text(); !strings.Contains(s, "Under found → mean of 3 texts; cheer <b> +2 at every layer, in the new text only · ") {
		t.Error(s)
	}
}

package steer_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestSweepAround: at 0 a circuit is at its mean, or as on another prompt, as interventions one by one put it; 1 is the
// unsteered model; ½ is half-way for the circuit's activations.
func TestSweepAround(t *testing.T) {
	var texts []string
	for _, e := range between().All() {
		texts = append(texts, e.Prompt)
	}
	sweep := fake.Sweep(pair, 0, .5, 1).OnExamples(between()).Controls(1)
	mean := run(t, fake.MeanActivations(texts...))
	token := run(t, sweep.Ablation(steer.TokenMeanAblation).SideEffects(loved).Continue(0))
	drawn := run(t, sweep.Ablation(steer.ResampleAblation)) // of two prompts each is the other's
	pos := run(t, sweep.Ablation(steer.MeanAblation))
	for i, e := range between().All() {
		other := run(t, fake.Capture(between().All()[1-i].Prompt).From(steer.MLPNeurons))
		difference := func(is ...steer.Intervention) float64 {
			p := run(t, fake.Predict(e.Prompt).Of(e.Target, e.Versus).With(is...))
			return p.Of()[0].Logit - p.Of()[1].Logit
		}
		half := []steer.Intervention{steer.Scale(pair, .5)}
		for _, n := range pair.Neurons() {
			m := mean.Row(steer.MLPNeurons, n.Layer, 0)[n.Index]
			half = append(half, steer.AddTo(steer.NewCircuit("one", n), float64(m)/2))
		}
		for what, x := range map[string][2]float64{
			"mean over tokens":  {token.Prompts()[i][0], difference(steer.ToMean(pair, mean))},
			"half-way there":    {token.Prompts()[i][1], difference(half...)},
			"another prompt":    {drawn.Prompts()[i][0], difference(steer.Transplant(pair, other))},
			"unsteered":         {pos.Prompts()[i][2], difference()},
			"unsteered, tokens": {token.Prompts()[i][2], difference()},
		} {
			if math.Abs(x[0]-x[1]) > 1e-4 {
				t.Errorf("%s, %q: %v, want %v", what, e.Prompt, x[0], x[1])
			}
		}
	}
	same := steer.NewExamples(between().All()[0], between().All()[0])
	if c := run(t, fake.Sweep(pair, 0, 3).OnExamples(same).Ablation(steer.MeanAblation)); math.Abs(c.Prompts()[0][0]-c.Unsteered().Difference.Value) > 1e-4 || math.Abs(c.Prompts()[1][1]-c.Unsteered().Difference.Value) > 1e-4 {
		t.Errorf("a prompt that is its own mean changes: %v", c)
	}
}

// TestSweepAroundRefuses: what means nothing is a mistake.
func TestSweepAroundRefuses(t *testing.T) {
	sweep := fake.Sweep(pair, 0).OnExamples(between())
	for name, c := range map[string]struct {
		task steer.SweepTask
		says string
	}{
		"heads":              {fake.Sweep(steer.Neurons("L0/H0"), 0).OnExamples(between()).Ablation(steer.MeanAblation), "L0/H0 is an attention head"},
		"texts by position":  {sweep.Ablation(steer.MeanAblation).SideEffects(loved), "TokenMeanAblation"},
		"patch":              {sweep.Ablation(steer.PatchAblation), `a sweep knows no ablation "patch"`},
		"prompts of nothing": {sweep.PatchPrompts(france), "there are none"},
		"aligned nothing":    {sweep.Ablation(steer.TokenMeanAblation).AlignEnd(), "nothing of this sweep goes from position to position"},
		"unequal":            {sweep.Ablation(steer.MeanAblation).PatchPrompts("The capital of"), "patch prompt 1 has 4 tokens, where 6 are needed"},
	} {
		if _, err := c.task.Run(t.Context()); !errors.Is(err, steer.BadSetting) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

package steer_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestOneIsSingular: what counts one thing says "1 neuron", never "1 neurons".
func TestOneIsSingular(t *testing.T) {
	ctx, m, p := t.Context(), steertest.NewModel(), steertest.FakePrompts()
	set := steer.NewExamples(steer.Example{Prompt: p.Prompt, Target: p.Target, Versus: p.Versus})
	pairs := steer.NewPairs(steer.Pair{Positive: p.Prompt, Negative: p.Other})
	one := steer.Neurons("L0/N0")
	v, err := m.ControlVector(pairs).Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]any{"circuit": one, "head": steer.Neurons("L0/H0"), "vector": v}
	for name, run := range map[string]func() (any, error){
		"attribute":    func() (any, error) { return m.Attribute(p.Prompt).Target(p.Target).Run(ctx) },
		"behavior":     func() (any, error) { return m.Behavior(set).Run(ctx) },
		"baseline":     func() (any, error) { return m.Baseline(set).Run(ctx) },
		"contrast":     func() (any, error) { return m.Contrast(pairs).Run(ctx) },
		"decompose":    func() (any, error) { return m.Decompose(v.Layers(0, 0)).For(one).Greedy(1).Run(ctx) },
		"edges":        func() (any, error) { return m.Edges(one).On(p.Prompt).Measure(p.Target, p.Versus).Run(ctx) },
		"faithfulness": func() (any, error) { return m.Faithfulness(one, set).Ablation(steer.ZeroAblation).Sizes(1).Run(ctx) },
		"means":        func() (any, error) { return m.MeanActivations(p.Prompt).Run(ctx) },
		"methods":      func() (any, error) { return m.Methods(m.Behavior(set)).TopK(1).Steps(1).Controls(1).Exact(4).Run(ctx) },
		"patch":        func() (any, error) { return m.Patch(set).Sample(1).Run(ctx) },
		"stability":    func() (any, error) { return m.Stability(m.Behavior(set)).Sizes(1).Resamples(1).Controls(1).Run(ctx) },
		"sweep":        func() (any, error) { return m.Sweep(one, 0).OnExamples(set).Controls(1).Run(ctx) },
		"universal":    func() (any, error) { return m.Universal(p.Prompt).PerLayer(1).Run(ctx) },
		"verdict":      func() (any, error) { return m.Verdict(one).OnExamples(set).Run(ctx) },
	} {
		if said[name], err = run(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	b, _ := said["behavior"].(steer.BehaviorScores)
	said["mean"], said["any"], said["top"] = b.Mean(), b.Any(), b.Mean().TopK(1)
	wrong := regexp.MustCompile(`(^|[^\d.,−-])1 (neuron|head|layer|example|prompt|text|pair|entrie|unit|position|token|view|rule|size|selection|resample|draw|step|circuit|edge|node)s\b`)
	for name, x := range said {
		text := fmt.Sprint(x)
		if w, ok := x.(interface{ Warnings() []steer.Warning }); ok {
			text += fmt.Sprint(w.Warnings())
		}
		if found := wrong.FindString(text); found != "" {
			t.Errorf("%s says %q in\n%s", name, found, text)
		}
	}
}

package steer_test

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
)

// TestEdgesOfOtherPrompts: what means nothing on a prompt is refused by name, and what is aligned stands where it belongs.
func TestEdgesOfOtherPrompts(t *testing.T) {
	scores := run(t, fake.Attribute(france).Target(" Paris").Versus(" Rome"))
	pairs := steer.NewPairs(steer.Pair{Positive: lovedFilm, Negative: hatedFilm}, steer.Pair{Positive: "I loved. It was", Negative: "I hated. It was"})
	behavior := run(t, fake.Behavior(steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: italy, Target: " Rome", Versus: " Paris"})))
	for name, x := range map[string]struct {
		task steer.EdgesTask
		want string
	}{
		"positions of another prompt": {fake.Edges(scores.TopEntries(5)).On(italy), "position"},
		"no prompt":                   {fake.Edges(run(t, fake.Contrast(pairs)).TopK(5)), "no single prompt"},
		"no prompt of a behavior":     {fake.Edges(behavior.Mean().TopK(5)), "no single prompt"},
		"a head without a metric":     {fake.Edges(scores.Heads().TopK(2)).On(italy), "head"},
		"nothing":                     {fake.Edges(scores.TopK(0)), "empty"},
		"no target":                   {fake.Edges(scores.TopK(3)).On(italy).Targets(0), "no target"},
		"integrated gradients":        {fake.Edges(scores.TopK(3)).Rule(steer.IntegratedGradients(3)), "integrated"},
	} {
		if _, err := x.task.Run(t.Context()); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	last := len(scores.Tokens()) - 1
	for name, g := range map[string]steer.Graph{
		"contrast": run(t, fake.Edges(run(t, fake.Contrast(pairs)).TopK(5)).On(france)),
	} {
		for _, n := range g.Nodes() {
			if n.Kind == steer.NeuronNode && n.Position != last {
				t.Errorf("%s: %v, want position %d", name, n, last)
			}
		}
	}
	everywhere := run(t, fake.Edges(scores.TopK(3)).On(italy).Measure(" Rome", ""))
	if n := len(everywhere.Nodes()); n != 3*(last+1)+last+1+1 {
		t.Errorf("3 neurons at every position, tokens and metric make %d nodes", n)
	}
	aligned := run(t, fake.Edges(behavior.Mean().TopEntries(5)).On(italy).Measure(" Rome", " Paris"))
	if e := behavior.Mean().TopEntries(5).Entries()[0]; aligned.Nodes()[0].Position != e.Position || aligned.Nodes()[0].Neuron != e.Neuron {
		t.Errorf("%v stands at %v", e, aligned.Nodes()[0])
	}
}

package steer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// everyNeuron is all neurons of the fake model.
func everyNeuron() steer.Circuit {
	var all []steer.Neuron
	shape := steertest.NewEngine().Shape()
	for l := range shape.Layers {
		for i := range shape.Neurons {
			all = append(all, steer.Neuron{Layer: l, Index: i})
		}
	}
	return steer.NewCircuit("all", all...)
}

// layerOf is all neurons of a layer.
func layerOf(l int) steer.Circuit {
	return steer.NewCircuit("layer", slices.DeleteFunc(everyNeuron().Neurons(), func(n steer.Neuron) bool { return n.Layer != l })...)
}

// TestCompleteness: the integrated gradients of a layer add up to what the metric loses without its neurons, alone and under
// interventions of every kind. The fake model is linear in a layer, for which two nodes are exact.
func TestCompleteness(t *testing.T) {
	c, all := praise(t), everyNeuron()
	vector := small(t, steer.Residual)
	base := fake.Attribute(france).Target(" Paris").Versus(" Rome")
	for name, task := range map[string]steer.AttributeTask{
		"alone":     base,
		"scaled":    base.Scale(c, -2),
		"set":       base.With(steer.SetTo(c, 3), steer.AddTo(c, .5)),
		"clamped":   base.With(steer.Clamp(all, -.2, math.Inf(1))),
		"somewhere": base.With(steer.Scale(c, 3).SkipBOS()),
		"vector":    base.With(steer.AddVector(vector, 2)),
		"answer":    fake.Attribute(france).TargetText(" Paris."),
		"sum":       fake.Attribute(france).Metric(steer.Logit(" Paris").Times(3), steer.Logit(" Rome").At(2)),
	} {
		steps := 3
		if name == "answer" { // log-probabilities are no polynomial
			steps = 12
		}
		s := run(t, task.Rule(steer.IntegratedGradients(steps)))
		k, ok := s.Completeness()
		if !ok || k.Steps != steps || !(k.Residual <= 1e-5) {
			t.Errorf("%s: %+v (%v)", name, k, ok)
		}
		for l, b := range k.Baselines {
			none := run(t, task.Rule(steer.Gradient).Ablate(layerOf(l))) // after the task's own interventions
			near(t, name+": the baseline", []float32{float32(b)}, []float32{float32(none.Metric())})
		}
		near(t, name+": the metric", []float32{float32(s.Metric())}, []float32{float32(run(t, task.Rule(steer.Gradient)).Metric())})
		if s.Conservation().Holds {
			t.Errorf("%s: integrated gradients have no conservation identity", name)
		}
		if !strings.Contains(s.String(), " steps, residual") || !strings.HasPrefix(s.Method(), "integrated gradients, ") {
			t.Errorf("%s: %v", name, s)
		}
	}
	if _, ok := run(t, base).Completeness(); ok {
		t.Error("a pass of relevance has no completeness")
	}
}

// TestCompletenessWarns: a path with too few steps says so.
func TestCompletenessWarns(t *testing.T) {
	warned := func(steps int) bool {
		s := run(t, fake.Attribute(france).TargetText(" Paris.").Scale(everyNeuron(), 3).Rule(steer.IntegratedGradients(steps)))
		return slices.ContainsFunc(s.Warnings(), func(w steer.Warning) bool { return w.Code == "completeness" })
	}
	if !warned(1) || warned(20) {
		t.Errorf("one step warns: %v, twenty steps: %v", warned(1), warned(20))
	}
}

// TestIntegratedBehavior: examples along paths in batches are what they are one by one.
func TestIntegratedBehavior(t *testing.T) {
	rule := steer.IntegratedGradients(5)
	set := steer.NewExamples(steer.Example{Prompt: france, Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: "The capital of", Target: " Italy"},
		steer.Example{Prompt: strings.Repeat(" of", 40), Target: " France"})
	b := run(t, fake.Behavior(set).Rule(rule))
	for i, e := range set.All() {
		task := fake.Attribute(e.Prompt).Target(e.Target).Rule(rule)
		if e.Versus != "" {
			task = task.Versus(e.Versus)
		}
		near(t, e.Prompt, b.Example(i).Dense().Data, run(t, task).Dense().Data)
	}
}

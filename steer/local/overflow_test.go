//go:build cgo

package local_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestOverflow: whatever runs a model with a multiplier beyond float32 is a mistake that names the layer; nothing is made of
// the zeros that the norm after it would give.
func TestOverflow(t *testing.T) {
	m, err := local.Open(t.Context(), "teaching")
	if err != nil {
		t.Fatal(err)
	}
	const text = "The capital of France is"
	var all []steer.Neuron
	for n := range 64 {
		all = append(all, steer.Neuron{Layer: 2, Index: n})
	}
	c := steer.NewCircuit("a part of layer 2", all...)
	examples := steer.NewExamples(steer.Example{Prompt: text, Target: " Paris", Versus: " Rome"})
	const x = 1e30
	tasks := map[string]func(context.Context) error{
		"predict":   ran(m.Predict(text).Scale(c, x)),
		"generate":  ran(m.Generate(text).MaxTokens(3).Scale(c, x)),
		"attribute": ran(m.Attribute(text).Target(" Paris").Versus(" Rome").With(steer.Scale(c, x))),
		"behavior":  ran(m.Behavior(examples).With(steer.Scale(c, x))),
		"sweep":     ran(m.Sweep(c, 1, x).On(text).Measure(" Paris", " Rome")),
		"effects":   ran(m.Sweep(c, 1, x).On(text).Measure(" Paris", " Rome").SideEffects("The sky is blue.")),
		"baseline":  ran(m.Baseline(examples).With(steer.Scale(c, x))),
		"faithful":  ran(m.Faithfulness(c, examples).Ablation(steer.ZeroAblation).With(steer.Scale(c, x))),
		"means":     ran(m.Faithfulness(c, examples).With(steer.Scale(c, x))),
		"capture":   ran(m.Capture(text).From(steer.Residual).With(steer.Scale(c, x))),
	}
	for name, run := range tasks {
		if err := run(t.Context()); !errors.Is(err, steer.NotFinite) || !strings.Contains(err.Error(), "layer 2") || !strings.Contains(err.Error(), "multiplier") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// ran forgets what a task gives.
func ran[T any](task steer.Task[T]) func(context.Context) error {
	return func(ctx context.Context) error { _, err := steer.Fetch(ctx, task, nil); return err }
}

package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Which way of finding neurons finds those that do something?
func ExampleModel_Methods() {
	m, ctx := steertest.NewModel(), context.Background()
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome", Patch: "The capital of Italy is"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris", Patch: "The capital of France is"})
	c, err := m.Methods(m.Behavior(set)).TopK(2).Exact(24).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range c.Rows() {
		fmt.Printf("%s: ablating %d neurons loses %.2f logits, r %.2f\n", r.Method, r.Circuit.Len(), r.Effect.Value, r.Pearson.Value)
	}
	fmt.Printf("RelP and Gradient share %d\n", c.Overlap().Shared(0, 2))
	// Output:
	// RelP: ablating 2 neurons loses 1.33 logits, r 1.00
	// Frozen: ablating 2 neurons loses 1.33 logits, r 1.00
	// Gradient: ablating 2 neurons loses 1.33 logits, r 1.00
	// integrated gradients: ablating 2 neurons loses 1.33 logits, r 1.00
	// contrast: ablating 0 neurons loses 0.00 logits, r 0.00
	// control vector: ablating 0 neurons loses 0.00 logits, r 0.00
	// random: ablating 2 neurons loses -0.08 logits, r -0.07
	// RelP and Gradient share 2
}

package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// A circuit may be scaled only where a probe reads more than a number, here if it does at the end of the prompt.
func ExampleSweepTask_When() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"})
	sweep := m.Sweep(steer.Neurons("L1/N2, L2/N3"), 0).OnExamples(set)
	for _, above := range []float64{-100, 100} {
		curve, err := sweep.When(v.Layers(0, 0), above).ByPrompt().Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("above %v: %+.2f of %+.2f logits\n", above, curve.Doses()[0].Difference.Value, curve.Unsteered().Difference.Value)
	}
	// Output:
	// above -100: +0.58 of +1.25 logits
	// above 100: +1.25 of +1.25 logits
}

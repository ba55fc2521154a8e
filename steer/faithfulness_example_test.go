package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// How many of the ranked neurons carry the two capitals, when all others are set to zero or are as on the other prompt?
func ExampleModel_Faithfulness() {
	m, ctx := steertest.NewModel(), context.Background()
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome", Patch: "The capital of Italy is"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris", Patch: "The capital of France is"})
	found, err := m.Behavior(set).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range []steer.Ablation{steer.ZeroAblation, steer.PatchAblation} {
		c, err := m.Faithfulness(found, set).Ablation(a).Percentages(0, 10, 100).Controls(19).Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, r := range c.Rows() {
			fmt.Printf("%s, %d units: F(C) %+.2f, F(C̄) %+.2f logits\n", a, r.Units, r.Kept.Value, r.Ablated.Value)
		}
		if k, ok := c.KStar(); ok {
			fmt.Printf("f at the end %.2f, CPR %.2f, CMD %.2f, k* %d\n", c.Rows()[2].Faithfulness.Value, c.CPR().Value, c.CMD().Value, k)
		}
	}
	// Output:
	// zero, 0 units: F(C) +0.00, F(C̄) +1.25 logits
	// zero, 2 units: F(C) +1.33, F(C̄) -0.08 logits
	// zero, 24 units: F(C) +1.25, F(C̄) +0.00 logits
	// f at the end 1.00, CPR 0.99, CMD 0.07, k* 2
	// patch, 0 units: F(C) -1.25, F(C̄) +1.25 logits
	// patch, 2 units: F(C) +1.41, F(C̄) -1.41 logits
	// patch, 24 units: F(C) +1.25, F(C̄) -1.25 logits
	// f at the end 1.00, CPR 0.99, CMD 0.07, k* 2
}

package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Which rule's scores foretell what setting a neuron to zero does? Every neuron is set to zero once.
func ExampleModel_Patch() {
	m, ctx := steertest.NewModel(), context.Background()
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"})
	truth, err := m.Patch(set).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	top := truth.Rows()[0]
	fmt.Printf("%v: %+.2f of %+.2f logits\n", top.Unit, top.Effect.Value, truth.Full().Value)
	for _, rule := range []steer.Rule{steer.RelP, steer.Gradient} {
		scores, err := m.Behavior(set).Rule(rule).Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		a := truth.Agreement(scores)
		fmt.Printf("%s: Pearson %.2f, Spearman %.2f over %d neurons\n", rule, a.Pearson.Value, a.Spearman.Value, a.Pearson.N)
	}
	// Output:
	// L1/N2: +0.67 of +1.25 logits
	// relp: Pearson 1.00, Spearman 1.00 over 24 neurons
	// gradient: Pearson 1.00, Spearman 1.00 over 24 neurons
}

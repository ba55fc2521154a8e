package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Which neurons does every reasonable way of choosing a circuit choose?
func ExampleModel_Stability() {
	m, ctx := steertest.NewModel(), context.Background()
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"})
	v, err := m.Stability(m.Behavior(set)).Sizes(1, 2).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d views\n", v.Views())
	for _, n := range v.Nodes()[:2] {
		fmt.Printf("%v in %.0f %% of them: %s (p = %.2f)\n", n.Neuron, 100*n.Frequency, n.Class, n.P) // two examples show nothing
	}
	s := v.Specifications()[0]
	fmt.Printf("%s: its circuit takes %.2f logits along\n", s.Circuit.Name(), s.Effect.Value)
	found, err := m.Behavior(set).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	top := found.Mean().TopK(2).WithStability(v) // whose card then says how sure each neuron is
	judged, ok := top.Stability()
	fmt.Println(ok, len(judged.Of(top)), "neurons,", v.Circuit(steer.Core).Len(), "core")
	// Output:
	// 900 views
	// L1/N2 in 85 % of them: noise (p = 0.55)
	// L1/N5 in 50 % of them: noise (p = 1.00)
	// relp, mean, 1: its circuit takes 0.67 logits along
	// true 2 neurons, 0 core
}

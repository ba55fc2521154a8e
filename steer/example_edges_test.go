package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// The nodes of a circuit and what they give to one another: edges, hubs, the strongest paths to the metric.
func ExampleModel_Edges() {
	ctx := context.Background()
	m := steertest.NewModel()
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := m.Edges(scores.TopEntries(20)).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range g.TopEdges(3) {
		fmt.Println(e)
	}
	fmt.Println("hub", g.Hubs()[0].Neuron)
	fmt.Println("path from", g.StrongestPaths(1)[0].Nodes[0])
	// Output:
	// L1/N2@5 → logit(" Paris") − logit(" Rome") +1.33
	// " France"@4 → logit(" Paris") − logit(" Rome") +1.17
	// " capital"@2 → L0/N1@2 +1
	// hub L2/N0
	// path from " France"@4
}

// Direct edges add up: what enters a node is what it is.
func ExampleGraph_Balance() {
	ctx := context.Background()
	m := steertest.NewModel()
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	g, err := m.Edges(scores.TopEntries(20)).Direct().Targets(2).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range g.Balance() {
		fmt.Printf("%v = %.3f: neurons %+.3f, tokens %+.3f\n", b.Node, b.Value, b.Neurons, b.Tokens)
	}
	// Output:
	// L1/N2@5 = 0.660: neurons -0.006, tokens +0.667
	// L1/N6@5 = 0.171: neurons +0.005, tokens +0.166
	// logit(" Paris") − logit(" Rome") = 1.212: neurons +1.206, tokens +0.006
}

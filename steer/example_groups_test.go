package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// What do the neurons of a circuit read and write, and which of them do the same?
func ExampleModel_Profiles() {
	ctx := context.Background()
	m := steertest.NewModel()
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := m.Profiles(scores.TopEntries(12)).Outputs(5).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	groups := p.Groups()
	fmt.Println(groups)
	first := groups.All()[0].Circuit
	without, err := m.Predict("The capital of France is").Of(" Paris").Ablate(first).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(without.Of()[0].Rank)
	// Output:
	// 2 groups of 7 neurons, silhouette 0.58 (shuffled 0.20 to 0.49, p = 0.01)
	// " France" → " Paris": 4 neurons, silhouette 0.44, stability 0.80
	// " France" → " Rome": 3 neurons, silhouette 0.77, stability 0.80
	// 4
}

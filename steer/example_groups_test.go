package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/plotting"
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

// A figure of what each unit reads and writes, in groups; and what the groups give to one another.
func ExampleGroups() {
	ctx := context.Background()
	m := steertest.NewModel()
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	circuit := scores.TopEntries(12)
	p, err := m.Profiles(circuit).Outputs(5).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	groups := p.GroupsOf(3) // in place of as many as fit best
	fmt.Println(plotting.Profiles(groups).TitleText())
	edges, err := m.Edges(circuit).Direct().Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(groups.Edges(edges)[0])
	// Output:
	// 7 units fall into 3 groups (silhouette .52, by chance .09 to .46); the largest is " France" → " Paris" (stability .79)
	// " capital"@2 → [" France" → " Paris"] +2.85
}

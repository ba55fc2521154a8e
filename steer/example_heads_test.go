package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Heads come from the pass that scored the neurons, and the two make one circuit.
func ExampleScores_Heads() {
	ctx := context.Background()
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	both := s.TopK(2).Union(s.Heads().TopK(1)).Named("both")
	for _, e := range both.Entries() {
		fmt.Printf("%v %+.2f\n", e.Neuron, e.Score)
	}
	before, after := m.Predict("The capital of France is").Of(" Paris"), m.Predict("The capital of France is").Of(" Paris").Ablate(both)
	for _, task := range []steer.PredictTask{before, after} {
		p, err := task.Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("rank %d, %d neurons and %d heads changed\n", p.Of()[0].Rank, p.Edited(), p.EditedHeads())
	}
	// Output:
	// L1/N2 +1.33
	// L1/H0 +1.20
	// L1/N6 -0.17
	// rank 1, 0 neurons and 0 heads changed
	// rank 1, 2 neurons and 1 heads changed
}

// Sources says which tokens a head moves relevance from.
func ExampleScores_Sources() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range s.Sources().TopEntries(2).Entries() {
		fmt.Printf("%v %+.2f from %q\n", e.Neuron, e.Score, s.Tokens()[e.Position].Text)
	}
	// Output:
	// L1/H0 +1.17 from " France"
	// L0/H0 +0.02 from " capital"
}

// A metric may weigh the logits of several tokens, at several positions.
func ExampleAttributeTask_Metric() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").
		Metric(steer.Logit(" Paris").Times(2), steer.Logit(" Rome").Times(-1), steer.Logit(" is").At(-2)).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s = %.2f\n", s.About(), s.Metric())
	fmt.Println(s.TopK(2).Neurons())
	// Output:
	// 2·logit(" Paris") − logit(" Rome") + logit(" is") at −2 = 3.10
	// [L0/N1 L1/N2]
}

// Integrated gradients check themselves by what the metric loses without the neurons of each layer.
func ExampleIntegratedGradients() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Rule(steer.IntegratedGradients(5)).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _ := s.Completeness()
	for l, sum := range c.Sums {
		fmt.Printf("layer %d: scores %+.2f, loss without its neurons %+.2f\n", l, sum, c.Metric-c.Baselines[l])
	}
	// Output:
	// layer 0: scores +0.02, loss without its neurons +0.02
	// layer 1: scores +1.19, loss without its neurons +1.19
	// layer 2: scores +0.00, loss without its neurons +0.00
}

// A task names the rule by which it scores.
func ExampleAttributeTask_Rule() {
	m := steertest.NewModel()
	task := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome")
	for _, rule := range []steer.Rule{steer.RelP, steer.Frozen, steer.ConstantQKNorm, steer.Gradient} {
		s, err := task.Rule(rule).Run(context.Background())
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %s; conserves %v\n", rule, s.Method(), s.Conservation().Holds)
	}
	// Output:
	// relp: relevance attribution; conserves true
	// frozen: relevance attribution, frozen attention; conserves true
	// constant-qk-norm: relevance attribution, constant query and key norms; conserves true
	// gradient: gradient × activation; conserves false
}

// Random circuits match heads as they match neurons.
func ExampleMatchedControls_heads() {
	m := steertest.NewModel()
	info, err := m.Info().Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	c := steer.Neurons("L0/N1, L1/N2, L1/H0")
	controls, err := steer.MatchedControls(c, steer.NeuronSet{}, info.Shape(), 2, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range controls {
		fmt.Println(r.Neurons())
	}
	// Output:
	// [L0/N4 L1/N5 L1/H1]
	// [L0/N7 L1/N4 L1/H1]
}

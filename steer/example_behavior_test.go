package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

func ExampleModel_Behavior() {
	m := steertest.NewModel()
	examples := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "The capital of Italy is", Target: " Rome", Versus: " Paris"},
	)
	b, err := m.Behavior(examples).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(b)
	fmt.Println("in the mean", b.Mean().Positive().TopK(2).Neurons())
	fmt.Println("in any", b.AnyPercent(.2).TopK(9).Neurons())
	// Output:
	// relevance attribution of 2 examples: metric +1.249 in the mean, from +1.212 to +1.286, positive in 2
	// in the mean [L1/N2 L1/N5]
	// in any [L1/N2 L1/N5]
}

func ExampleModel_Contrast() {
	m := steertest.NewModel()
	pairs := steer.NewPairs(steer.Pair{Positive: "The capital of France is", Negative: "The capital of Italy is"})
	s, err := m.Contrast(pairs).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range s.TopK(2).Entries() {
		fmt.Printf("%v %+.2f\n", e.Neuron, e.Score)
	}
	// Output:
	// L1/N2 +0.67
	// L1/N5 -0.67
}

func ExampleModel_Universal() {
	ctx, m := context.Background(), steertest.NewModel()
	always, err := m.Universal().PerLayer(2).In(.5).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(always.Frequencies())
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.TopK(3).Neurons(), "and without them", s.Without(always).TopK(3).Neurons())
	// Output:
	// 6 neurons are among the 2 largest of their layer in at least 50 % of 20 texts; layer 0 has 2, layer 1 has 2, layer 2 has 2
	// [L1/N2 L1/N5 L1/N6] and without them [L1/N2 L1/N5 L1/N6]
}

func ExampleOverlap() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	a, b := s.TopK(4).Named("neurons"), s.TopEntries(4).Named("entries")
	fmt.Println(steer.Overlap(a, b, steer.Random(s.Shape(), 1).TopK(4).Named("random")))
	// Output:
	// neurons and entries share 4 of 4 and 4 neurons: Jaccard 1.000 (by chance 0.202, p = 0.0022), rank-biased 1.000
	// neurons and random share 1 of 4 and 4 neurons: Jaccard 0.143 (by chance 0.036, p = 0.25), rank-biased 0.182
	// entries and random share 1 of 4 and 4 neurons: Jaccard 0.143 (by chance 0.036, p = 0.25), rank-biased 0.182
}

func ExampleScores_Cumulative() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("half of Σ|score|:   ", s.Cumulative(.5).TopK(1000).Neurons())
	fmt.Println("a tenth of m each:  ", s.Percent(.1).TopK(1000).Neurons())
	fmt.Println("one of each layer:  ", s.PerLayer(1).TopK(1000).Neurons())
	fmt.Println("at the last tokens: ", s.Positions(-1, -2).TopEntries(2).Neurons())
	// Output:
	// half of Σ|score|:    [L1/N2]
	// a tenth of m each:   [L1/N2 L1/N6]
	// one of each layer:   [L0/N1 L1/N2 L2/N0]
	// at the last tokens:  [L1/N2 L1/N6]
}

func ExampleScores_Diagnostics() {
	m := steertest.ModelOf(steertest.NewEngine(), steertest.PlainText())
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	d := s.Diagnostics()
	fmt.Printf("%.0f %% of Σ|score| on %q\n", 100*d.First, d.Token)
	for l, y := range d.Layers {
		fmt.Printf("layer %d: Σ|score| %.2f, largest %v\n", l, y.Total, y.At.Neuron)
	}
	// Output:
	// 0 % of Σ|score| on "The"
	// layer 0: Σ|score| 0.03, largest L0/N1
	// layer 1: Σ|score| 1.84, largest L1/N2
	// layer 2: Σ|score| 0.00, largest L2/N0
}

func ExampleCircuit_Minus() {
	a := steer.NewCircuit("a", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 1, Index: 3})
	b := steer.NewCircuit("b", steer.Neuron{Layer: 1, Index: 3}, steer.Neuron{Layer: 2, Index: 0})
	for _, c := range []steer.Circuit{a.Union(b), a.Intersect(b), a.Minus(b)} {
		fmt.Println(c.Name(), c.Neurons())
	}
	// Output:
	// a ∪ b [L1/N2 L1/N3 L2/N0]
	// a ∩ b [L1/N3]
	// a − b [L1/N2]
}

func ExampleNewExamples() {
	set := steer.NewExamples(
		steer.Example{Prompt: "The sky is", Target: " blue", Versus: " red"},
		steer.Example{Prompt: "Grass is", Target: " green", Versus: " red"},
		steer.Example{Prompt: "Snow is", Target: " white", Versus: " red", Split: "test"},
	)
	fmt.Println(set.Train().Len(), "to find a circuit on,", set.Test().Len(), "to test it on")
	// Output: 1 to find a circuit on, 2 to test it on
}

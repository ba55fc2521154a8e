package steer_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// sentiment returns pairs that differ in one word.
func sentiment() steer.PairSet {
	return steer.NewPairs(
		steer.Pair{Positive: "I loved the film. It was", Negative: "I hated the film. It was"},
		steer.Pair{Positive: "I loved it and", Negative: "I hated it and"})
}

// A control vector is found on pairs, added to the running model, and taken apart into the neurons that write it.
func ExampleModel_ControlVector() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	ask := m.Predict("I hated the film. It was").Of(" wonderful")
	before, err := ask.Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := ask.With(steer.AddVector(v, 1.5)).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("the rank of %q goes from %d to %d\n", " wonderful", before.Of()[0].Rank, after.Of()[0].Rank)
	fmt.Println(v.About(), "of the", v.Space(), "space")
	// Output:
	// the rank of " wonderful" goes from 10 to 1
	// mean difference of 2 pairs of the residual space
}

// An intervention may act only where a probe reads more than a number, decided by each position or by the prompt; and a
// direction can be taken out instead of added.
func ExampleIntervention_When() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	along := func(text string, layer int, is ...steer.Intervention) (sum float64) { // the projection at the last token
		inside, err := m.Capture(text).From(steer.Residual).With(is...).Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		u := v.Normalize().Layer(layer)
		for i, x := range inside.Row(steer.Residual, layer, len(inside.Tokens())-1) {
			sum += float64(x) * float64(u[i])
		}
		return sum
	}
	halfway := (along("I hated it and", 0) + along("I loved it and", 0)) / 2
	push := steer.AddVector(v.Layers(1, -1), 1.5).When(v.Layers(0, 0), halfway).ByPrompt() // where it loves
	for _, text := range []string{"I hated it and", "I loved it and"} {
		ask := m.Predict(text)
		before, err := ask.Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		after, err := ask.With(push).Run(ctx)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: changed %t\n", text, !slices.Equal(before.Logits(), after.Logits()))
	}
	fmt.Println("nothing is left of the direction:", math.Abs(along("I loved it and", 1, steer.ProjectOut(v, 1))) < 1e-6)
	// Output:
	// I hated it and: changed false
	// I loved it and: changed true
	// nothing is left of the direction: true
}

// What neurons can write of a vector together is R², and Greedy says which; projections alone do not add up.
func ExampleModel_Decompose() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).From(steer.MLP).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	feeling := steer.NewCircuit("feeling", steer.Neuron{Layer: 1, Index: 3}, steer.Neuron{Layer: 1, Index: 7})
	parts, err := m.Decompose(v).For(feeling).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(parts.Layers(1, 1).TopK(2).Neurons())
	r, _ := parts.R2(feeling)
	fmt.Printf("both neurons span %.2f of layer 1; one of them %.2f\n", r.Layers[1], parts.Greedy(1)[0].R2)
	// Output:
	// [L1/N3 L1/N7]
	// both neurons span 1.00 of layer 1; one of them 0.50
}

// A circuit is held against a decomposition, with what chance would give beside every count.
func ExampleCompare() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).Layers(1, 1).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	parts, err := m.Decompose(v).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	feeling := steer.NewCircuit("feeling", steer.Neuron{Layer: 1, Index: 3}, steer.Neuron{Layer: 1, Index: 7})
	shared, of, expected, p := steer.Compare(feeling, parts).TopK(2).Total()
	fmt.Printf("%d of %d shared, by chance %.1f, p = %.3f\n", shared, of, expected, p)
	// Output:
	// 2 of 2 shared, by chance 0.5, p = 0.036
}

// Vectors are values: they add, scale and project. One is saved with where it comes from, and a file of another model is
// an error.
func ExampleVector_Save() {
	ctx, m := context.Background(), steertest.NewModel()
	v, err := m.ControlVector(sentiment()).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	dir, err := os.MkdirTemp("", "vectors")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "cheer.gguf") // as llama.cpp reads it: not after layer 0
	if err := v.Named("cheer").Layers(1, 2).Normalize().Save(path); err != nil {
		fmt.Println(err)
		return
	}
	back, err := m.LoadVector(ctx, path)
	fmt.Println(back.About(), err)
	fmt.Printf("%.3f\n", back.Norms())
	// Output:
	// mean difference of 2 pairs, normalized <nil>
	// [0.000 1.000 1.000]
}

// A logit lens reads the residual stream after each layer as if the model ended there: the final norm, then W_U.
func ExampleModel_Capture() {
	ctx, m := context.Background(), steertest.NewModel()
	a, err := m.Capture("The capital of France is").From(steer.Residual).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	var rows [][]float32 // [D] after each layer, at the last token
	for l := range a.Shape().Layers {
		rows = append(rows, a.Row(steer.Residual, l, -1))
	}
	lens, err := m.Unembed(rows...).Normed().Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for l := range lens.Len() {
		best := lens.Top(l)[0]
		fmt.Printf("after layer %d: %q %.2f\n", l, best.Text, best.Logit)
	}
	// Output:
	// after layer 0: " Paris" 0.52
	// after layer 1: " Paris" 1.84
	// after layer 2: " Paris" 1.87
}

func ExampleModel_MeanActivations() {
	ctx, m := context.Background(), steertest.NewModel()
	mean, err := m.MeanActivations("The capital of France is", "I loved the film. It was").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mean)
	// Output:
	// neurons [3 1 8] means over 2 texts, 13 positions
}

// Where a neuron acts in a corpus, and what it writes.
func ExampleModel_TopActivations() {
	ctx, m := context.Background(), steertest.NewModel()
	c := steer.NewCircuit("one", steer.Neuron{Layer: 1, Index: 2})
	where, err := m.TopActivations(c, "The capital of France is", "I loved France and the film", "It was Italy").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, place := range where.Top(steer.Neuron{Layer: 1, Index: 2}, 2) {
		fmt.Println(place)
	}
	writes, err := m.Writes(c).Top(1).Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	w, _ := writes.Of(steer.Neuron{Layer: 1, Index: 2})
	fmt.Printf("promotes %q by %.2f per unit\n", w.Promoted[0].Text, w.Promoted[0].Weight)
	// Output:
	// +1.000  I loved« France» and the film
	//   +0.808  I loved France« and» the film
	// promotes " Paris" by 2.01 per unit
}

// A vector says how far its pairs agree and, of examples that it is tried on, how many it moves the other way.
func ExampleVector_Reliability() {
	set := steer.NewExamples(
		steer.Example{Prompt: "I hated the film. It was", Target: " wonderful", Versus: " terrible"},
		steer.Example{Prompt: "I loved it and", Target: " wonderful", Versus: " terrible"})
	v, err := steertest.NewModel().ControlVector(sentiment()).OnExamples(set).Run(context.Background())
	for _, r := range v.Reliability() {
		fmt.Printf("layer %d: agreement %.2f, %+.2f logits, anti-steerable %.0f %% of %d\n", r.Layer, r.Agreement.Value, r.Steerability.Value, 100*r.AntiSteerable.Value, r.AntiSteerable.N)
	}
	fmt.Println(err)
	// Output:
	// layer 0: agreement 1.00, -0.00 logits, anti-steerable 100 % of 2
	// layer 1: agreement 1.00, +2.86 logits, anti-steerable 0 % of 2
	// layer 2: agreement 1.00, +2.86 logits, anti-steerable 0 % of 2
	// <nil>
}

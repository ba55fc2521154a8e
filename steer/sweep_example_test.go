package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// The fake model says " Paris" because of one neuron, L1/N2, and is linear in it.
func ExampleModel_Sweep() {
	m := steertest.NewModel()
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	dose, err := m.Sweep(paris, steer.Range(0, 2, 1)...).
		On("The capital of France is").Measure(" Paris", " Rome").
		Controls(39).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range dose.Doses() {
		fmt.Printf("× %g: %+.2f logits, random circuits %+.2f to %+.2f, p = %.2f\n",
			d.Multiplier, d.Difference.Value, d.Controls.Min, d.Controls.Max, d.P)
	}
	fmt.Printf("%+.2f logits per unit\n", dose.Trend().Slope.Value)
	for _, w := range dose.Warnings() {
		fmt.Println("warning:", w)
	}
	// Output:
	// × 0: -0.12 logits, random circuits +1.19 to +1.38, p = 0.03
	// × 1: +1.21 logits, random circuits +1.21 to +1.21, p = 1.00
	// × 2: +2.55 logits, random circuits +1.04 to +1.24, p = 0.03
	// +1.33 logits per unit
	// warning: 1 prompt: the intervals say little about other prompts
}

func ExampleRange() {
	fmt.Println(steer.Range(-1, 1, .5))
	// Output: [-1 -0.5 0 0.5 1]
}

// Controls have as many neurons in every layer as the circuit, and none of its own.
func ExampleMatchedControls() {
	circuit := steer.NewCircuit("found", steer.Neuron{Layer: 0, Index: 3}, steer.Neuron{Layer: 2, Index: 1}, steer.Neuron{Layer: 2, Index: 2})
	controls, err := steer.MatchedControls(circuit, steer.NeuronSet{}, steertest.NewEngine().Shape(), 2, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range controls {
		fmt.Println(c.Neurons())
	}
	// Output:
	// [L0/N4 L2/N3 L2/N6]
	// [L0/N6 L2/N0 L2/N5]
}

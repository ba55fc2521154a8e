package gonbext_test

import (
	"math"

	nb "github.com/neuronsteer/neuronsteer/gonbext"
)

// An exercise's answer is held against what the model gives, and a wrong one is told why it is wrong.
func ExampleExpect() {
	question := nb.Expect("By how many logits does the model prefer the answer?")
	question.Number(math.NaN(), capital.Metric(), .01)
	question.Number(-capital.Metric(), capital.Metric(), .01)
	nb.Expect("Which neuron leads?").Neuron("L1/N6", top.Neurons()[0])
	nb.Expect("Which two neurons lead?").Circuit(capital.TopK(2), top)
	// Output:
	// Your turn: there is no number yet: put yours into the cell, and run it again.
	// asked: By how many logits does the model prefer the answer?
	// Not yet: the size is right and the sign is wrong. What is taken from what?
	// asked: By how many logits does the model prefer the answer?
	// Near: the right layer, and another one of it.
	// asked: Which neuron leads?
	// Right: 2 neurons, all as they should be.
	// asked: Which two neurons lead?
}

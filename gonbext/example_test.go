package gonbext_test

import (
	"errors"
	"fmt"

	nb "github.com/neuronsteer/neuronsteer/gonbext"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// m stands in for nb.Model("teaching"): an example has no engine.
var m = nb.Model("fake", nb.On(steertest.NewModel().Runner()))

// Declared at the top of a notebook, these cost nothing until a cell shows them.
var (
	capital = nb.Run(m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome"))
	top     = capital.TopK(2).Named("capital")
)

func Example() {
	nb.Show(top)
	// Output:
	// capital
	// 2 neurons · 1 layer · Σ = +1.16 logits
	// chosen by their scores for logit(" Paris") − logit(" Rome")
	//   The strongest entries
	//   #  neuron   score
	//   1  L1/N2   +1.334  ████████████
	//   2  L1/N6   −0.171  █▌
	// A selection, not yet a test: Predict or Generate with Ablate shows what these neurons do.
}

func ExampleRun() {
	ask := m.Generate("The capital of France is").MaxTokens(2)
	fmt.Println(nb.Run(ask).Text())
	// Output: Paris.
}

func ExampleShow() {
	nb.Show("a line of text", m.Tokens("The capital"))
	// Output:
	// a line of text
	// 3 tokens
	//   The tokens
	//      token     id  in the vocabulary  bytes
	//   0  <s>        0  <s>                0–0
	//   1  The        2  The                0–3
	//   2  ·capital   3  Ġcapital           3–11
}

// A result of many prompts has a card too, and its figures, e.g. plotting.DoseResponse, are shown in the same way.
func ExampleShow_sweep() {
	nb.Show(m.Sweep(top, 0, 2).On("The capital of France is").Measure(" Paris", " Rome").Controls(39))
	// Output:
	// Dose and response of logit(" Paris") − logit(" Rome")
	// capital · 2 neurons · 1 prompt · 39 random circuits, as many neurons in every layer
	//   The response to each multiplier
	//   multiplier  difference (logits)  95 % interval  p(target)  p(versus)  random, middle 95 %      p
	//           ×0                +0.05           none     0.60 %     0.57 %       +1.19 to +1.21  0.025
	//           ×2                +2.38           none     8.21 %     0.76 %       +1.21 to +1.24  0.025
	// Slope +1.16 logits per unit of the multiplier. Rank correlation with the dose: +1.00.
	// ×1 is the unsteered model. An interval is over these prompts; it says nothing of other kinds of prompts.
	// Warning: 1 prompt: the intervals say little about other prompts
}

// The results of one task under several multipliers are a ladder of doses: each is named by what was done.
func ExampleCompare() {
	ask := m.Predict("The capital of France is").Of(" Paris", " Rome")
	nb.Show(nb.Compare(ask, ask.Ablate(top), ask.Scale(top, 2), ask.Scale(top, 4)))
	// Output:
	// p(·Paris) goes from 2.28 % (as it is) to 56.8 % (capital ×4)
	// after “The capital of France is”
	//   The next token, step by step
	//   under       p(·Paris)  p(·Rome)  logit(" Paris") − logit(" Rome")  first choice  divergence from the first (nats)
	//   as it is       2.28 %    0.68 %                             +1.21        ·Paris                             0.000
	//   capital ×0     0.60 %    0.57 %                             +0.05        ·Paris                             0.014
	//   capital ×2     8.21 %    0.76 %                             +2.38        ·Paris                             0.032
	//   capital ×4     56.8 %    0.52 %                             +4.70        ·Paris                             0.726
}

func ExampleMust() {
	half := func(n int) (int, error) {
		if n%2 != 0 {
			return 0, errors.New("odd")
		}
		return n / 2, nil
	}
	fmt.Println(nb.Must(half(8))) // nb.Must(half(7)) would show a card and end the cell
	// Output: 4
}

// In a notebook this is a slider, and a switch for each neuron; the table is what is seen where no script runs.
func ExampleLive() {
	nb.Live(m.Predict("The capital of France is").Of(" Paris", " Rome"), top, 0, 1, 2)
	// Output:
	// capital: p(“·Paris”) is 0.60 % at ×0, 8.21 % at ×2
	// capital · 2 neurons: L1/N2, L1/N6
	// prompt: The capital of France is
	//   What each multiplier of the circuit gives; ×1 is the model without it
	//   multiplier  p("·Paris")  p("·Rome")  difference (logits)  likeliest
	//           ×0       0.60 %      0.57 %                +0.05  ·Paris 0.60 %
	//           ×1       2.28 %      0.68 %                +1.21  ·Paris 2.28 %
	//           ×2       8.21 %      0.76 %                +2.38  ·Paris 8.21 %
	// One prompt: another wording may give another answer.
}

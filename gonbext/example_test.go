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
	//      token     id  in the vocabulary  bytes
	//   0  <s>        0  <s>                0–0
	//   1  The        2  The                0–3
	//   2  ·capital   3  Ġcapital           3–11
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

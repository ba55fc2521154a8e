package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// The examples run on a model of three layers with eight neurons each, whose circuits were put there by hand
// (steertest.NewModel). On a real one, m comes from local.Open or from a notebook's nb.Model.

func ExampleModel_Attribute() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.About())
	for _, e := range s.TopK(3).Entries() {
		fmt.Printf("%v %+.2f\n", e.Neuron, e.Score)
	}
	// Output:
	// logit(" Paris") − logit(" Rome")
	// L1/N2 +1.33
	// L1/N6 -0.17
	// L1/N5 +0.03
}

func ExampleModel_Attribute_mistakes() {
	m := steertest.NewModel()
	_, err := m.Attribute("The capital of France is").Target(" Sacramento").Versus(" Rome").Run(context.Background())
	fmt.Println(err)
	_, err = m.Attribute("").Chat().Ablate(steer.NewCircuit("nothing")).Run(context.Background())
	fmt.Println(err)
	// Output:
	// attribute: target " Sacramento" is 3 tokens (" S|acr|amento"); use a one-token word, e.g. " S", or score the whole answer with TargetText(" Sacramento")
	// attribute: the prompt is empty; give the text that the model is to answer
	// attribute: no target; add Target(" word"), a token that the model may say next
	// attribute: the circuit "nothing" is empty, so there is nothing to change; select some neurons, e.g. TopK(20), or name them: steer.Neurons("L5/N298")
}

func ExampleModel_Predict() {
	m := steertest.NewModel()
	p, err := m.Predict("The capital of France is").Of(" Rome", ".").Top(2).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p)
	// Output:
	// 1  " Paris"           1.871    2.28 %
	//    2  " Rome"            0.659    0.68 %
	//  165  "."               -0.003    0.35 %
}

func ExampleModel_Generate() {
	ctx, m := context.Background(), steertest.NewModel()
	scores, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	ask := m.Generate("The capital of France is").MaxTokens(3)
	before, err := ask.Run(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	after, err := ask.Ablate(scores.Positive().TopK(1)).Run(ctx) // ask itself is unchanged
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(before.Diff(after))
	// Output:
	// before  " Paris.</s>"
	// after   " Rome.</s>"
}

func ExampleModel_Tokens() {
	m := steertest.NewModel()
	ts, err := m.Tokens("I loved Sacramento").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(ts)
	fmt.Printf("%d tokens, the last %q\n", ts.Len(), ts.At(-1).Text)
	// Output:
	// 0       0  [0,0)  "<s>"
	//   1      12  [0,1)  "I"
	//   2      13  [1,7)  " loved"
	//   3      20  [7,9)  " S"
	//   4      21  [9,12)  "acr"
	//   5      22  [12,18)  "amento"
	// 6 tokens, the last "amento"
}

func ExampleModel_Info() {
	m := steertest.NewModel()
	info, err := m.Info().Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(info)
	// Output:
	// fake: 3 layers × 8 neurons, width 46, 2 heads, vocabulary 279, context 64; fake (linear, float64)
}

package steer_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// capital returns the scores that the examples select from.
func capital() steer.Scores {
	s, err := steertest.NewModel().Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
	}
	return s
}

// Neurons are counted once, by the sum over positions; narrowing comes before counting and recomputes nothing.
func ExampleScores_TopK() {
	s := capital()
	fmt.Println(s.TopK(2).Neurons())
	fmt.Println(s.Positive().TopK(1).Named("say Paris"))
	fmt.Println(s.Layers(2, 2).TopK(1).Neurons())
	// Output:
	// [L1/N2 L1/N6]
	// say Paris: 1 neuron in 1 layer, Σ = +1.334 logits
	// [L2/N0]
}

// Entries are counted at every position, as the reference implementation counts.
func ExampleScores_TopEntries() {
	for _, e := range capital().TopEntries(3).Entries() {
		fmt.Printf("%v at %d %+.2f\n", e.Neuron, e.Position, e.Score)
	}
	// Output:
	// L1/N2 at 5 +1.33
	// L1/N6 at 5 -0.17
	// L1/N5 at 5 +0.02
}

func ExampleScores_ByLayer() {
	support, oppose := capital().ByLayer()
	for l := range support {
		fmt.Printf("layer %d: %+.2f %+.2f\n", l, support[l], oppose[l])
	}
	// Output:
	// layer 0: +0.02 -0.00
	// layer 1: +1.36 -0.17
	// layer 2: +0.00 -0.00
}

// Every attribution checks itself: the relevance of the tokens accounts for the metric.
func ExampleScores_Conservation() {
	c := capital().Conservation()
	fmt.Printf("tokens %.3f, metric %.3f, attention %.3f\n", c.Tokens, c.Metric, c.Attention)
	// Output:
	// tokens 1.212, metric 1.212, attention 0.000
}

func ExampleCircuit_CSV() {
	fmt.Print(steer.NewCircuit("from a paper", steer.Neuron{Layer: 23, Index: 8079}, steer.Neuron{Layer: 1, Index: 4}).CSV())
	// Output:
	// layer,index,position,score
	// 23,8079,-1,0
	// 1,4,-1,0
}

func ExampleCircuit_MarshalJSON() {
	b, err := json.MarshalIndent(steer.NewCircuit("say a capital", steer.Neuron{Layer: 23, Index: 8079}), "", "  ")
	fmt.Println(string(b), err)
	// Output:
	// {
	//   "name": "say a capital",
	//   "about": "",
	//   "entries": [
	//     {
	//       "layer": 23,
	//       "index": 8079,
	//       "position": -1,
	//       "score": 0
	//     }
	//   ]
	// } <nil>
}

// Errors say what kind of mistake they are, also when several are joined and when they came from another process.
func ExampleCode() {
	_, err := steertest.NewModel().Predict("I").Of(" Sacramento").Run(context.Background())
	fmt.Println(errors.Is(err, steer.NotOneToken), errors.Is(err, steer.PromptTooLong))
	// Output:
	// true false
}

// A task is a message. The same request has the same content address, whatever a circuit is called.
func ExampleRequest_Ref() {
	m, n := steertest.NewModel(), steer.Neuron{Layer: 1, Index: 2}
	id := steer.Identity{Model: "digest of the weights", Tokenizer: "digest of the tokenizer"}
	a, _ := m.Predict("I").Ablate(steer.NewCircuit("mine", n)).Request()
	b, _ := m.Predict("I").Ablate(steer.NewCircuit("yours", n)).Request()
	fmt.Println(string(a.Settings))
	fmt.Println(a.Ref(id) == b.Ref(id))
	// Output:
	// {"prompt":{"text":"I","chat":false,"system":"","prefill":""},"of":null,"top":10,"edits":[{"op":"scale","neurons":[{"layer":1,"index":2}],"x":0,"scope":"all"}]}
	// true
}

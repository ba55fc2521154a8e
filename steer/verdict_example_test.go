package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// A verdict is about what is kept. A Runner that keeps its results answers it with Gather; steer/local.Open and a notebook's Model do.
func ExampleModel_Verdict() {
	fake, kept := steertest.NewModel().Runner(), []steer.Record{}
	find := func(want func(steer.Header) bool) (out []steer.Record, _ error) {
		for _, rec := range kept {
			if want(rec.Header) {
				out = append(out, rec)
			}
		}
		return out, nil
	}
	m := steer.New("fake", steer.RunnerFunc(func(ctx context.Context, r steer.Request, emit func(steer.Event)) (steer.Record, error) {
		if rec, ok, err := steer.Gather(r, steer.Identity{Model: "fake-model", Tokenizer: "fake-tokenizer"}, find); ok || err != nil {
			return rec, err
		}
		rec, err := fake.Run(ctx, r, emit)
		kept = append(kept, rec)
		return rec, err
	}))
	ctx := context.Background()
	paris := steer.NewCircuit("paris", steer.Neuron{Layer: 1, Index: 2})
	set := steer.NewExamples(
		steer.Example{Prompt: "The capital of France is", Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: "The capital of the film is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "I loved France. It is", Target: " Paris", Versus: " Rome"}, steer.Example{Prompt: "The film is of France. It is", Target: " Paris", Versus: " Rome"},
		steer.Example{Prompt: "France is", Target: " Paris", Versus: " Rome"})
	if _, err := m.Sweep(paris, 0).OnExamples(set).Controls(19).Run(ctx); err != nil {
		fmt.Println(err)
		return
	}
	v, err := m.Verdict(paris).OnExamples(set).Run(ctx)
	for _, c := range v.Criteria() {
		fmt.Printf("%s: %s\n", c.Name, c.State)
	}
	fmt.Println(err)
	// Output:
	// behavior present: met
	// held-out: not tested
	// necessity: met
	// sufficiency: not tested
	// specificity: not tested
	// stability: not tested
	// method agreement: not tested
	// ground truth: not tested
	// side effects: not tested
	// prompting baseline: not tested
	// <nil>
}

package steer_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// Many prompts are continued together, each by at most as many tokens.
func ExampleModel_GenerateEach() {
	m := steertest.NewModel()
	g, err := m.GenerateEach("The capital of France is", "The capital of Italy is").MaxTokens(1).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range g.Texts() {
		fmt.Printf("%q\n", text)
	}
	// Output:
	// " Paris"
	// " Rome"
}

// What would the model say at the last token if it ended after each layer?
func ExampleModel_LogitLens() {
	m := steertest.NewModel()
	l, err := m.LogitLens("The capital of France is").Top(1).Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	said, chances := l.Lens()
	last := len(l.Tokens()) - 1
	for layer := range said {
		fmt.Printf("layer %d: %q %.1f %%\n", layer, said[layer][last], 100*chances[layer][last])
	}
	// Output:
	// layer 0: " Paris" 0.6 %
	// layer 1: " Paris" 2.2 %
	// layer 2: " Paris" 2.3 %
}

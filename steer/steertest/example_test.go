package steertest_test

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// The fake model knows two capitals, and says so in neurons that plan.go names.
func Example() {
	m := steertest.NewModel()
	s, err := m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome").Run(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.TopK(2).Neurons())
	// Output: [L1/N2 L1/N6]
}

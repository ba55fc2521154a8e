package main

import (
	"context"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A length is how long the residual stream is after a layer: at the first position, median over the prompts, and at the
// others, median over the prompts of the mean over their positions.
type length struct{ first, elsewhere float64 }

func (l length) ratio() float64 { return l.first / l.elsewhere }

// lengths measures every layer.
func lengths(ctx context.Context, m *steer.Model, prompts []string) ([]length, error) {
	var first, elsewhere [][]float64 // [L][prompt]
	for _, p := range prompts {
		a, err := m.Capture(p).From(steer.Residual).Run(ctx)
		if err != nil {
			return nil, err
		}
		x := a.Tensor(steer.Residual) // [L,T,D]
		if len(x.Shape) != 3 || x.Shape[1] < 2 {
			return nil, fmt.Errorf("the residual stream after %q has the shape %v, not layers × at least two tokens × width", p, x.Shape)
		}
		tokens, width := x.Shape[1], x.Shape[2]
		for l := range x.Shape[0] {
			if l == len(first) {
				first, elsewhere = append(first, nil), append(elsewhere, nil)
			}
			sum := 0.
			for t := 1; t < tokens; t++ {
				sum += norm(x.Data[(l*tokens+t)*width:][:width])
			}
			first[l] = append(first[l], norm(x.Data[l*tokens*width:][:width]))
			elsewhere[l] = append(elsewhere[l], sum/float64(tokens-1))
		}
	}
	var out []length
	for l := range first {
		out = append(out, length{median(first[l]), median(elsewhere[l])})
	}
	return out, nil
}

// norm returns the Euclidean length.
func norm(v []float32) float64 {
	sum := 0.
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(sum)
}

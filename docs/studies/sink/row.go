package main

import (
	"context"
	"fmt"

	"github.com/neuronsteer/neuronsteer/steer"
)

// A row is one prompt.
type row struct {
	prompt           string
	share            float64 // of Σ|score| on the first position
	top              int     // of the 20 largest entries on the first position
	attention        float64 // of the last token to the first position, mean over heads and layers
	first, elsewhere test
}

// A test is ten entries: what their scores foretell of setting them to zero, and what it does.
type test struct{ score, effect float64 }

// agrees reports whether the two have the same sign.
func (t test) agrees() bool { return t.score*t.effect > 0 }

func measureRow(ctx context.Context, m *steer.Model, prompt string, s steer.Scores) (r row, err error) {
	d := s.Diagnostics()
	r = row{prompt: prompt, share: d.First, top: d.Top20}
	if r.attention, err = attention(ctx, m, prompt); err != nil {
		return r, err
	}
	if r.first, err = ablate(ctx, m, prompt, s, s.Positions(0).TopEntries(10)); err != nil {
		return r, err
	}
	r.elsewhere, err = ablate(ctx, m, prompt, s, s.SkipFirst().TopEntries(10))
	return r, err
}

// ablate sets the circuit's entries to zero at their positions; the effect is by how much the metric falls.
func ablate(ctx context.Context, m *steer.Model, prompt string, s steer.Scores, c steer.Circuit) (test, error) {
	p, err := m.Predict(prompt).With(steer.Ablate(c).AtPositions()).Run(ctx)
	if err != nil {
		return test{}, err
	}
	versus, _ := s.Versus()
	return test{c.Total(), s.Metric() - float64(p.Logits()[s.Target().ID]-p.Logits()[versus.ID])}, nil
}

// attention returns the mean weight that the last token's heads, in all layers, give the first position.
func attention(ctx context.Context, m *steer.Model, prompt string) (float64, error) {
	c, err := m.Capture(prompt).From(steer.Attention).Run(ctx)
	if err != nil {
		return 0, err
	}
	a := c.Tensor(steer.Attention) // [L,H,T,T]
	if len(a.Shape) != 4 {
		return 0, fmt.Errorf("the attention patterns have the shape %v", a.Shape)
	}
	n, tokens, sum := a.Shape[0]*a.Shape[1], a.Shape[2], 0.
	for i := range n {
		sum += float64(a.Data[(i*tokens+tokens-1)*tokens])
	}
	return sum / float64(n), nil
}

package execute

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// cost adds up what is asked of an engine.
type cost struct {
	forward, backward, steps, tokens int
	seconds                          float64
}

// pace is how long an engine takes for 16 tokens: of a call .3 of that is the same for any number of tokens, and .7 grows with
// it (seen from 16 to 128 tokens; docs/benchmarks.md).
type pace struct{ forward, backward, step float64 } // seconds

const (
	paced = 16 // tokens
	fixed = .3
)

func (c *cost) start(p pace) { c.seconds += fixed * p.forward }

// run adds a batch of prompts forward.
func (c *cost) run(p pace, lengths []int) {
	c.start(p)
	for _, T := range lengths {
		c.above(p, T, 1)
	}
}

// above adds a prompt forward in a call that has started, through a share of the layers.
func (c *cost) above(p pace, T int, share float64) {
	c.forward++
	c.tokens += T
	c.seconds += (1 - fixed) * p.forward * share * float64(T) / paced
}

// variant adds every prompt under one edit, in a call that has started.
func (c *cost) variant(p pace, ids [][]int32, edit *engine.Edit, s engine.Shape) {
	share := 1 - float64(firstLayer(edit, s))/float64(s.Layers)
	for _, prompt := range ids {
		c.above(p, len(prompt), share)
	}
}

// back adds a backward pass for each prompt of a batch, through a share of the layers.
func (c *cost) back(p pace, lengths []int, share float64) {
	c.seconds += fixed * p.backward * share
	for _, T := range lengths {
		c.backward++
		c.tokens += T
		c.seconds += (1 - fixed) * p.backward * share * float64(T) / paced
	}
}

// step adds a token to each of some continuations, which read the weights once.
func (c *cost) step(p pace, sessions int) {
	c.steps += sessions
	c.tokens += sessions
	c.seconds += p.step * (1 + .1*float64(sessions-1))
}

// measurePace runs short passes, each a second time where the first was short, for that may have had to build something.
func measurePace(ctx context.Context, e engine.Engine) (pace, error) {
	ids := make([]int32, paced)
	for i := range ids {
		ids[i] = int32(i % e.Shape().Vocab)
	}
	var p pace
	var err error
	measure := func(f func() error) float64 {
		took := time.Duration(0)
		for n := 0; err == nil && n < 2 && took < time.Second; n++ {
			began := time.Now()
			err = f()
			took = time.Since(began)
		}
		return took.Seconds()
	}
	p.forward = measure(func() error {
		_, err := e.Forward(ctx, engine.Forward{IDs: [][]int32{ids}}, nil)
		return err
	})
	p.backward = measure(func() error {
		in := engine.Attribution{IDs: [][]int32{ids}, Terms: [][]engine.Term{{{Position: paced - 1, Versus: -1}}}, Rule: engine.RelP}
		_, err := e.Attribute(ctx, in, nil)
		return err
	}) - p.forward
	d, derr := e.Decode(ctx, engine.Decoding{IDs: ids[:1], Reserve: 2})
	if err = cmp.Or(err, derr); err != nil {
		return p, err
	}
	defer d.Close()
	p.step = measure(func() error { return d.Step(ctx, ids[1]) })
	p.backward = max(p.backward, 0)
	return p, err
}

// firstLayer returns the lowest layer that an edit changes: below it all is run once for every prompt. A condition looks at its
// own layers, so with one it is layer 0.
func firstLayer(e *engine.Edit, s engine.Shape) int {
	if e == nil {
		return s.Layers - 1
	}
	out, inf := s.Layers-1, float32(math.Inf(1))
	for ; e != nil; e = e.Next {
		if e.Gate != nil {
			return 0
		}
		for _, p := range e.Puts {
			out = min(out, p.Layer)
		}
		for _, f := range []struct {
			data    []float32
			neutral float32
		}{{e.Scale, 1}, {e.Add, 0}, {e.Lo, -inf}, {e.Hi, inf}, {e.MLP, 0}, {e.Residual, 0}, {e.Heads, 1}, {e.HeadAdd, 0}, {e.OutMLP, 0}, {e.OutResidual, 0}} {
			out = min(out, firstChanged(f.data, f.neutral, e.B, s.Layers))
		}
	}
	return out
}

// firstChanged returns the first layer in which data [B,L,…] is not neutral.
func firstChanged(data []float32, neutral float32, b, layers int) int {
	per := len(data) / max(1, b*layers)
	out := layers - 1
	for i, x := range data {
		if x != neutral {
			out = min(out, i/max(1, per)%layers)
		}
	}
	return out
}

package decoder

import (
	"errors"
	"fmt"
	"math"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

// Config gives the sizes and constants of a Llama decoder.
type Config struct {
	Layers    int       // L
	Width     int       // D, the residual stream
	Neurons   int       // F, MLP neurons of a layer
	Heads     int       // H, query heads
	KVHeads   int       // K, key and value heads; divides H
	HeadDim   int       // C, width of a head; even
	Vocab     int       // V
	Positions int       // longest context, in tokens
	Eps       float64   // of the norms
	InvFreq   []float64 // [C/2], rotary frequencies in radians a position, any scaling applied
	Tied      bool      // the output matrix is the embedding
}

// Group returns G, the number of query heads that share a key and value head.
func (c Config) Group() int { return c.Heads / c.KVHeads }

// Check reports everything that keeps c from being a decoder, joined; each message names the field and the numbers.
func (c Config) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, f := range []struct {
		name string
		n    int
	}{{"layers", c.Layers}, {"width", c.Width}, {"neurons", c.Neurons}, {"heads", c.Heads}, {"key and value heads", c.KVHeads},
		{"head width", c.HeadDim}, {"vocabulary", c.Vocab}, {"positions", c.Positions}} {
		if f.n < 1 {
			bad("config: %s is %d; it must be at least 1", f.name, f.n)
		}
	}
	if len(errs) > 0 { // the rest divides by these
		return errors.Join(errs...)
	}
	if c.Heads%c.KVHeads != 0 {
		bad("config: %d query heads cannot share %d key and value heads evenly", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		bad("config: head width %d is odd, but rotary positions turn pairs", c.HeadDim)
	}
	if len(c.InvFreq) != c.HeadDim/2 {
		bad("config: %d rotary frequencies for a head width of %d; it must be %d", len(c.InvFreq), c.HeadDim, c.HeadDim/2)
	}
	if !(c.Eps > 0) || math.IsInf(c.Eps, 0) {
		bad("config: the norms' epsilon is %g; it must be a small positive number", c.Eps)
	}
	for i, f := range c.InvFreq {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			bad("config: rotary frequency %d is %g", i, f)
		}
	}
	return errors.Join(errs...)
}

// FromCheckpoint returns the sizes and constants of a checkpoint.
func FromCheckpoint(c checkpoint.Config) Config {
	return Config{Layers: c.Layers, Width: c.Width, Neurons: c.Neurons, Heads: c.Heads, KVHeads: c.KVHeads, HeadDim: c.HeadDim,
		Vocab: c.Vocab, Positions: c.Positions, Eps: c.Eps, InvFreq: c.InvFreq, Tied: c.Tied}
}

package decoder

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/neuronsteer/neuronsteer/internal/checkpoint"
)

// Attention is what differs between the attentions of layers.
type Attention = checkpoint.Attention

// Rope is a table of rotary frequencies.
type Rope = checkpoint.Rope

// Config gives the sizes of a decoder and says which parts it has; the package doc has a table of what each field drives.
type Config struct {
	Layers    int     // L
	Width     int     // D, the residual stream
	Neurons   int     // F, MLP neurons of a layer
	Heads     int     // H, query heads
	KVHeads   int     // K, key and value heads; divides H
	HeadDim   int     // C, width of a head; even
	Vocab     int     // V
	Positions int     // longest context, in tokens
	Eps       float64 // of the norms
	Tied      bool    // the output matrix is the embedding

	QKVBias, OutBias, MLPBias bool    // which linear layers have a bias
	QKNorm                    string  // norms of queries and keys: one of checkpoint's constants, as the two below
	Norms                     string  // where a layer's norms are
	Activation                string  // of the gate
	QueryScale                float64 // of the attention scores, 1/√C in most models
	AttentionCap, LogitCap    float64 // c of c·tanh(x/c) on attention scores and logits; 0: none

	EmbedScale, ResidualScale, LogitScale float64 // multiply embeddings, what a sub-layer adds, logits before their cap

	Attentions []Attention // [L]
	Ropes      []Rope      // what Attention.Rope counts
}

// FromCheckpoint returns the decoder of a checkpoint.
func FromCheckpoint(c checkpoint.Config) Config {
	return Config{Layers: c.Layers, Width: c.Width, Neurons: c.Neurons, Heads: c.Heads, KVHeads: c.KVHeads, HeadDim: c.HeadDim,
		Vocab: c.Vocab, Positions: c.Positions, Eps: c.Eps, Tied: c.Tied, QKVBias: c.QKVBias, OutBias: c.OutBias, MLPBias: c.MLPBias,
		QKNorm: c.QKNorm, Norms: c.Norms, Activation: c.Activation, QueryScale: c.QueryScale, AttentionCap: c.AttentionCap,
		LogitCap: c.LogitCap, EmbedScale: c.EmbedScale, ResidualScale: c.ResidualScale, LogitScale: c.LogitScale,
		Attentions: c.Attentions, Ropes: c.Ropes}
}

// Group returns G, the number of query heads that share a key and value head.
func (c Config) Group() int { return c.Heads / c.KVHeads }

// Attention returns how a layer attends to t positions: a window that hides none of them is none.
func (c Config) Attention(layer, t int) Attention {
	a := c.Attentions[layer]
	if a.Window >= t {
		a.Window = 0
	}
	return a
}

// Check reports everything that keeps c from being a decoder, joined; each message names the field and the numbers.
func (c Config) Check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("config: "+format, args...)) }
	for _, f := range []struct {
		name string
		n    int
	}{{"layers", c.Layers}, {"width", c.Width}, {"neurons", c.Neurons}, {"heads", c.Heads}, {"key and value heads", c.KVHeads},
		{"head width", c.HeadDim}, {"vocabulary", c.Vocab}, {"positions", c.Positions}} {
		if f.n < 1 {
			bad("%s is %d; it must be at least 1", f.name, f.n)
		}
	}
	if len(errs) > 0 { // the rest divides by these
		return errors.Join(errs...)
	}
	if c.Heads%c.KVHeads != 0 {
		bad("%d query heads cannot share %d key and value heads evenly", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		bad("head width %d is odd, but rotary positions turn pairs", c.HeadDim)
	}
	if !(c.Eps > 0) || math.IsInf(c.Eps, 0) {
		bad("the norms' epsilon is %g; it must be a small positive number", c.Eps)
	}
	for _, f := range []struct {
		name, value string
		known       []string
	}{{"norms", c.Norms, []string{checkpoint.PreNorms, checkpoint.BothNorms, checkpoint.PostNorms}},
		{"norms of queries and keys", c.QKNorm, []string{checkpoint.NoQKNorm, checkpoint.HeadQKNorm, checkpoint.WholeQKNorm}},
		{"activation", c.Activation, []string{checkpoint.SiLU, checkpoint.GELUTanh}}} {
		if !slices.Contains(f.known, f.value) {
			bad("%s is %q; it must be one of %q", f.name, f.value, f.known)
		}
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"query scale", c.QueryScale}, {"embedding scale", c.EmbedScale}, {"residual scale", c.ResidualScale}, {"logit scale", c.LogitScale}} {
		if f.value == 0 || math.IsNaN(f.value) || math.IsInf(f.value, 0) {
			bad("the %s is %g; it must be a finite number other than 0", f.name, f.value)
		}
	}
	for _, f := range []struct {
		name  string
		value float64
	}{{"attention scores", c.AttentionCap}, {"logits", c.LogitCap}} {
		if !(f.value >= 0) || math.IsInf(f.value, 0) {
			bad("the cap of the %s is %g; it must be positive, or 0 for none", f.name, f.value)
		}
	}
	return errors.Join(append(errs, c.checkPositions())...)
}

// checkPositions reports what is wrong with windows and rotary tables.
func (c Config) checkPositions() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("config: "+format, args...)) }
	if len(c.Attentions) != c.Layers {
		bad("%d attentions for %d layers", len(c.Attentions), c.Layers)
	}
	for l, a := range c.Attentions {
		if a.Window < 0 {
			bad("the window of layer %d is %d; it must be at least 1, or 0 for none", l, a.Window)
		}
		if a.Rope < -1 || a.Rope >= len(c.Ropes) {
			bad("layer %d takes rotary table %d of %d", l, a.Rope, len(c.Ropes))
		}
	}
	for i, r := range c.Ropes {
		if len(r.InvFreq) != c.HeadDim/2 {
			bad("%d rotary frequencies for a head width of %d; it must be %d", len(r.InvFreq), c.HeadDim, c.HeadDim/2)
		}
		if !(r.Scale > 0) || math.IsInf(r.Scale, 0) {
			bad("the scale of rotary table %d is %g; it must be a positive number", i, r.Scale)
		}
		for j, f := range r.InvFreq {
			if math.IsNaN(f) || math.IsInf(f, 0) {
				bad("rotary frequency %d is %g", j, f)
			}
		}
	}
	return errors.Join(errs...)
}

// Biased reports whether any linear layer has a bias.
func (c Config) Biased() bool { return c.QKVBias || c.OutBias || c.MLPBias }

package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/decoder"
	seam "github.com/neuronsteer/neuronsteer/steer/engine"
)

// asLong makes an engine treat every prompt as a long one: attention in blocks of three, tapes of no group but the last, and of
// the last layer only the rows that are read.
func asLong(e *Engine) *Engine {
	e.limits = limits{rows: 3, large: 1 << 40}
	return e
}

// TestLongIsShort: blocks and tapes made anew give what the whole gives, to the last bits of float32, in every call.
func TestLongIsShort(t *testing.T) {
	whole, long := openRandom(t, small(), Options{}), asLong(openRandom(t, small(), Options{}))
	c, ids := whole.cfg, prompts(small().cfg, 10, 4, 7, 1)
	for i, edit := range []*seam.Edit{nil, scaled(c, 1, 4, 2), everywhere(c, 4, 10)} {
		for _, rule := range []seam.Rule{seam.RelP, seam.Frozen, seam.Gradient} {
			in := seam.Attribution{IDs: ids, Terms: lastTerm(ids), Rule: rule, Edit: edit}
			want, got := attribute(t, whole, in), attribute(t, long, in)
			for k := range ids {
				what := fmt.Sprintf("%s, edit %d, prompt %d: ", rule, i, k)
				within(t, what+"scores", got.Scores[k], want.Scores[k], 1e-5)
				within(t, what+"heads", got.Heads[k], want.Heads[k], 1e-5)
				within(t, what+"sources", got.Sources[k], want.Sources[k], 1e-5)
				within(t, what+"tokens", got.Tokens[k], want.Tokens[k], 1e-5)
				within(t, what+"attention", got.Attention[k], want.Attention[k], 1e-5)
				within(t, what+"logits", got.Logits[k], want.Logits[k], 1e-5)
			}
			within(t, "injected", got.Injected, want.Injected, 1e-5)
		}
		in := seam.Forward{IDs: ids, Edit: edit, AllLogits: true, Capture: everything}
		want, got := forward(t, whole, in), forward(t, long, in)
		for k := range ids {
			within(t, "logits", got.Logits[k], want.Logits[k], 1e-5)
			within(t, "residual", got.Residual[k], want.Residual[k], 1e-5)
			within(t, "attention", got.Attention[k], want.Attention[k], 1e-5)
		}
	}
	if n := long.live.Load(); n != 0 {
		t.Errorf("%d tensors were not freed", n)
	}
}

// everywhere is an edit that differs by prompt, layer, position and neuron.
func everywhere(c decoder.Config, b, n int) *seam.Edit {
	rnd := rand.New(rand.NewPCG(5, 6))
	random := func(width int, mean float64) []float32 {
		x := make([]float32, b*c.Layers*n*width)
		for i := range x {
			x[i] = float32(mean + .3*rnd.NormFloat64())
		}
		return x
	}
	return &seam.Edit{B: b, T: n, Scale: random(c.Neurons, 1), Add: random(c.Neurons, 0), MLP: random(c.Width, 0), Residual: random(c.Width, 0)}
}

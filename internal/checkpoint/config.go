package checkpoint

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Llama is the one architecture that is supported.
const Llama = "LlamaForCausalLM"

// Config holds the sizes and constants of a model, from config.json or from the metadata of a GGUF.
type Config struct {
	Architecture string
	Layers       int       // L
	Width        int       // D, the residual stream
	Neurons      int       // F, MLP neurons of a layer
	Heads        int       // query heads
	KVHeads      int       // key and value heads; divides Heads
	HeadDim      int       // width of a head; even
	Vocab        int       // V
	Positions    int       // longest context, in tokens
	Eps          float64   // of the RMSNorms
	InvFreq      []float64 // [HeadDim/2] rotary frequencies in radians per position, scaling applied
	Tied         bool      // the output matrix is the embedding matrix
	BOS          int32     // token that begins a text; −1: none
	Ends         []int32   // tokens that end a generation
}

// Shape returns the sizes as the vocabulary package has them.
func (c Config) Shape() engine.Shape {
	return engine.Shape{Layers: c.Layers, Width: c.Width, Neurons: c.Neurons, Heads: c.Heads, KVHeads: c.KVHeads,
		HeadDim: c.HeadDim, Vocab: c.Vocab, Positions: c.Positions}
}

// Bounds of what a config may claim, far above any model, so that no product of two sizes overflows and no list of
// tensor names exhausts memory.
const (
	maxLayers = 1 << 12
	maxHeads  = 1 << 14 // and the width of one
	maxSize   = 1 << 28
)

// check returns every value that is impossible or contradicts another.
func (c Config) check() error {
	var bad []string
	wrong := func(format string, args ...any) { bad = append(bad, fmt.Sprintf(format, args...)) }
	size := func(name string, n, most int) {
		if n < 1 || n > most {
			wrong("%s is %d, not in 1…%d", name, n, most)
		}
	}
	size("the number of layers", c.Layers, maxLayers)
	size("the width", c.Width, maxSize)
	size("the number of neurons of a layer", c.Neurons, maxSize)
	size("the number of attention heads", c.Heads, maxHeads)
	size("the number of key and value heads", c.KVHeads, maxHeads)
	size("the width of a head", c.HeadDim, maxHeads)
	size("the vocabulary", c.Vocab, maxSize)
	size("the longest context", c.Positions, maxSize)
	if c.KVHeads > 0 && c.Heads%c.KVHeads != 0 {
		wrong("%d attention heads cannot share %d key and value heads evenly", c.Heads, c.KVHeads)
	}
	if c.HeadDim%2 != 0 {
		wrong("a head of width %d has no rotary pairs; it must be even", c.HeadDim)
	}
	if !(c.Eps > 0) || c.Eps > 1 {
		wrong("the norms' epsilon is %g, not in (0, 1]", c.Eps)
	}
	for i, f := range c.InvFreq {
		if !(f > 0) || math.IsInf(f, 0) {
			wrong("rotary frequency %d is %g, not a positive number", i, f)
			break
		}
	}
	if c.BOS < -1 || int(c.BOS) >= c.Vocab {
		wrong("the token that begins a text is %d, outside the vocabulary of %d", c.BOS, c.Vocab)
	}
	if i := slices.IndexFunc(c.Ends, func(id int32) bool { return id < 0 || int(id) >= c.Vocab }); i >= 0 {
		wrong("the token that ends a text is %d, outside the vocabulary of %d", c.Ends[i], c.Vocab)
	}
	if len(bad) > 0 {
		return fmt.Errorf("impossible settings: %s", strings.Join(bad, "; "))
	}
	return nil
}

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
	InvFreq      []float64 // [HeadDim/2] rotary frequencies in radians per position, scaling applied: those of Ropes[0]
	Tied         bool      // the output matrix is the embedding matrix
	BOS          int32     // token that begins a text; −1: none
	Ends         []int32   // tokens that end a generation

	QKVBias       bool        // q_proj, k_proj and v_proj have a bias
	OutBias       bool        // o_proj has one
	MLPBias       bool        // gate_proj, up_proj and down_proj have one
	QKNorm        string      // RMSNorm of queries and keys before they are turned: NoQKNorm, HeadQKNorm or WholeQKNorm
	Norms         string      // where a layer's RMSNorms are: PreNorms, BothNorms or PostNorms
	Activation    string      // of the gate: SiLU or GELUTanh
	QueryScale    float64     // q·k is multiplied by it; 1/√HeadDim in most models
	AttentionCap  float64     // c: scores s become c·tanh(s/c) before the mask; 0: they stay
	LogitCap      float64     // c: logits z become c·tanh(z/c), after LogitScale; 0: they stay
	EmbedScale    float64     // embeddings are multiplied by it; 1: they stay
	ResidualScale float64     // so is what attention and MLP add to the residual stream
	LogitScale    float64     // and the logits
	Attentions    []Attention // [Layers]
	Ropes         []Rope      // what Attentions[l].Rope counts
}

// Attention is what differs between the attentions of layers.
type Attention struct {
	Window int // a position sees itself and the Window−1 before it; 0: all before it
	Rope   int // index into Ropes; −1: queries and keys are not turned
}

// A Rope turns queries and keys by their positions.
type Rope struct {
	InvFreq []float64 // [HeadDim/2] radians per position of the pairs of channels (i, i+HeadDim/2), scaling applied
	Scale   float64   // of cosine and sine, so of queries and keys each (YaRN's attention factor); 1 for most
}

// Values of Config.QKNorm. The weights are self_attn.{q,k}_norm.weight.
const (
	NoQKNorm    = ""
	HeadQKNorm  = "head" // of each head on its own: weights [HeadDim]
	WholeQKNorm = "all"  // of all heads together: weights [Heads·HeadDim] and [KVHeads·HeadDim]
)

// Values of Config.Norms.
const (
	PreNorms  = "pre"  // before attention: input_layernorm, before the MLP: post_attention_layernorm
	BothNorms = "both" // those are input_layernorm and pre_feedforward_layernorm; after: post_attention_layernorm, post_feedforward_layernorm
	PostNorms = "post" // after attention: post_attention_layernorm, after the MLP: post_feedforward_layernorm, before the sums
)

// Values of Config.Activation: act(g) of the MLP's act(g)·u.
const (
	SiLU     = "silu"      // g·σ(g)
	GELUTanh = "gelu_tanh" // g·½(1 + tanh(√(2/π)(g + 0.044715 g³)))
)

// llamaParts sets what is the same in every Llama, from the sizes and the rotary frequencies.
func (c *Config) llamaParts() {
	c.Norms, c.Activation, c.QueryScale = PreNorms, SiLU, 1/math.Sqrt(float64(c.HeadDim))
	c.EmbedScale, c.ResidualScale, c.LogitScale = 1, 1, 1
	c.Attentions = make([]Attention, c.Layers)
	c.Ropes = []Rope{{InvFreq: c.InvFreq, Scale: 1}}
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

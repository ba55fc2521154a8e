package checkpoint

import (
	"fmt"
	"slices"
)

// Names that more than the layout knows.
const (
	embedName = "model.embed_tokens.weight"
	headName  = "lm_head.weight"
)

// Layout returns every tensor that a model of this config must have, with its shape.
func (c Config) Layout() map[string][]int {
	want := map[string][]int{
		embedName:           {c.Vocab, c.Width},
		"model.norm.weight": {c.Width},
	}
	if !c.Tied {
		want[headName] = []int{c.Vocab, c.Width}
	}
	layer := c.layer()
	for l := range c.Layers {
		for name, shape := range layer {
			want[fmt.Sprintf("model.layers.%d.%s", l, name)] = shape
		}
	}
	return want
}

// layer returns the tensors of one layer.
func (c Config) layer() map[string][]int {
	q, kv := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	want := map[string][]int{}
	linear := func(name string, out, in int, bias bool) {
		want[name+".weight"] = []int{out, in}
		if bias {
			want[name+".bias"] = []int{out}
		}
	}
	linear("self_attn.q_proj", q, c.Width, c.QKVBias)
	linear("self_attn.k_proj", kv, c.Width, c.QKVBias)
	linear("self_attn.v_proj", kv, c.Width, c.QKVBias)
	linear("self_attn.o_proj", c.Width, q, c.OutBias)
	linear("mlp.gate_proj", c.Neurons, c.Width, c.MLPBias)
	linear("mlp.up_proj", c.Neurons, c.Width, c.MLPBias)
	linear("mlp.down_proj", c.Width, c.Neurons, c.MLPBias)
	for _, name := range normNames[c.Norms] {
		want[name+".weight"] = []int{c.Width}
	}
	switch c.QKNorm {
	case HeadQKNorm:
		want["self_attn.q_norm.weight"], want["self_attn.k_norm.weight"] = []int{c.HeadDim}, []int{c.HeadDim}
	case WholeQKNorm:
		want["self_attn.q_norm.weight"], want["self_attn.k_norm.weight"] = []int{q}, []int{kv}
	}
	return want
}

// normNames are the norms of a layer in the order of the computation.
var normNames = map[string][]string{
	PreNorms:  {"input_layernorm", "post_attention_layernorm"},
	BothNorms: {"input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"},
	PostNorms: {"post_attention_layernorm", "post_feedforward_layernorm"},
}

// fusions are the matrices that a checkpoint may keep as one, its parts one below the other.
var fusions = []struct {
	whole string
	parts []string
}{
	{"self_attn.qkv_proj", []string{"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"}},
	{"mlp.gate_up_proj", []string{"mlp.gate_proj", "mlp.up_proj"}},
}

// fuse notes in w which tensors of a layout are parts of others, and returns the layout of what a checkpoint keeps. A fusion
// is one that is there, or that is expected where none of its parts is.
func (c Config) fuse(w *weights, expected bool) map[string][]int {
	want := c.Layout()
	w.cuts = map[string]cut{}
	for l := range c.Layers {
		for _, f := range fusions {
			for _, kind := range []string{".weight", ".bias"} {
				name := func(part string) string { return fmt.Sprintf("model.layers.%d.%s%s", l, part, kind) }
				there := func(part string) bool { _, ok := w.at[name(part)]; return ok }
				if want[name(f.parts[0])] == nil || !there(f.whole) && (!expected || slices.ContainsFunc(f.parts, there)) {
					continue
				}
				shape := slices.Clone(want[name(f.parts[0])])
				shape[0] = 0
				for _, part := range f.parts {
					rows := want[name(part)][0]
					w.cuts[name(part)] = cut{name(f.whole), shape[0], shape[0] + rows}
					shape[0] += rows
					delete(want, name(part))
				}
				want[name(f.whole)] = shape
			}
		}
	}
	return want
}

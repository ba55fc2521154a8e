package checkpoint

import "fmt"

// Names that more than the layout knows.
const (
	embedName = "model.embed_tokens.weight"
	headName  = "lm_head.weight"
)

// Layout returns every tensor that a model of this config must have, with its shape.
func (c Config) Layout() map[string][]int {
	q, kv := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	want := map[string][]int{
		embedName:           {c.Vocab, c.Width},
		"model.norm.weight": {c.Width},
	}
	if !c.Tied {
		want[headName] = []int{c.Vocab, c.Width}
	}
	for l := range c.Layers {
		for name, shape := range map[string][]int{
			"input_layernorm":          {c.Width},
			"post_attention_layernorm": {c.Width},
			"self_attn.q_proj":         {q, c.Width},
			"self_attn.k_proj":         {kv, c.Width},
			"self_attn.v_proj":         {kv, c.Width},
			"self_attn.o_proj":         {c.Width, q},
			"mlp.gate_proj":            {c.Neurons, c.Width},
			"mlp.up_proj":              {c.Neurons, c.Width},
			"mlp.down_proj":            {c.Width, c.Neurons},
		} {
			want[fmt.Sprintf("model.layers.%d.%s.weight", l, name)] = shape
		}
	}
	return want
}

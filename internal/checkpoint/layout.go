package checkpoint

import (
	"fmt"
	"slices"
	"strings"
)

// Layout returns every tensor that a model of this config must have, with its shape.
func (c Config) Layout() map[string][]int {
	q, kv := c.Heads*c.HeadDim, c.KVHeads*c.HeadDim
	want := map[string][]int{
		"model.embed_tokens.weight": {c.Vocab, c.Width},
		"model.norm.weight":         {c.Width},
	}
	if !c.Tied {
		want["lm_head.weight"] = []int{c.Vocab, c.Width}
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

// A source gives tensors by Hugging Face names.
type source interface {
	names() []string
	shape(name string) (shape []int, ok bool)
	tensor(name string) ([]float32, error)
	close() error
}

// checkTensors names every tensor that is missing, misshapen or a bias, in the order of their names.
func (c Config) checkTensors(s source) error {
	var bad []string
	for name, want := range c.Layout() {
		got, ok := s.shape(name)
		switch {
		case !ok:
			bad = append(bad, fmt.Sprintf("%s is missing, want %v", name, want))
		case !slices.Equal(got, want):
			bad = append(bad, fmt.Sprintf("%s is %v, want %v", name, got, want))
		}
	}
	for _, name := range s.names() {
		if strings.HasSuffix(name, ".bias") {
			bad = append(bad, fmt.Sprintf("%s is there, biases are not supported", name))
		}
	}
	if len(bad) == 0 {
		return nil
	}
	slices.Sort(bad)
	return fmt.Errorf("%d tensors do not fit the config: %s", len(bad), strings.Join(bad, "; "))
}

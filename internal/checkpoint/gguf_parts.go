package checkpoint

import (
	"fmt"
	"math"
)

// parts reads what switches parts of a decoder: biases that are there, scales, caps and windows.
func (k *ggufKeys) parts(fam family, w *weights, c *Config) error {
	has := func(part string) bool { _, ok := w.at["model.layers.0."+part+".bias"]; return ok }
	c.QKVBias = fam.qkvBias || has("self_attn.q_proj") || has("self_attn.qkv_proj")
	c.OutBias = has("self_attn.o_proj")
	c.MLPBias = has("mlp.gate_proj")
	if c.Layers == largest[fam.gguf] {
		c.QueryScale = 1 / math.Sqrt(float64(c.Width/c.Heads))
	}
	if v := k.numberOr("attention.scale", 0); v != 0 { // llama.cpp takes 0 for what holds without it
		c.QueryScale = v
	}
	if v := k.numberOr("embedding_scale", 0); v != 0 {
		c.EmbedScale = v
	}
	if v := k.numberOr("residual_scale", 0); v != 0 {
		c.ResidualScale = v
	}
	if v := k.numberOr("logit_scale", 0); v != 0 {
		c.LogitScale = 1 / v
	}
	c.AttentionCap = k.numberOr("attn_logit_softcapping", fam.defaults.attentionCap)
	c.LogitCap = k.numberOr("final_logit_softcapping", fam.defaults.logitCap)
	if err := k.windows(fam, c); err != nil {
		return err
	}
	if fam.reads["no_rope_layers"] {
		for l := range c.Attentions { // llama.cpp has no key for it
			if (l+1)%4 == 0 {
				c.Attentions[l].Rope = -1
			}
		}
	}
	return k.missing()
}

// largest has the layers of the two models whose query_pre_attn_scalar is not the width of a head but
// hidden_size/num_attention_heads: the 27B ones. llama.cpp knows them by that number too, and writes no key.
var largest = map[string]int{"gemma2": 46, "gemma3": 62}

// windows fills in which layers see a window.
func (k *ggufKeys) windows(fam family, c *Config) error {
	const windowKey, patternKey = "attention.sliding_window", "attention.sliding_window_pattern"
	window := k.sizeOr(windowKey, 0)
	if fam.gguf == "gemma2" && !k.has(windowKey) {
		window = fam.defaults.window
	}
	if window == 0 || !fam.reads["sliding_window"] {
		return nil
	}
	every := fam.every
	if k.has(patternKey) { // a period, or for each layer whether it has a window
		if list, ok := k.f.Bools(k.arch + patternKey); ok {
			if len(list) != c.Layers {
				return fmt.Errorf("%s%s has %d entries, the model %d layers", k.arch, patternKey, len(list), c.Layers)
			}
			for l, has := range list {
				k.slide(fam, c, l, has, window)
			}
			return nil
		}
		every = k.size(patternKey)
	}
	for l := range c.Attentions {
		k.slide(fam, c, l, every == 0 || (l+1)%every != 0, window)
	}
	return nil
}

func (k *ggufKeys) slide(fam family, c *Config, l int, has bool, window int) {
	if !has {
		return
	}
	if c.Attentions[l].Window = window; fam.defaults.localTheta > 0 {
		c.Attentions[l].Rope = 1
	}
}

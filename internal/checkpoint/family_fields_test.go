package checkpoint

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

// Members that drive parts, in each family that reads them, and the same members where another does: they are refused by
// name, unless they say what holds anyway.
func TestFamilyFields(t *testing.T) {
	gemma := func(more fields) fields { return of("Gemma2ForCausalLM", "hidden_act", nil, more) }
	gemma3 := func(more fields) fields { return of("Gemma3ForCausalLM", "hidden_act", nil, more) }
	full, slide := "full_attention", "sliding_attention"
	windows := func(w ...int) func(c Config) bool {
		return func(c Config) bool {
			for l, a := range c.Attentions {
				if a.Window != w[l] {
					return false
				}
			}
			return true
		}
	}
	for _, c := range []struct {
		change fields
		want   string // of an error
		check  func(c Config) bool
	}{
		{fields{"attention_bias": true}, "", func(c Config) bool { return c.QKVBias && c.OutBias && !c.MLPBias }},
		{fields{"mlp_bias": true}, "", func(c Config) bool { return !c.QKVBias && !c.OutBias && c.MLPBias }},
		{fields{"hidden_act": "gelu_pytorch_tanh"}, "", func(c Config) bool { return c.Activation == GELUTanh }},

		{of("MistralForCausalLM", "sliding_window", 9, nil), "", windows(9, 9)},
		{of("MistralForCausalLM", "sliding_window", 200000, nil), "", windows(200000, 200000)},
		{of("MistralForCausalLM", "", nil, nil), "", windows(4096, 4096)},
		{of("MistralForCausalLM", "sliding_window", null, nil), "", windows(0, 0)},
		{of("MistralForCausalLM", "sliding_window", 0, nil), "sliding_window is 0, not in 1", nil},
		{of("MistralForCausalLM", "layer_types", []string{full, full}, nil), "layer_types is", nil},
		{of("MistralForCausalLM", "layer_types", []string{slide, slide}, nil), "", windows(4096, 4096)},
		{of("MistralForCausalLM", "layer_types", []string{slide}, nil), "layer_types is", nil},
		{of("MistralForCausalLM", "use_sliding_window", false, nil), "use_sliding_window is false: the layers have windows without it", nil},
		{of("MistralForCausalLM", "max_window_layers", 1, nil), "max_window_layers is 1", nil},
		{of("MistralForCausalLM", "attention_bias", true, nil), "attention_bias is true", nil},
		{of("MistralForCausalLM", "num_key_value_heads", nil, fields{"num_attention_heads": 16}), "", func(c Config) bool { return c.KVHeads == 8 }},
		{of("MistralForCausalLM", "num_key_value_heads", null, nil), "", func(c Config) bool { return c.KVHeads == 4 }},

		{of("Qwen2ForCausalLM", "", nil, nil), "", func(c Config) bool { return c.QKVBias && !c.OutBias && !c.windowed() }},
		{of("Qwen2ForCausalLM", "attention_bias", true, nil), "attention_bias is true", nil},
		{of("Qwen2ForCausalLM", "qkv_bias", false, nil), "qkv_bias is false: it contradicts", nil},
		{of("Qwen2ForCausalLM", "qkv_bias", true, nil), "", nil},
		{of("Qwen2ForCausalLM", "sliding_window", 9, nil), "", windows(0, 0)},
		{of("Qwen2ForCausalLM", "sliding_window", 9, fields{"use_sliding_window": true}), "", windows(0, 0)},
		{of("Qwen2ForCausalLM", "sliding_window", 9, fields{"use_sliding_window": true, "max_window_layers": 1}), "", windows(0, 9)},
		{of("Qwen2ForCausalLM", "sliding_window", null, fields{"use_sliding_window": true, "max_window_layers": 1}), "", windows(0, 0)},
		{of("Qwen2ForCausalLM", "use_sliding_window", true, fields{"max_window_layers": 0}), "", windows(4096, 4096)},
		{of("Qwen2ForCausalLM", "layer_types", []string{slide, full}, fields{"use_sliding_window": true, "sliding_window": 9}), "", windows(9, 0)},
		{of("Qwen2ForCausalLM", "layer_types", []string{slide, full}, nil), "layer_types says that layer 0 has sliding_attention, but", nil},
		{of("Qwen2ForCausalLM", "layer_types", []string{full}, nil), "layer_types has 1 entries, the model 2 layers", nil},
		{of("Qwen2ForCausalLM", "layer_types", []string{full, "linear_attention"}, nil), `layer 1 has "linear_attention", which is not supported`, nil},
		{of("Qwen2ForCausalLM", "mrope_section", []int{1, 2, 3}, fields{"rope_scaling": fields{"type": "mrope", "mrope_section": []int{1, 2, 3}}}), "mrope_section of rope_scaling", nil},
		{of("Qwen2ForCausalLM", "num_experts", 8, nil), "num_experts is 8", nil},
		{of("Qwen2ForCausalLM", "use_qk_norm", true, nil), "use_qk_norm is true", nil},

		{of("Qwen3ForCausalLM", "attention_bias", true, nil), "", func(c Config) bool { return c.QKVBias && c.OutBias && c.QKNorm == HeadQKNorm }},
		{of("Qwen3ForCausalLM", "", nil, nil), "", func(c Config) bool { return c.HeadDim == 128 }},
		{of("Qwen3ForCausalLM", "use_qk_norm", true, nil), "", nil},
		{of("Qwen3ForCausalLM", "use_qk_norm", false, nil), "use_qk_norm is false", nil},
		{of("Qwen3ForCausalLM", "final_logit_softcapping", 30, nil), "final_logit_softcapping is 30", nil},
		{of("Qwen3ForCausalLM", "mlp_bias", true, nil), "mlp_bias is true", nil},

		{gemma(nil), "", func(c Config) bool {
			return c.AttentionCap == 50 && c.LogitCap == 30 && c.HeadDim == 256 && c.QueryScale == 1./16 && c.EmbedScale == 8 && c.Tied &&
				c.Norms == BothNorms && c.Activation == GELUTanh && c.Attentions[0].Window == 4096 && c.Attentions[1].Window == 0
		}},
		{gemma(fields{"attn_logit_softcapping": null, "final_logit_softcapping": null}), "", func(c Config) bool { return c.AttentionCap == 0 && c.LogitCap == 0 }},
		{gemma(fields{"attn_logit_softcapping": 0}), "attn_logit_softcapping is 0, not a positive number", nil},
		{gemma(fields{"query_pre_attn_scalar": 144}), "", func(c Config) bool { return c.QueryScale == 1./12 }},
		{gemma(fields{"query_pre_attn_scalar": -1}), "query_pre_attn_scalar is -1, not a positive number", nil},
		{gemma(fields{"hidden_act": "gelu_pytorch_tanh"}), "", nil},
		{gemma(fields{"hidden_act": "silu"}), "hidden_act is \"silu\": it contradicts", nil},
		{gemma(fields{"hidden_activation": "silu"}), "", func(c Config) bool { return c.Activation == SiLU }},
		{gemma(fields{"sliding_window": null}), "sliding_window or use_sliding_window says that no layer has a window", nil},
		{gemma(fields{"layer_types": []string{full, full}, "sliding_window": null}), "", windows(0, 0)},
		{gemma(fields{"use_bidirectional_attention": true}), "use_bidirectional_attention is true", nil},
		{gemma(fields{"embedding_multiplier": 12}), "embedding_multiplier is 12", nil},
		{gemma(fields{"rope_local_base_freq": 10000}), "rope_local_base_freq is 10000", nil},

		{gemma3(fields{"num_hidden_layers": 7}), "", func(c Config) bool {
			return len(c.Ropes) == 2 && c.Attentions[5] == Attention{} && c.Attentions[6] == Attention{Window: 4096, Rope: 1} && c.LogitCap == 0
		}},
		{gemma3(fields{"final_logit_softcapping": 30}), "", func(c Config) bool { return c.LogitCap == 30 }},
		{gemma3(fields{"attn_logit_softcapping": 50}), "attn_logit_softcapping is 50", nil},
		{gemma3(fields{"sliding_window_pattern": 2}), "", windows(4096, 0)},
		{gemma3(fields{"sliding_window_pattern": 1}), "", windows(0, 0)},
		{gemma3(fields{"_sliding_window_pattern": 2}), "", windows(4096, 0)},
		{gemma3(fields{"sliding_window_pattern": 0}), "sliding_window_pattern is 0, not 1 or more", nil},
		{gemma3(fields{"sliding_window_pattern": 2, "_sliding_window_pattern": 6}), "they contradict each other", nil},
		{gemma3(fields{"rope_theta": nil, "rope_parameters": fields{"rope_theta": 5.0}}), "rope_theta of rope_parameters is 5, but it has settings of full_attention and sliding_attention", nil},
		{gemma3(fields{"rope_theta": nil, "rope_parameters": fields{slide: fields{"rope_theta": 100.0}}}), "", func(c Config) bool {
			return c.Ropes[1].InvFreq[64] == 0.1 && c.Ropes[0].InvFreq[64] == 1e-3
		}},
		{gemma3(fields{"rope_local_base_freq": 100.0, "rope_parameters": fields{slide: fields{"rope_theta": 10.0}}}), "rope_theta is 100 in config.json, 10 in rope_parameters.sliding_attention", nil},

		{of("Olmo2ForCausalLM", "attention_bias", true, nil), "", func(c Config) bool { return c.QKNorm == WholeQKNorm && c.Norms == PostNorms && c.OutBias }},
		{of("Olmo2ForCausalLM", "sliding_window", 9, nil), "sliding_window is 9: attention to a part", nil},
		{of("Olmo2ForCausalLM", "clip_qkv", 8, nil), "clip_qkv is 8", nil},

		{of("Phi3ForCausalLM", "sliding_window", 9, nil), "", windows(9, 9)},
		{of("Phi3ForCausalLM", "", nil, nil), "", windows(0, 0)},
		{of("Phi3ForCausalLM", "partial_rotary_factor", 0.75, nil), "partial_rotary_factor is 0.75", nil},
		{of("Phi3ForCausalLM", "attention_bias", true, nil), "attention_bias is true", nil},

		{of("SmolLM3ForCausalLM", "num_hidden_layers", 8, nil), "", func(c Config) bool {
			return c.Tied && c.Attentions[3].Rope == -1 && c.Attentions[7].Rope == -1 && c.Attentions[0].Rope == 0
		}},
		{of("SmolLM3ForCausalLM", "no_rope_layers", []int{0, 1}, nil), "", func(c Config) bool { return c.Attentions[0].Rope == -1 && c.Attentions[1].Rope == 0 }},
		{of("SmolLM3ForCausalLM", "no_rope_layers", []int{0}, nil), "no_rope_layers has 1 entries, the model 2 layers", nil},
		{of("SmolLM3ForCausalLM", "no_rope_layers", []int{0, 2}, nil), "no_rope_layers has other entries than 0 and 1", nil},
		{of("SmolLM3ForCausalLM", "no_rope_layer_interval", 1, nil), "", func(c Config) bool { return c.Attentions[0].Rope == -1 && c.Attentions[1].Rope == -1 }},
		{of("SmolLM3ForCausalLM", "no_rope_layer_interval", 0, nil), "no_rope_layer_interval is 0", nil},
		{of("SmolLM3ForCausalLM", "sliding_window", 9, fields{"use_sliding_window": true, "no_rope_layers": []int{0, 1}}), "", windows(9, 0)},

		{of("GraniteForCausalLM", "embedding_multiplier", 12, fields{"residual_multiplier": 0.22, "attention_multiplier": 0.015625, "logits_scaling": 8}), "",
			func(c Config) bool {
				return c.EmbedScale == 12 && c.ResidualScale == 0.22 && c.QueryScale == 0.015625 && c.LogitScale == 0.125
			}},
		{of("GraniteForCausalLM", "", nil, nil), "", func(c Config) bool { return c.QueryScale == 1 && c.LogitScale == 1 }},
		{of("GraniteForCausalLM", "logits_scaling", 0, nil), "logits_scaling is 0, not a positive number", nil},
		{of("GraniteForCausalLM", "num_local_experts", 8, nil), "num_local_experts is 8", nil},
		{of("GraniteForCausalLM", "query_pre_attn_scalar", 64, nil), "query_pre_attn_scalar is 64", nil},
		{of("GraniteForCausalLM", "query_pre_attn_scalar", 1, nil), "", nil},
	} {
		got, err := parseConfig(config(c.change), nil)
		switch {
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%v: %v, want %q", c.change, err, c.want)
		case c.want == "" && err != nil:
			t.Errorf("%v: %v", c.change, err)
		case err == nil && c.check != nil && !c.check(got):
			t.Errorf("%v: %+v", c.change, got)
		}
	}
}

var null = json.RawMessage("null")

// of is a change of config that makes it another architecture's, with one member and others.
func of(architecture, member string, v any, more fields) fields {
	m := fields{"architectures": []string{architecture}}
	if member != "" {
		m[member] = v
	}
	maps.Copy(m, more)
	return m
}

// The members of one architecture under the name of another are refused, whichever two they are, but where they compute the
// same: this is what a wrong model_type would do.
func TestModelTypeOfAnother(t *testing.T) {
	for _, a := range families {
		for _, b := range families {
			_, err := parseConfig(config(fields{"architectures": []string{a.architecture}, "model_type": b.kind, "hidden_act": nil}), nil)
			if refused := err != nil && strings.Contains(err.Error(), "they contradict each other"); refused != (a.kind != b.kind) {
				t.Errorf("%s with model_type %s: %v", a.architecture, b.kind, err)
			}
		}
	}
}

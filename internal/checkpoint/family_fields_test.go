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

// A member of other families that asks for a computation is refused, by its name, in each family that does not read it.
func TestFieldsOfOtherFamilies(t *testing.T) {
	asks := fields{"attention_bias": true, "mlp_bias": true, "hidden_act": "relu", "hidden_activation": "relu", "sliding_window": 4,
		"layer_types": []string{"chunked_attention", "full_attention"}, "query_pre_attn_scalar": 77, "attn_logit_softcapping": 3,
		"final_logit_softcapping": 3, "rope_local_base_freq": 100, "sliding_window_pattern": 3, "_sliding_window_pattern": 3,
		"no_rope_layers": []int{1, 0}, "no_rope_layer_interval": 4, "embedding_multiplier": 12, "attention_multiplier": 0.3,
		"residual_multiplier": 0.3, "logits_scaling": 8}
	switches := map[string]bool{"use_sliding_window": true, "max_window_layers": true} // which ask for nothing alone
	for _, f := range families {
		for _, other := range families {
			for name := range other.reads {
				if f.reads[name] || switches[name] {
					continue
				}
				v, ok := asks[name]
				if !ok {
					t.Fatalf("no value of %s that asks for something", name)
				}
				_, err := parseConfig(config(fields{"architectures": []string{f.architecture}, "hidden_act": nil, name: v}), nil)
				if err == nil || !strings.Contains(err.Error(), name+" is ") {
					t.Errorf("%s with %s %v: %v", f.architecture, name, v, err)
				}
			}
		}
	}
}

// What files that people have say, beside sizes.
func TestPublishedConfigs(t *testing.T) {
	for name, c := range map[string]struct {
		members string
		check   func(c Config) bool
	}{
		"gemma-2-9b": {`{"architectures": ["Gemma2ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "attn_logit_softcapping": 50.0, "bos_token_id": 2,
			"cache_implementation": "hybrid", "eos_token_id": 1, "final_logit_softcapping": 30.0, "head_dim": 256, "hidden_act": "gelu_pytorch_tanh",
			"hidden_activation": "gelu_pytorch_tanh", "hidden_size": 3584, "initializer_range": 0.02, "intermediate_size": 14336, "max_position_embeddings": 8192,
			"model_type": "gemma2", "num_attention_heads": 16, "num_hidden_layers": 42, "num_key_value_heads": 8, "pad_token_id": 0, "query_pre_attn_scalar": 256,
			"rms_norm_eps": 1e-06, "rope_theta": 10000.0, "sliding_window": 4096, "sliding_window_size": 4096, "torch_dtype": "float32",
			"transformers_version": "4.42.0.dev0", "use_cache": true, "vocab_size": 256000, "_attn_implementation": "eager"}`,
			func(c Config) bool { return c.Tied && c.Attentions[40].Window == 4096 && c.Attentions[41].Window == 0 }},
		"gemma-3-1b": {`{"architectures": ["Gemma3ForCausalLM"], "attention_bias": false, "attn_logit_softcapping": null, "bos_token_id": 2, "cache_implementation": "hybrid",
			"eos_token_id": [1, 106], "final_logit_softcapping": null, "head_dim": 256, "hidden_activation": "gelu_pytorch_tanh", "hidden_size": 1152,
			"intermediate_size": 6912, "max_position_embeddings": 32768, "model_type": "gemma3_text", "num_attention_heads": 4, "num_hidden_layers": 26,
			"num_key_value_heads": 1, "query_pre_attn_scalar": 256, "rms_norm_eps": 1e-06, "rope_local_base_freq": 10000, "rope_scaling": null,
			"rope_theta": 1000000, "sliding_window": 512, "sliding_window_pattern": 6, "vocab_size": 262144}`,
			func(c Config) bool {
				return c.Attentions[5] == (Attention{}) && c.Attentions[25] == (Attention{512, 1})
			}},
		"DeepSeek-R1-Distill-Qwen-1.5B": {`{"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu",
			"hidden_size": 1536, "initializer_range": 0.02, "intermediate_size": 8960, "max_position_embeddings": 131072, "max_window_layers": 21,
			"model_type": "qwen2", "num_attention_heads": 12, "num_hidden_layers": 28, "num_key_value_heads": 2, "rms_norm_eps": 1e-06, "rope_theta": 10000,
			"sliding_window": 4096, "tie_word_embeddings": false, "use_mrope": false, "use_sliding_window": false, "vocab_size": 151936}`,
			func(c Config) bool { return !c.windowed() && c.QKVBias && c.HeadDim == 128 }},
		"Phi-3.5-mini": {`{"architectures": ["Phi3ForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "auto_map": {"AutoConfig": "configuration_phi3.Phi3Config"},
			"bos_token_id": 1, "embd_pdrop": 0.0, "eos_token_id": 32000, "hidden_act": "silu", "hidden_size": 8, "intermediate_size": 8192,
			"max_position_embeddings": 131072, "model_type": "phi3", "num_attention_heads": 1, "num_hidden_layers": 32, "num_key_value_heads": 1,
			"original_max_position_embeddings": 4096, "pad_token_id": 32000, "resid_pdrop": 0.0, "rms_norm_eps": 1e-05, "rope_scaling": {
			"long_factor": [1.08, 1.11, 1.14, 1.34], "short_factor": [1.0, 1.01, 1.02, 1.03], "type": "longrope"}, "rope_theta": 10000.0,
			"sliding_window": 262144, "tie_word_embeddings": false, "vocab_size": 32064}`,
			func(c Config) bool {
				return c.Positions == 4096 && c.Ropes[0].Scale > 1.19 && c.Ropes[0].Scale < 1.1903
			}},
		"SmolLM3-3B": {`{"architectures": ["SmolLM3ForCausalLM"], "attention_bias": false, "eos_token_id": 128012, "hidden_act": "silu", "hidden_size": 2048,
			"intermediate_size": 11008, "layer_types": ["full_attention", "full_attention", "full_attention", "full_attention"], "max_position_embeddings": 65536,
			"max_window_layers": 28, "mlp_bias": false, "model_type": "smollm3", "no_rope_layer_interval": 4, "no_rope_layers": [1, 1, 1, 0],
			"num_attention_heads": 16, "num_hidden_layers": 4, "num_key_value_heads": 4, "pad_token_id": 128004, "pretraining_tp": 2, "rms_norm_eps": 1e-06,
			"rope_scaling": null, "rope_theta": 5000000.0, "sliding_window": null, "use_sliding_window": false, "vocab_size": 128256}`,
			func(c Config) bool { return c.Tied && c.Attentions[3].Rope == -1 && !c.windowed() }},
		"granite-3.3-2b": {`{"architectures": ["GraniteForCausalLM"], "attention_bias": false, "attention_dropout": 0.0, "attention_multiplier": 0.015625, "bos_token_id": 0,
			"embedding_multiplier": 12.0, "eos_token_id": 0, "hidden_act": "silu", "hidden_size": 2048, "intermediate_size": 8192, "logits_scaling": 8.0,
			"max_position_embeddings": 131072, "mlp_bias": false, "model_type": "granite", "num_attention_heads": 32, "num_hidden_layers": 40,
			"num_key_value_heads": 8, "pad_token_id": 0, "residual_multiplier": 0.22, "rms_norm_eps": 1e-05, "rope_scaling": null, "rope_theta": 10000000.0,
			"tie_word_embeddings": true, "vocab_size": 49159}`,
			func(c Config) bool { return c.QueryScale == 1./64 && c.LogitScale == 1./8 }},
		"Mistral-7B-v0.3": {`{"architectures": ["MistralForCausalLM"], "attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 4096,
			"intermediate_size": 14336, "max_position_embeddings": 32768, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32,
			"num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null, "tie_word_embeddings": false, "vocab_size": 32768}`,
			func(c Config) bool { return !c.windowed() }},
	} {
		got, err := parseConfig([]byte(c.members), nil)
		if err != nil || !c.check(got) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
)

// config returns a small config.json with some members replaced; nil removes one.
func config(change map[string]any) []byte {
	m := map[string]any{"architectures": []string{Llama}, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2,
		"num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 100, "max_position_embeddings": 131072,
		"rms_norm_eps": 1e-5, "rope_theta": 500000.0, "hidden_act": "silu", "bos_token_id": 1, "eos_token_id": 2}
	maps.Copy(m, change)
	maps.DeleteFunc(m, func(_ string, v any) bool { return v == nil })
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // only a mistake in this file
	}
	return b
}

type fields = map[string]any

func TestConfigRefuses(t *testing.T) {
	for want, change := range map[string]fields{
		`architecture ["NewForCausalLM"] is not supported; LlamaForCausalLM, MistralForCausalLM, Qwen2ForCausalLM`: {"architectures": []string{"NewForCausalLM"}},
		`architecture "new" is not supported; LlamaForCausalLM, `:                                                  {"architectures": nil, "model_type": "new"},
		`hidden_act "gelu" is not supported; silu and gelu_pytorch_tanh are`:                                       {"hidden_act": "gelu"},
		"quantization_config":                                         {"quantization_config": fields{"bits": 4}},
		`it does not say ["hidden_size" "vocab_size"]`:                {"hidden_size": nil, "vocab_size": nil},
		"hidden_size 64 is no multiple of num_attention_heads 3":      {"num_attention_heads": 3},
		"4 attention heads cannot share 3 key and value heads evenly": {"num_key_value_heads": 3},
		"a head of width 7 has no rotary pairs":                       {"head_dim": 7},
		"the number of layers is 0, not in":                           {"num_hidden_layers": 0},
		"the number of layers is 1000000, not in":                     {"num_hidden_layers": 1000000},
		"the width is -64":                                            {"hidden_size": -64},
		"the vocabulary is 0":                                         {"vocab_size": 0},
		"epsilon is 0,":                                               {"rms_norm_eps": 0},
		"begins a text is 100, outside the vocabulary of 100":         {"bos_token_id": 100},
		"ends a text is -5":                                           {"eos_token_id": []int{2, -5}},
		"eos_token_id is neither":                                     {"eos_token_id": "</s>"},
		"rope_theta is -1, not a positive number":                     {"rope_theta": -1},
		`rotary scaling "mrope" is not supported; default, linear, dynamic, llama3, yarn and longrope are`: {"rope_scaling": fields{"rope_type": "mrope", "factor": 2}},
		"factor is 0, not a positive number":                       {"rope_scaling": fields{"type": "linear"}},
		"low_freq_factor is 0":                                     {"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "high_freq_factor": 4}},
		"high_freq_factor 1 must be larger than low_freq_factor 1": {"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "low_freq_factor": 1, "high_freq_factor": 1}},
	} {
		if _, err := parseConfig(config(change), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", change, err, want)
		}
	}
}

// A config that contradicts itself, or asks for a computation that is not Llama's, is refused by the field's name: the
// numbers would be those of another model.
func TestConfigContradictions(t *testing.T) {
	llama3 := fields{"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}
	with := func(more fields) fields { m := maps.Clone(llama3); maps.Copy(m, more); return m }
	full, sliding := []string{"full_attention", "full_attention"}, []string{"full_attention", "sliding_attention"}
	for _, c := range []struct {
		change fields
		want   string // "" for a config that is fine
	}{
		{fields{"model_type": "llama"}, ""},
		{fields{"model_type": "mistral"}, `model_type is "mistral", but architectures is ["LlamaForCausalLM"]; they contradict each other`},
		{fields{"model_type": "gemma"}, "model_type"},
		{fields{"model_type": "granite"}, "model_type"},
		{fields{"model_type": "phi3"}, "model_type"},
		{fields{"model_type": "llama4_text"}, "model_type"},
		{fields{"architectures": []string{Llama, "MistralForCausalLM"}}, "architecture"},
		{fields{"hidden_act": "swish"}, ""},
		{fields{"hidden_act": "relu"}, `hidden_act "relu"`},
		{fields{"hidden_activation": "gelu_pytorch_tanh"}, `hidden_activation is "gelu_pytorch_tanh": it contradicts hidden_act`},
		{fields{"hidden_activation": "silu"}, ""},
		{fields{"is_causal": false}, "is_causal is false: attention that looks ahead"},
		{fields{"is_causal": true}, ""},
		{fields{"is_decoder": false}, ""},
		{fields{"attention_bias": false, "mlp_bias": false}, ""},
		{fields{"use_bias": true}, "use_bias is true"},
		{fields{"qkv_bias": true}, "qkv_bias is true"},
		{fields{"sliding_window": 4}, "sliding_window is 4: attention to a part of the context"},
		{fields{"sliding_window": json.RawMessage("null")}, ""},
		{fields{"sliding_window": 131072}, ""},
		{fields{"sliding_window": 4, "use_sliding_window": false}, ""},
		{fields{"sliding_window": 4, "use_sliding_window": true, "max_window_layers": 0}, "sliding_window is 4"},
		{fields{"attention_chunk_size": 4, "use_sliding_window": false}, ""},
		{fields{"attention_chunk_size": 4}, "attention_chunk_size is 4"},
		{fields{"layer_types": full}, ""},
		{fields{"layer_types": sliding}, "layer_types is"},
		{fields{"no_rope_layers": []int{1, 1}}, ""},
		{fields{"no_rope_layers": []int{1, 0}}, "no_rope_layers is [1,0]"},
		{fields{"no_rope_layer_interval": 4}, "no_rope_layer_interval is 4"},
		{fields{"partial_rotary_factor": 1.0}, ""},
		{fields{"partial_rotary_factor": 0.5}, "partial_rotary_factor is 0.5"},
		{fields{"rotary_pct": 0.25}, "rotary_pct is 0.25"},
		{fields{"rotary_dim": 16}, ""},
		{fields{"rotary_dim": 8}, "rotary_dim is 8"},
		{fields{"rope_interleaved": false}, ""},
		{fields{"rope_interleaved": true}, "rope_interleaved is true"},
		{fields{"attn_logit_softcapping": 2.0}, "attn_logit_softcapping is 2"},
		{fields{"final_logit_softcapping": 30.0}, "final_logit_softcapping is 30"},
		{fields{"logits_soft_cap": 5.0}, "logits_soft_cap"},
		{fields{"logit_scale": 0.0625}, "logit_scale"},
		{fields{"logit_scale": 1.0, "logits_scaling": 1}, ""},
		{fields{"embedding_multiplier": 12.0}, "embedding_multiplier is 12"},
		{fields{"residual_multiplier": 0.22}, "residual_multiplier"},
		{fields{"attention_multiplier": 0.015}, "attention_multiplier"},
		{fields{"attention_multiplier": 0.25}, ""}, // 1/√16
		{fields{"query_pre_attn_scalar": 64}, "query_pre_attn_scalar"},
		{fields{"query_pre_attn_scalar": 16}, ""},
		{fields{"scale_emb": 12}, "scale_emb is 12"},
		{fields{"scale_depth": 1.4}, "scale_depth"},
		{fields{"dim_model_base": 256}, "dim_model_base"},
		{fields{"use_qk_norm": true}, "use_qk_norm"},
		{fields{"qk_layernorm": true}, "qk_layernorm"},
		{fields{"use_parallel_residual": true}, "use_parallel_residual"},
		{fields{"num_local_experts": 4}, "num_local_experts is 4"},
		{fields{"clip_qkv": 8.0}, "clip_qkv"},
		{fields{"alibi": true}, "alibi"},
		{fields{"norm_type": "layernorm"}, "norm_type"},
		{fields{"quantization_config": fields{}}, "quantization_config"},
		{fields{"compression_config": fields{"quant_method": "compressed-tensors"}}, "compression_config"},
		{fields{"text_config": fields{"model_type": "llama"}}, "text_config"},
		{fields{"layer_norm_eps": 1e-3}, "layer_norm_eps is 0.001, but rms_norm_eps is 1e-05"},
		{fields{"layer_norm_eps": 1e-5}, ""},
		{fields{"num_layers": 3}, "num_layers is 3, but num_hidden_layers is 2"},
		{fields{"n_embd": 64, "n_kv_heads": 2}, ""},
		{fields{"attention_dropout": 0.1, "initializer_range": 0.02, "pretraining_tp": 2, "use_cache": true, "torch_dtype": "float16",
			"transformers.js_config": fields{"kv_cache_dtype": fields{"q4f16": "float16"}}, "max_sequence_length": 2048,
			"_attn_implementation": "eager", "unsloth_fixed": true, "temperature": 0.6, "router_aux_loss_coef": 0.001}, ""},

		{fields{"rope_scaling": fields{}}, ""},
		{fields{"rope_scaling": fields{"type": "linear", "rope_type": "default", "factor": 2}}, "they contradict each other"},
		{fields{"rope_scaling": fields{"type": "linear", "rope_type": "linear", "factor": 2}}, ""},
		{fields{"rope_scaling": fields{"factor": 2}}, `factor of rope_scaling is 2, which is not supported with the scaling "default"`},
		{fields{"rope_scaling": fields{"type": "linear", "factor": 2, "low_freq_factor": 3}}, "low_freq_factor of rope_scaling"},
		{fields{"rope_scaling": fields{"type": "linear", "factor": 2, "attention_factor": 1.5}}, "attention_factor of rope_scaling is 1.5"},
		{fields{"rope_scaling": with(fields{"attention_factor": 1})}, ""},
		{fields{"rope_scaling": with(fields{"mscale": 0.7})}, "mscale of rope_scaling is 0.7"},
		{fields{"rope_scaling": fields{"type": "linear", "factor": "2"}}, "factor of rope_scaling"},
		{fields{"rope_scaling": fields{"rope_type": "linear", "factor": 2, "rope_theta": 500}}, "rope_theta is 500000 in config.json, 500 in rope_scaling"},
		{fields{"rope_parameters": fields{"rope_theta": 10000}}, "rope_theta is 500000 in config.json, 10000 in rope_parameters"},
		{fields{"rope_parameters": fields{"partial_rotary_factor": 0.5}}, "partial_rotary_factor of rope_parameters is 0.5"},
		{fields{"rope_parameters": fields{"full_attention": fields{"rope_theta": 500}}}, "full_attention of rope_parameters"},
		{fields{"rope_scaling": fields{"type": "linear", "factor": 2}, "rope_parameters": fields{}}, "rope_type is linear in rope_scaling, default in rope_parameters"},
		{fields{"rope_scaling": fields{"type": "linear", "factor": 2}, "rope_parameters": fields{"rope_type": "linear", "factor": 4}}, "factor is 2 in rope_scaling, 4 in rope_parameters"},
		{fields{"rope_scaling": with(nil), "original_max_position_embeddings": 8192}, ""},
		{fields{"rope_scaling": with(fields{"original_max_position_embeddings": 4096}), "original_max_position_embeddings": 8192}, "original_max_position_embeddings is 8192 in config.json, 4096 in rope_scaling"},
	} {
		_, err := parseConfig(config(c.change), nil)
		if c.want == "" && err != nil {
			t.Errorf("%v: %v", c.change, err)
		} else if c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%v: %v, want %q", c.change, err, c.want)
		}
	}
}

func TestConfigTypes(t *testing.T) {
	for want, change := range map[string]fields{
		"hidden_size is not a whole number but a string":        {"hidden_size": "64"},
		"hidden_size is not a whole number but a number 1.5":    {"hidden_size": 1.5},
		"rms_norm_eps is not a number but a string":             {"rms_norm_eps": "1e-5"},
		"tie_word_embeddings is not true or false but a number": {"tie_word_embeddings": 1},
		"bos_token_id is not a whole number but a string":       {"bos_token_id": "<s>"},
		"architectures is not a list but a string":              {"architectures": Llama},
	} {
		if _, err := parseConfig(config(change), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %q", change, err, want)
		}
	}
}

// A name that occurs twice is refused, and one that differs in case is another name.
func TestConfigNamesAreExact(t *testing.T) {
	twice := strings.Replace(string(config(nil)), "{", `{"num_hidden_layers": 1, `, 1)
	if _, err := parseConfig([]byte(twice), nil); err == nil || !strings.Contains(err.Error(), `"num_hidden_layers" occurs twice`) {
		t.Errorf("a name that occurs twice: %v", err)
	}
	if c, err := parseConfig(config(fields{"Num_Hidden_Layers": 1, "num_hidden_layers": 2}), nil); err != nil || c.Layers != 2 {
		t.Errorf("%d layers, %v", c.Layers, err)
	}
	if _, err := parseConfig(config(fields{"Num_Hidden_Layers": 2, "num_hidden_layers": nil}), nil); err == nil || !strings.Contains(err.Error(), `it does not say ["num_hidden_layers"]`) {
		t.Errorf("a name that differs in case: %v", err)
	}
	for _, text := range []string{"null", "[]", "", "{", `{} {}`, `{"a":` + strings.Repeat("[", 50000)} {
		if _, err := parseConfig([]byte(text), nil); err == nil {
			t.Errorf("%.20s: no error", text)
		}
	}
}

// The context that a stretched model was first trained on may stand beside rope_scaling.
func TestOriginalPositionsBeside(t *testing.T) {
	scaling := fields{"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4}
	inside := maps.Clone(scaling)
	inside["original_max_position_embeddings"] = 8192
	a, err1 := parseConfig(config(fields{"rope_scaling": inside}), nil)
	b, err2 := parseConfig(config(fields{"rope_scaling": scaling, "original_max_position_embeddings": 8192}), nil)
	c, err3 := parseConfig(config(fields{"rope_scaling": scaling}), nil)
	if err1 != nil || err2 != nil || err3 != nil || !slices.Equal(a.Ropes[0].InvFreq, b.Ropes[0].InvFreq) || slices.Equal(a.Ropes[0].InvFreq, c.Ropes[0].InvFreq) {
		t.Errorf("%v %v %v\n%v\n%v\n%v", err1, err2, err3, a.Ropes[0].InvFreq, b.Ropes[0].InvFreq, c.Ropes[0].InvFreq)
	}
}

// A config that no file makes is no config either: what reads files is checked by the same rules.
func TestConfigCheck(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		"layer 1 has a window of -1 and rotary settings 0":          func(c *Config) { c.Attentions[1].Window = -1 },
		"layer 0 has a window of 0 and rotary settings 1":           func(c *Config) { c.Attentions[0].Rope = 1 },
		"layer 0 has a window of 0 and rotary settings -2":          func(c *Config) { c.Attentions[0].Rope = -2 },
		"3 layers are described, want 2":                            func(c *Config) { c.Attentions = make([]Attention, 3) },
		"there are 7 rotary frequencies, want 8":                    func(c *Config) { c.Ropes[0].InvFreq = c.Ropes[0].InvFreq[:7] },
		"rotary frequency 2 is NaN, not a positive number":          func(c *Config) { c.Ropes[0].InvFreq[2] = math.NaN() },
		"the factor of cosine and sine is 0, not a positive number": func(c *Config) { c.Ropes[0].Scale = 0 },
		"the scale of attention is 0, not a positive number":        func(c *Config) { c.QueryScale = 0 },
		"the scale of embeddings is +Inf, not a positive number":    func(c *Config) { c.EmbedScale = math.Inf(1) },
		"the scale of what layers add is -1, not a positive number": func(c *Config) { c.ResidualScale = -1 },
		"the scale of logits is NaN, not a positive number":         func(c *Config) { c.LogitScale = math.NaN() },
		"the soft cap of attention is -1, not a positive number":    func(c *Config) { c.AttentionCap = -1 },
		"the soft cap of logits is +Inf, not a positive number":     func(c *Config) { c.LogitCap = math.Inf(1) },
	} {
		c, err := parseConfig(config(nil), nil)
		if err != nil {
			t.Fatal(err)
		}
		change(&c)
		if err := c.check(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// Several contradictions are named in one error.
func TestConfigNamesAll(t *testing.T) {
	_, err := parseConfig(config(fields{"num_key_value_heads": 3, "rms_norm_eps": -1, "bos_token_id": 500}), nil)
	if err == nil || strings.Count(err.Error(), ";") != 2 {
		t.Errorf("%v", err)
	}
}

func TestConfigDefaults(t *testing.T) {
	c, err := parseConfig(config(fields{"architectures": nil, "model_type": "llama", "num_key_value_heads": nil, "max_position_embeddings": nil,
		"rms_norm_eps": nil, "rope_theta": nil, "hidden_act": nil, "bos_token_id": nil, "eos_token_id": nil}), nil)
	if err != nil {
		t.Fatal(err)
	}
	if c.KVHeads != 4 || c.Positions != 2048 || c.Eps != 1e-6 || c.Tied || c.BOS != -1 || len(c.Ends) != 0 ||
		c.HeadDim != 16 || c.Ropes[0].InvFreq[4] != 1/math.Pow(10000, 0.5) {
		t.Errorf("%+v", c)
	}
}

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		config     any
		generation string
		want       []int32
	}{
		{2, "", []int32{2}},
		{[]int{9, 2, 9}, "", []int32{2, 9}},
		{2, `{"eos_token_id": [4, 3]}`, []int32{3, 4}},
		{2, `{"eos_token_id": 5}`, []int32{5}},
		{2, `{"eos_token_id": null}`, []int32{2}},
		{2, `{}`, []int32{2}},
		{nil, `{}`, nil},
	} {
		got, err := parseConfig(config(fields{"eos_token_id": c.config}), []byte(c.generation))
		if err != nil || !slices.Equal(got.Ends, c.want) {
			t.Errorf("%v %s: %v %v, want %v", c.config, c.generation, got.Ends, err, c.want)
		}
	}
}

// The wanted numbers were computed apart from this program, in Python, from the definitions.
func TestRotaryFrequencies(t *testing.T) {
	base := []float64{1.0, 0.19392274474868576, 0.03760603093086393, 0.0072926647372171085, 0.001414213562373095, 0.0002742481756762073, 5.318295896944989e-05, 1.031338537721246e-05}
	llama3 := []float64{1.0, 0.19392274474868576, 0.03760603093086393, 0.0072926647372171085, 0.0005248461609929547, 3.428102195952591e-05, 6.647869871181236e-06, 1.2891731721515574e-06}
	half := make([]float64, len(base))
	for i := range half {
		half[i] = base[i] / 2
	}
	stretch := fields{"factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 8192}
	with := func(more fields) fields { m := maps.Clone(stretch); maps.Copy(m, more); return m }
	for name, c := range map[string]struct {
		change fields
		want   []float64
	}{
		"none":           {nil, base},
		"null":           {fields{"rope_scaling": json.RawMessage("null")}, base},
		"linear":         {fields{"rope_scaling": fields{"type": "linear", "factor": 2}}, half},
		"llama3":         {fields{"rope_scaling": with(fields{"rope_type": "llama3"})}, llama3},
		"v5 default":     {fields{"rope_theta": nil, "rope_parameters": fields{"rope_type": "default", "rope_theta": 500000}}, base},
		"v5 llama3":      {fields{"rope_theta": nil, "rope_parameters": with(fields{"rope_type": "llama3", "rope_theta": 500000})}, llama3},
		"both, agreeing": {fields{"rope_scaling": with(fields{"type": "llama3"}), "rope_parameters": with(fields{"rope_type": "llama3"})}, llama3},
	} {
		got, err := parseConfig(config(c.change), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(got.Ropes[0].InvFreq) != len(c.want) {
			t.Errorf("%s: %d frequencies", name, len(got.Ropes[0].InvFreq))
			continue
		}
		for i, want := range c.want {
			if math.Abs(got.Ropes[0].InvFreq[i]-want) > 1e-14*want {
				t.Errorf("%s: frequency %d is %g, want %g", name, i, got.Ropes[0].InvFreq[i], want)
			}
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(config(nil), []byte(`{"eos_token_id": [2, 3]}`))
	f.Add(config(fields{"rope_scaling": fields{"rope_type": "llama3", "factor": 2, "low_freq_factor": 1, "high_freq_factor": 4}}), []byte(nil))
	for _, fam := range families {
		f.Add(config(fields{"architectures": []string{fam.architecture}, "hidden_act": nil}), []byte(nil))
	}
	f.Add([]byte(`{"model_type": "gemma3", "text_config": {"hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "layer_types": ["full_attention"]}}`), []byte(nil))
	f.Add(config(fields{"rope_scaling": fields{"rope_type": "yarn", "factor": 2, "truncate": false}, "sliding_window": 3}), []byte(nil))
	f.Add(config(fields{"head_dim": 1 << 40, "num_hidden_layers": -1}), []byte(`{`))
	f.Fuzz(func(t *testing.T, b, generation []byte) {
		c, err := parseConfig(b, generation)
		if err != nil {
			return
		}
		if err := c.check(); err != nil || len(c.Layout()) < 11 {
			t.Fatal(fmt.Sprint(c, err))
		}
	})
}

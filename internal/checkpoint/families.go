package checkpoint

import "math"

// A family is an architecture that is read: its names, what of a decoder it always has, and what transformers' config class
// (4.57 and 5.24 agree) says where config.json says nothing. Which member drives which part is in the package doc.
type family struct {
	architecture string // of config.json
	kind         string // its model_type
	gguf         string // general.architecture of a GGUF; "": llama.cpp writes it as another family

	reads      map[string]bool // members of config.json beside those that every family reads
	qkvBias    bool            // biases of q, k and v that no member switches
	qkNorm     string
	norms      string
	activation string          // a name in activations, where config.json says none
	onePlus    bool            // safetensors keep w of norms that multiply by 1+w; a GGUF keeps 1+w
	fused      bool            // qkv_proj and gate_up_proj are matrices of several parts, one below the other
	neighbors  bool            // in a GGUF, rotary pairs are neighboring rows of q and k
	scaled     bool            // embeddings are multiplied by √hidden_size
	keys       map[string]bool // fields of a GGUF, beside those that every family reads
	beside     map[string]bool // tensors of a GGUF that its config is made of
	every      int             // windows: all layers but each every-th have one; 0: all have; layer_types says otherwise

	defaults defaults
}

// defaults are the values of members that are not there. Zero stands for what the config class derives or leaves out.
type defaults struct {
	heads, kvHeads, headDim, vocab, positions int
	eps, theta, localTheta                    float64
	window                                    int
	queryScalar, attentionCap, logitCap       float64
	tied                                      bool
}

// families holds what is read. Sources: configuration_*.py and modeling_*.py of transformers for all but gguf and neighbors,
// which are those of llama.cpp (conversion/*.py; llama_model_rope_type: "llama", "granite" and "smollm3" turn neighboring
// rows, and LlamaModel.permute of their conversion orders rows, and biases, so; the others turn halves, as here).
var families = []family{
	{architecture: Llama, kind: "llama", gguf: "llama", neighbors: true, beside: words("rope_freqs.weight"),
		reads:    words("hidden_act attention_bias mlp_bias"),
		defaults: defaults{positions: 2048, eps: 1e-6, theta: 1e4}},
	{architecture: "MistralForCausalLM", kind: "mistral",
		reads:    words("hidden_act sliding_window"),
		defaults: defaults{kvHeads: 8, positions: 131072, eps: 1e-6, theta: 1e4, window: 4096}},
	{architecture: "Qwen2ForCausalLM", kind: "qwen2", gguf: "qwen2", qkvBias: true,
		reads:    words("hidden_act sliding_window use_sliding_window max_window_layers layer_types"),
		defaults: defaults{kvHeads: 32, positions: 32768, eps: 1e-6, theta: 1e4, window: 4096}},
	{architecture: "Qwen3ForCausalLM", kind: "qwen3", gguf: "qwen3", qkNorm: HeadQKNorm,
		reads:    words("hidden_act attention_bias sliding_window use_sliding_window max_window_layers layer_types"),
		defaults: defaults{kvHeads: 32, headDim: 128, positions: 32768, eps: 1e-6, theta: 1e4, window: 4096}},
	{architecture: "Gemma2ForCausalLM", kind: "gemma2", gguf: "gemma2", norms: BothNorms, activation: "gelu_pytorch_tanh",
		onePlus: true, scaled: true, every: 2,
		keys: words("attn_logit_softcapping final_logit_softcapping attention.scale attention.sliding_window attention.sliding_window_pattern"),
		reads: words(`hidden_activation attention_bias query_pre_attn_scalar sliding_window layer_types
			attn_logit_softcapping final_logit_softcapping`),
		defaults: defaults{kvHeads: 4, headDim: 256, positions: 8192, eps: 1e-6, theta: 1e4, window: 4096, queryScalar: 256,
			attentionCap: 50, logitCap: 30, tied: true}},
	{architecture: "Gemma3ForCausalLM", kind: "gemma3_text", gguf: "gemma3", qkNorm: HeadQKNorm, norms: BothNorms,
		activation: "gelu_pytorch_tanh", onePlus: true, scaled: true, every: 6,
		keys: words("final_logit_softcapping attention.scale attention.sliding_window attention.sliding_window_pattern rope.freq_base_swa"),
		reads: words(`hidden_activation attention_bias query_pre_attn_scalar sliding_window layer_types
			final_logit_softcapping rope_local_base_freq sliding_window_pattern _sliding_window_pattern`),
		defaults: defaults{heads: 8, kvHeads: 4, headDim: 256, vocab: 262208, positions: 131072, eps: 1e-6, theta: 1e6,
			localTheta: 1e4, window: 4096, queryScalar: 256, tied: true}},
	{architecture: "Olmo2ForCausalLM", kind: "olmo2", gguf: "olmo2", qkNorm: WholeQKNorm, norms: PostNorms,
		reads:    words("hidden_act attention_bias"),
		defaults: defaults{positions: 2048, eps: 1e-5, theta: 1e4}},
	{architecture: "Phi3ForCausalLM", kind: "phi3", gguf: "phi3", fused: true,
		keys:     words("attention.sliding_window rope.scaling.attn_factor"),
		beside:   words("rope_factors_short.weight rope_factors_long.weight"),
		reads:    words("hidden_act sliding_window"),
		defaults: defaults{positions: 4096, eps: 1e-5, theta: 1e4}},
	{architecture: "SmolLM3ForCausalLM", kind: "smollm3", gguf: "smollm3", neighbors: true,
		reads: words(`hidden_act attention_bias mlp_bias sliding_window use_sliding_window layer_types no_rope_layers
			no_rope_layer_interval`),
		defaults: defaults{kvHeads: 4, positions: 32768, eps: 1e-6, theta: 2e6, tied: true}},
	{architecture: "GraniteForCausalLM", kind: "granite", gguf: "granite", neighbors: true,
		keys:   words("attention.scale embedding_scale residual_scale logit_scale"),
		beside: words("rope_freqs.weight"),
		reads: words(`hidden_act attention_bias mlp_bias embedding_multiplier attention_multiplier residual_multiplier
			logits_scaling`),
		defaults: defaults{positions: 2048, eps: 1e-6, theta: 1e4}},
}

// familyOf finds a family by a name that it has in one place or another.
func familyOf(has func(f family) bool) (family, bool) {
	for _, f := range families {
		if has(f) {
			return f, true
		}
	}
	return family{}, false
}

// family returns the family of a config, and whether the text model is one of several parts.
func (c Config) family() (f family, whole bool) {
	for _, p := range pairs {
		if p.architecture == c.Architecture {
			f, _ = familyOf(func(f family) bool { return f.kind == p.text })
			return f, true
		}
	}
	f, _ = familyOf(func(f family) bool { return f.architecture == c.Architecture })
	return f, false
}

// parts fills in what every model of the family has, from the sizes in c.
func (f family) parts(c *Config) {
	c.Architecture, c.QKVBias, c.QKNorm, c.Norms = f.architecture, f.qkvBias, f.qkNorm, f.norms
	if c.Norms == "" {
		c.Norms = PreNorms
	}
	c.Activation = activations[f.activationName()]
	c.QueryScale, c.EmbedScale, c.ResidualScale, c.LogitScale = 1/math.Sqrt(float64(c.HeadDim)), 1, 1, 1
	if f.scaled {
		c.EmbedScale = math.Sqrt(float64(c.Width))
	}
	c.Attentions = make([]Attention, c.Layers)
}

// activations are the names that transformers has (ACT2FN) for what Config.Activation says.
var activations = map[string]string{"silu": SiLU, "swish": SiLU, "gelu_pytorch_tanh": GELUTanh, "gelu_new": GELUTanh}

// activationName is what holds where config.json does not say it.
func (f family) activationName() string {
	if f.activation != "" {
		return f.activation
	}
	return "silu"
}

package checkpoint

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// A model's computation is more than its sizes. Fields of config.json that stand for a computation of other
// architectures are refused by name unless their value asks for nothing, because the numbers would be those of another
// model: a library that knows the field computes it, one that does not ignores it, and the file does not say who is right.

// A foreign field is one that an architecture does not read, or has in one form only.
type foreign struct {
	names    []string
	off      bool                       // whether false, 0 and empty values ask for nothing
	harmless func(v any, c Config) bool // which other values do; nil: none
	why      string
}

const attentionToPart = "attention to a part of the context is not supported"

var foreigns = []foreign{
	{[]string{"is_causal", "causal"}, false, yes, "attention that looks ahead is not supported"},
	{[]string{"is_encoder_decoder", "add_cross_attention", "prefix_lm"}, true, nil, "attention other than to what comes before is not supported"},
	{[]string{"sliding_window", "sliding_window_size", "window_size", "attention_window", "attention_window_size", "attn_window_size",
		"local_attention_window", "attention_chunk_size"}, true, sameWindow, attentionToPart},
	{[]string{"layer_types", "attention_types"}, true, sameWindows, "it contradicts the windows of the layers, or names layers of other kinds"},
	{[]string{"use_sliding_window"}, false, func(v any, c Config) bool { return v == true || !c.windowed() }, "the layers have windows without it"},
	{[]string{"max_window_layers"}, false, func(_ any, c Config) bool { return !c.windowed() }, "the layers have windows without it"},
	{[]string{"qkv_bias"}, false, func(v any, c Config) bool { return v == c.QKVBias }, "it contradicts the biases of the architecture"},
	{[]string{"use_qk_norm", "qk_norm", "qk_layernorm"}, false, func(v any, c Config) bool { return v == (c.QKNorm != NoQKNorm) },
		"it contradicts the norms of queries and keys of the architecture"},
	{[]string{"no_rope_layers"}, true, every(1.0), "layers without rotary positions are not supported"},
	{[]string{"partial_rotary_factor", "rotary_pct", "rotary_percent", "rope_pct", "rope_percent", "rope_ratio"}, false, one,
		"rotary positions on a part of a head, or stretched otherwise than by rope_scaling, are not supported"},
	{[]string{"rotary_dim", "rotary_ndims", "rope_dim", "v_head_dim", "qk_head_dim", "kv_channels", "head_size", "d_head", "d_kv",
		"attention_head_dim"}, true, func(v any, c Config) bool { return v == float64(c.HeadDim) }, "it contradicts the width of a head"},
	{[]string{"query_pre_attn_scalar"}, true, func(v any, c Config) bool {
		f, ok := v.(float64)
		return ok && near(1/math.Sqrt(f), c.QueryScale)
	}, "it contradicts the scale of attention of the architecture"},
	{[]string{"attention_multiplier", "attention_scale", "attn_scale", "softmax_scale"}, false, func(v any, c Config) bool {
		return near(v, c.QueryScale)
	}, "it contradicts the scale of attention of the architecture"},
	{[]string{"dim_model_base"}, true, func(v any, c Config) bool { return v == float64(c.Width) }, "scaled logits are not supported"},
	{[]string{"scale_depth"}, false, func(v any, c Config) bool { return near(v, math.Sqrt(float64(c.Layers))) }, "scaled layers are not supported"},
	{[]string{"hidden_act", "hidden_activation", "activation", "activation_function", "activation_type", "mlp_activation", "ffn_act_fn"}, true,
		sameActivation, "it contradicts hidden_act or hidden_activation, which the architecture reads"},
	{[]string{"norm_type", "normalization", "normalization_type", "layernorm_type", "norm_class"}, true, oneOf("rmsnorm", "rms_norm", "rms"),
		"norms other than RMSNorm are not supported"},
	{[]string{"position_embedding_type", "position_encoding", "positional_encoding"}, true, oneOf("rope", "rotary"),
		"positions other than rotary ones are not supported"},
	{[]string{"use_rope", "use_rotary", "rotary", "use_rms_norm", "rms_norm", "scale_attn_weights", "use_glu", "gated_mlp", "no_bias"}, false, yes,
		"the model is supported with it alone"},
	{[]string{"quantization_config", "quantization", "compression_config", "quant_method"}, false, nil,
		"quantized safetensors are not supported; use the original model, or a GGUF of " + tensorfile.ReadableTypes},
	{[]string{"pruned_heads"}, true, nil, "heads that are left out are not supported"},
	{[]string{"text_config", "vision_config", "audio_config", "encoder", "decoder"}, true, nil, "models of several parts are not supported"},
}

// foreignRules are foreigns by name.
var foreignRules = func() map[string]foreign {
	rules := map[string]foreign{}
	for _, f := range foreigns {
		for _, name := range f.names {
			rules[name] = f
		}
	}
	return rules
}()

// effectless fields sound like a computation and have no part in that of a finished model's logits.
var effectless = words(`pretraining_tp residual_in_fp32 use_memory_efficient_attention
	output_attentions is_llama_config attention_softmax_in_fp32 scale_attention_softmax_in_fp32`)

// telling are words of a field's name that tell of a computation; idle are words that say it is none, or only of training.
var (
	telling = words(`multiplier multipliers softcap softcapping cap scale scaling scales scaled window sliding bias biases rotary rope theta
		norm layernorm rmsnorm qknorm mrope unit offset expert experts moe router chunk causal bidirectional alibi residual parallel clip clamp
		lora mamba ssm conv recurrent sink sinks nope yarn ntk logn xpos qk qkv kv mla attn attention glu mup sparse emb embedding embeddings
		logit logits gate gating altup laurel activation`)
	idle = words(`dropout pdrop loss coef init initializer implementation flash cache std range training checkpointing token tokens heads
		hidden size sizes dtype aux sdpa`)
	// plainWords are values in words that ask for nothing else.
	plainWords = words(`default none auto full full_attention causal standard original_full multihead eager rope rotary rmsnorm silu swish swiglu`)
)

func words(s string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		set[w] = true
	}
	return set
}

// otherComputation lists the members of config.json that ask for a computation that c is not; own are those that it is made
// of.
func otherComputation(members map[string]json.RawMessage, own map[string]bool, c Config) (bad []string) {
	noWindow := value(members["use_sliding_window"]) == false && members["use_sliding_window"] != nil
	for _, name := range sortedNames(members) {
		v := value(members[name])
		f, ruled := foreignRules[name]
		switch {
		case v == nil || own[name] || effectless[name] || aliases[name] != "":
		case ruled && f.why == attentionToPart && noWindow:
		case ruled && (f.off && asksNothing(v) || f.harmless != nil && f.harmless(v, c)):
		case ruled:
			bad = append(bad, fmt.Sprintf("%s is %.60s: %s", name, members[name], f.why))
		case tells(name) && !asksNothing(v) && v != 1.0 && !oneOfWords(v):
			bad = append(bad, fmt.Sprintf("%s is %.60s: it may change the computation, and is not supported", name, members[name]))
		}
	}
	return bad
}

// tells says whether a name tells of a computation.
func tells(name string) bool {
	parts := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == '_' || r == '.' || r == '-' })
	return slices.ContainsFunc(parts, func(w string) bool { return telling[w] }) &&
		!slices.ContainsFunc(parts, func(w string) bool { return idle[w] })
}

// asksNothing says whether a value is that of something that is switched off.
func asksNothing(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case float64:
		return v == 0
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func oneOfWords(v any) bool {
	s, ok := v.(string)
	return ok && plainWords[strings.ToLower(s)]
}

func yes(v any, _ Config) bool { return v == true }
func one(v any, _ Config) bool { return v == 1.0 }

func near(v any, want float64) bool {
	f, ok := v.(float64)
	return ok && math.Abs(f-want) <= 1e-6*want
}

// sameWindow accepts the window that layers have, and in a model without one a window that no text outgrows.
func sameWindow(v any, c Config) bool {
	f, ok := v.(float64)
	if !ok || !c.windowed() {
		return ok && (f < 0 || f >= float64(c.Positions))
	}
	return !slices.ContainsFunc(c.Attentions, func(a Attention) bool { return a.Window > 0 && float64(a.Window) != f })
}

func oneOf(names ...string) func(any, Config) bool {
	return func(v any, _ Config) bool {
		s, ok := v.(string)
		return ok && slices.Contains(names, strings.ToLower(s))
	}
}

// every accepts a list of nothing but these values.
func every(ok ...any) func(any, Config) bool {
	return func(v any, _ Config) bool {
		list, isList := v.([]any)
		return isList && !slices.ContainsFunc(list, func(x any) bool { return !slices.Contains(ok, x) })
	}
}

// sameWindows accepts a list that names the layers as they are.
func sameWindows(v any, c Config) bool {
	list, ok := v.([]any)
	if !ok || len(list) != len(c.Attentions) {
		return false
	}
	for l, kind := range list {
		full := kind == fullLayer || kind == "global" || kind == "attention"
		if !full && kind != slidingLayer || full != (c.Attentions[l].Window == 0) {
			return false
		}
	}
	return true
}

func sameActivation(v any, c Config) bool {
	name, _ := v.(string)
	name = strings.ToLower(name)
	return activations[name] == c.Activation || name == "swiglu" && c.Activation == SiLU
}

package checkpoint

import "strings"

// ggufParts maps llama.cpp's names of a layer's tensors to Hugging Face's (gguf-py/gguf/constants.py, tensor_mapping.py).
var ggufParts = map[string]string{
	"attn_norm":           "input_layernorm",
	"attn_q":              "self_attn.q_proj",
	"attn_k":              "self_attn.k_proj",
	"attn_v":              "self_attn.v_proj",
	"attn_qkv":            "self_attn.qkv_proj",
	"attn_q_norm":         "self_attn.q_norm",
	"attn_k_norm":         "self_attn.k_norm",
	"attn_output":         "self_attn.o_proj",
	"post_attention_norm": "post_attention_layernorm",
	"ffn_norm":            "post_attention_layernorm", // or as ggufPart says
	"ffn_gate":            "mlp.gate_proj",
	"ffn_up":              "mlp.up_proj",
	"ffn_down":            "mlp.down_proj",
	"post_ffw_norm":       "post_feedforward_layernorm",
}

// ggufNames maps those outside the layers.
var ggufNames = map[string]string{
	"token_embd":  "model.embed_tokens",
	"output_norm": "model.norm",
	"output":      "lm_head",
}

// ggufPart is ggufParts, where one of llama.cpp's names has several meanings: a norm before the MLP has another name in
// Hugging Face's where attention has one behind it, and Phi-3's ffn_up is the gate, and up below it.
func (f family) ggufPart(part string) string {
	switch {
	case part == "ffn_norm" && f.norms == BothNorms:
		return "pre_feedforward_layernorm"
	case part == "ffn_up" && f.fused:
		return "mlp.gate_up_proj"
	}
	return ggufParts[part]
}

// huggingFace translates a name, e.g. blk.3.ffn_down.weight to model.layers.3.mlp.down_proj.weight. A name that is in
// neither table stays as it is.
func (f family) huggingFace(name string) string {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return name
	}
	stem, kind := name[:dot], name[dot:]
	if to, ok := ggufNames[stem]; ok {
		return to + kind
	}
	if layer, ok := strings.CutPrefix(stem, "blk."); ok {
		if n, part, ok := strings.Cut(layer, "."); ok && f.ggufPart(part) != "" {
			return "model.layers." + n + "." + f.ggufPart(part) + kind
		}
	}
	return name
}

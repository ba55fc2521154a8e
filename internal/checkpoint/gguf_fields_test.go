package checkpoint

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

func TestGGUFRefuses(t *testing.T) {
	base := convert(t)
	set := func(key string, v any) func(converted) { return func(c converted) { c.metadata[key] = v } }
	extra := func(name string, n int) func(converted) {
		return func(c converted) {
			c.tensors[name] = tensorfile.Tensor{Name: name, Shape: []int{n}, Data: make([]float32, n)}
		}
	}
	for want, change := range map[string]func(converted){
		`architecture "new" is not supported; LlamaForCausalLM, `:      set("general.architecture", "new"),
		"a computation that is not supported: llama.expert_count is 8": set("llama.expert_count", uint32(8)),
		"llama.attention.causal is false":                              set("llama.attention.causal", false),
		"llama.rope.scaling.attn_factor is 1.5":                        set("llama.rope.scaling.attn_factor", float32(1.5)),
		"llama.rope.scaling.yarn_attn_factor is 1.5":                   set("llama.rope.scaling.yarn_attn_factor", float32(1.5)),
		"llama.rope.scaling.yarn_ext_factor is 1":                      set("llama.rope.scaling.yarn_ext_factor", float32(1)),
		"llama.attention.sliding_window is 128":                        set("llama.attention.sliding_window", uint32(128)),
		"llama.attention.scale is 0.5":                                 set("llama.attention.scale", float32(.5)),
		"llama.attention.clamp_kqv is 8":                               set("llama.attention.clamp_kqv", float32(8)),
		"llama.attention.max_alibi_bias is 8":                          set("llama.attention.max_alibi_bias", float32(8)),
		"llama.logit_scale is 0.25":                                    set("llama.logit_scale", float32(.25)),
		"llama.embedding_scale is 12":                                  set("llama.embedding_scale", float32(12)),
		"llama.residual_scale is 0.5":                                  set("llama.residual_scale", float32(.5)),
		"llama.final_logit_softcapping is 30":                          set("llama.final_logit_softcapping", float32(30)),
		"llama.use_parallel_residual is true":                          set("llama.use_parallel_residual", true),
		"llama.rope.dimension_sections is a list of 4":                 set("llama.rope.dimension_sections", []int32{1, 1, 2, 0}),
		"llama.something.new is 3":                                     set("llama.something.new", uint32(3)),
		`general.type is "adapter"`:                                    set("general.type", "adapter"),
		"llama.rope.scaling.factor is 2, llama.rope.scale_linear is 4": func(c converted) {
			set("llama.rope.scaling.factor", float32(2))(c)
			set("llama.rope.scale_linear", float32(4))(c)
		},
		`llama.rope.scaling.type is "none", llama.rope.scaling.factor is 2`: func(c converted) {
			set("llama.rope.scaling.type", "none")(c)
			set("llama.rope.scaling.factor", float32(2))(c)
		},
		"the weights have 6 layers, the config says 5":   set("llama.block_count", uint32(5)),
		"model.layers.2.self_attn.q_norm.weight [32] is": extra("blk.2.attn_q_norm.weight", 32),
		"token_embd_norm.weight [128] is there":          extra("token_embd_norm.weight", 128),
		"rope_factors_long.weight [16] is there":         extra("rope_factors_long.weight", 16),
		"llama.block_count (a whole number), llama.context_length (a whole number)": func(c converted) {
			delete(c.metadata, "llama.block_count")
			c.metadata["llama.context_length"] = "long"
		},
		"values of width 16":                 set("llama.attention.value_length", uint32(16)),
		"on 16 of 32 dimensions":             set("llama.rope.dimension_count", uint32(16)),
		"the embedding matrix has 2048 rows": set("llama.vocab_size", uint32(9)),
		`rotary scaling "dynamic" is not supported in a GGUF; none, linear, yarn and longrope are`: func(c converted) {
			set("llama.rope.scaling.type", "dynamic")(c)
			set("llama.rope.scaling.factor", float32(2))(c)
		},
		"llama.rope.scaling.factor (a number)": set("llama.rope.scaling.type", "linear"),
		"tensor rope_freqs.weight": func(c converted) {
			set("llama.rope.scaling.type", "llama3")(c)
			set("llama.rope.scaling.factor", float32(2))(c)
		},
		`tokenizer "bert" is not supported; gpt2`:                                         set("tokenizer.ggml.model", "bert"),
		`pre-tokenizer "bloom" is not supported; dbrx, default, gpt-2, gpt-4o, llama-bpe`: set("tokenizer.ggml.pre", "bloom"),
		"lack tokenizer.ggml.scores":                                                      set("tokenizer.ggml.model", "llama"),
		"scores has 1 entries": func(c converted) {
			set("tokenizer.ggml.model", "llama")(c)
			set("tokenizer.ggml.scores", []float32{1})(c)
		},
		"unknown_token_id is 2048": func(c converted) {
			set("tokenizer.ggml.model", "llama")(c)
			set("tokenizer.ggml.scores", make([]float32, 2048))(c)
			set("tokenizer.ggml.unknown_token_id", uint32(2048))(c)
		},
		"tokens has 1 tokens":           set("tokenizer.ggml.tokens", []string{"a"}),
		"token_type has 1 entries":      set("tokenizer.ggml.token_type", []int32{1}),
		"lack tokenizer.ggml.merges":    func(c converted) { delete(c.metadata, "tokenizer.ggml.merges") },
		`token "same" occurs twice`:     set("tokenizer.ggml.tokens", slices.Repeat([]string{"same"}, 2048)),
		`token 0, "\xff", is not UTF-8`: set("tokenizer.ggml.tokens", slices.Repeat([]string{"\xff"}, 2048)),
		"bos_token_id (a token id)":     set("tokenizer.ggml.bos_token_id", "<s>"),
		"begins a text is 2048":         set("tokenizer.ggml.bos_token_id", uint32(2048)),
		"epsilon is 0":                  set("llama.attention.layer_norm_rms_epsilon", float32(0)),
		"rope_freqs.weight is [3], want [16]": func(c converted) {
			c.tensors["r"] = tensorfile.Tensor{Name: "rope_freqs.weight", Shape: []int{3}, Data: make([]float32, 3)}
		},
		"rotary frequency 0 is +Inf": func(c converted) {
			c.tensors["r"] = tensorfile.Tensor{Name: "rope_freqs.weight", Shape: []int{16}, Data: make([]float32, 16)}
		},
		"layers.3.mlp.down_proj.weight is missing": func(c converted) { delete(c.tensors, "blk.3.ffn_down.weight") },
		"model.layers.0.self_attn.q_proj.bias is [1], want [128]": func(c converted) {
			c.tensors["b"] = tensorfile.Tensor{Name: "blk.0.attn_q.bias", Shape: []int{1}, Data: []float32{0}}
		},
	} {
		c := converted{metadata: maps.Clone(base.metadata), tensors: maps.Clone(base.tensors)}
		change(c)
		if err := openError(t, c.file(t)); !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

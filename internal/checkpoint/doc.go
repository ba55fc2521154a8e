// Package checkpoint opens a model's files: a Hugging Face folder, a GGUF file or the embedded teaching model become a
// Config, named tensors and a tokenizer.json.
//
//	ref, err := modelref.Resolve("teaching")
//	m, err := checkpoint.Open(ctx, ref)
//	defer m.Close()
//	w, err := m.Tensor("model.layers.0.mlp.down_proj.weight") // [D,F], row-major; Raw gives it as the file stores it
//
// # Families
//
// The architectures that are read are rows of one table (families.go), and a Config says of each model which parts it has, so
// that a decoder made of parts needs no other names:
//
//	LlamaForCausalLM     GGUF llama     Llama 1 to 3, SmolLM 1 and 2
//	MistralForCausalLM   GGUF llama     one window in all layers, which a GGUF does not keep
//	Qwen2ForCausalLM     GGUF qwen2     biases of q, k and v; Qwen 2 and 2.5
//	Qwen3ForCausalLM     GGUF qwen3     norms of q and k, a head each
//	Gemma2ForCausalLM    GGUF gemma2    norms before and behind, caps, GELU, windows in every other layer
//	Gemma3ForCausalLM    GGUF gemma3    norms before and behind, norms of q and k, two bases of rotation; also the text_config
//	                                    and the tensors of the text model in a Gemma3ForConditionalGeneration
//	Olmo2ForCausalLM     GGUF olmo2     norms behind, norms of q and k over all heads
//	Phi3ForCausalLM      GGUF phi3      q, k and v in one matrix, gate and up in another
//	SmolLM3ForCausalLM   GGUF smollm3   every fourth layer without positions
//	GraniteForCausalLM   GGUF granite   four multipliers
//
// Which member of config.json drives which part, and the key of a GGUF where there is one:
//
//	attention_bias (Llama, Qwen 3, Gemma, OLMo 2, SmolLM3, Granite)    QKVBias, OutBias    (a GGUF: which biases are there)
//	mlp_bias (Llama, SmolLM3, Granite)                                 MLPBias
//	hidden_act, in Gemma hidden_activation                             Activation
//	query_pre_attn_scalar (Gemma), attention_multiplier (Granite)      QueryScale          attention.scale
//	attn_logit_softcapping (Gemma 2)                                   AttentionCap        attn_logit_softcapping
//	final_logit_softcapping (Gemma)                                    LogitCap            final_logit_softcapping
//	hidden_size (Gemma: its root), embedding_multiplier (Granite)      EmbedScale          embedding_scale
//	residual_multiplier (Granite)                                      ResidualScale       residual_scale
//	logits_scaling (Granite), the logits are divided by it             LogitScale          logit_scale
//	sliding_window, use_sliding_window, max_window_layers,             Attentions.Window   attention.sliding_window,
//	  layer_types, sliding_window_pattern                                                  attention.sliding_window_pattern
//	no_rope_layers, no_rope_layer_interval (SmolLM3)                   Attentions.Rope
//	rope_theta, rope_scaling, rope_parameters,                         Ropes, Positions    rope.freq_base, rope.freq_base_swa,
//	  original_max_position_embeddings, rope_local_base_freq                               rope.scaling.*, rope_freqs.weight,
//	                                                                                       rope_factors_short.weight
//
// QKNorm and Norms follow from the family. Where config.json says nothing, transformers' config class for the family holds,
// but for the token that begins a text and those that end one, which have no default; null says nothing, unless it switches
// something off (sliding_window, caps). Positions may be stretched linearly, as in Llama 3, and by YaRN. Scalings that depend
// on the length of a text are read as far as one table of frequencies is right: dynamic NTK within max_position_embeddings,
// where it is none, and longrope with its short factors, for which Positions is original_max_position_embeddings.
//
// A member that would change the computation and is not read, because it is another family's or unknown, is an error that
// names it, unless its value asks for nothing or for what holds anyway; words of its name tell (config_fields.go). So is a key
// of a GGUF. Mixtures of experts and other architectures are refused with what to use instead (refused.go).
//
// # Tensors
//
// Whatever the files are, tensors have Hugging Face's names and layout, weights are [out,in], the rotary pairs of q and k are
// (i, i+HeadDim/2), and norms multiply by their weight:
//
//	model.embed_tokens.weight                              [V,D]
//	model.layers.N.input_layernorm.weight                  [D], unless Norms is PostNorms
//	model.layers.N.self_attn.q_proj.weight                 [Heads·HeadDim, D]
//	model.layers.N.self_attn.{k,v}_proj.weight             [KVHeads·HeadDim, D]
//	model.layers.N.self_attn.{q,k,v}_proj.bias             [out], if QKVBias
//	model.layers.N.self_attn.{q,k}_norm.weight             [HeadDim], or [Heads·HeadDim] and [KVHeads·HeadDim], as QKNorm says
//	model.layers.N.self_attn.o_proj.weight                 [D, Heads·HeadDim]; .bias [D], if OutBias
//	model.layers.N.post_attention_layernorm.weight         [D], before the MLP if Norms is PreNorms, else behind attention
//	model.layers.N.pre_feedforward_layernorm.weight        [D], before the MLP if Norms is BothNorms
//	model.layers.N.mlp.{gate,up}_proj.weight               [F,D]; .bias [F], if MLPBias
//	model.layers.N.mlp.down_proj.weight                    [D,F]; .bias [D], if MLPBias
//	model.layers.N.post_feedforward_layernorm.weight       [D], behind the MLP, unless Norms is PreNorms
//	model.norm.weight                                      [D]
//	lm_head.weight                                         [V,D], unless tied
//
// Fused matrices are cut by rows, Gemma's norms, which safetensors keep as w and a GGUF as 1+w, are 1+w, and rows that
// llama.cpp has permuted are in order again; Tensor and Raw read only the rows that they return.
//
// Open checks everything against the architecture before it returns: an unsupported architecture, settings that contradict
// each other and every missing or misshapen tensor are errors that name them all.
//
// Pull fetches a published model.
package checkpoint

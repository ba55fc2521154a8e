// Package checkpoint opens a model's files: a Hugging Face folder, a GGUF file or the embedded teaching model become a
// Config, named float32 tensors and a tokenizer.json.
//
//	ref, err := modelref.Resolve("teaching")
//	m, err := checkpoint.Open(ctx, ref)
//	defer m.Close()
//	w, err := m.Tensor("model.layers.0.mlp.down_proj.weight") // [D,F], row-major; Raw gives it as the file stores it
//
// Whatever the files are, tensors have Hugging Face's names and layout, weights are [out,in], and the rotary pairs of q
// and k are (i, i+HeadDim/2):
//
//	model.embed_tokens.weight                              [V,D]
//	model.layers.N.input_layernorm.weight                  [D]
//	model.layers.N.self_attn.q_proj.weight                 [Heads·HeadDim, D]
//	model.layers.N.self_attn.{k,v}_proj.weight             [KVHeads·HeadDim, D]
//	model.layers.N.self_attn.o_proj.weight                 [D, Heads·HeadDim]
//	model.layers.N.post_attention_layernorm.weight         [D]
//	model.layers.N.mlp.{gate,up}_proj.weight               [F,D]
//	model.layers.N.mlp.down_proj.weight                    [D,F]
//	model.norm.weight                                      [D]
//	lm_head.weight                                         [V,D], unless tied
//
// Open checks everything against the architecture before it returns: an unsupported architecture, settings that
// contradict each other and every missing or misshapen tensor are errors that name them all. The architecture is Llama
// without biases (LlamaForCausalLM; GGUF "llama").
//
// Pull fetches a published model.
package checkpoint

// Package teaching embeds the teaching model: a very small Llama (6 layers, width 128, 320 neurons a layer, 2,048 tokens,
// 1.3 million parameters, bfloat16) whose behaviors a person can understand. It was trained from nothing, on sentences
// made by a grammar, for demonstrations, tests and courses that run offline in under a second. It knows about 73 kinds of
// question (capitals, two-hop facts, antonyms, agreement, sentiment, refusal and more) and nothing else.
//
// MODEL_CARD.md says what it can do, how well, and how it was made; behaviors.json lists prompts for each behavior.
// Programs reach it by the name "teaching"; internal/checkpoint opens it from FS.
package teaching

import "embed"

// FS holds the model as a Hugging Face folder.
//
//go:embed model.safetensors config.json generation_config.json tokenizer.json tokenizer_config.json
var FS embed.FS

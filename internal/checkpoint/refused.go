package checkpoint

import (
	"fmt"
	"strings"
)

// refusals are architectures that look like ones that are read and are not: names of config.json's architectures, its
// model_type or a GGUF's general.architecture, as plainName has them, and why; a star stands for any end.
var refusals = []struct{ name, why string }{
	{"mixtral", experts}, {"qwen2moe", experts}, {"qwen3moe", experts}, {"qwen3next", experts}, {"olmoe", experts}, {"flexolmo", experts},
	{"granitemoe", experts}, {"granitemoeshared", experts}, {"phimoe", experts}, {"phi35moe", experts}, {"dbrx", experts},
	{"deepseek*", experts}, {"gptoss", experts}, {"glm4moe*", experts}, {"minimax*", experts}, {"mistral4", experts}, {"arctic", experts},
	{"llama4*", "Llama 4 is a mixture of experts with layers that attend to chunks; use a model of Llama 3"},
	{"mllama*", "Llama 3.2 Vision has layers that attend to an image; use a text model of Llama 3.2"},
	{"gemma4*", "Gemma 4 computes embeddings for each layer and shares keys and values between layers; use Gemma 3"},
	{"gemma3n*", "Gemma 3n computes embeddings for each layer; use Gemma 3"},
	{"gemma3", "its config.json has no text_config; download it again"},
	{"gemma3textmodel", "it embeds texts and predicts no token; use Gemma 3"}, {"gemmaembedding", "it embeds texts and predicts no token; use Gemma 3"},
	{"gemma", "the first Gemma is not read; use Gemma 2 or Gemma 3"},
	{"olmo3*", "OLMo 3 is not read; use OLMo 2"}, {"olmo", "the first OLMo has norms without weights; use OLMo 2"},
	{"phi4mm*", senses}, {"phi4multimodal", senses}, {"phi3v", senses}, {"phi3small", "Phi-3-small has sparse attention; use Phi-3-mini"},
	{"phi", "Phi-1 and Phi-2 have norms that subtract the mean; use Phi-3"}, {"phi2", "Phi-2 has norms that subtract the mean; use Phi-3"},
	{"qwen2vl*", senses}, {"qwen25*", senses}, {"qwen3vl*", senses}, {"qwen3omni*", senses}, {"qwen2audio*", senses},
	{"qwen", "the first Qwen is not read; use Qwen 2 or later"}, {"qwenlmhead*", "the first Qwen is not read; use Qwen 2 or later"},
	{"llava*", senses}, {"idefics*", senses}, {"smolvlm*", senses}, {"mistral3", senses}, {"pixtral", senses},
	{"ministral*", "Ministral is not read; use Mistral"},
	{"mamba*", states}, {"falconmamba", states}, {"falconh1", states}, {"granitemoehybrid", states}, {"granitehybrid", states}, {"rwkv*", states},
	{"lfm2*", states}, {"bamba", states}, {"nemotronh*", states}, {"jamba", states}, {"recurrentgemma", states},
	{"cohere*", parallel}, {"commandr", parallel}, {"falcon", parallel}, {"gptneox*", parallel}, {"gptj", parallel},
	{"stablelm", means}, {"gpt2*", means}, {"opt", means}, {"bloom", means}, {"mpt", means}, {"starcoder2", means},
}

const (
	experts  = "it is a mixture of experts, whose neurons are not those of one MLP a layer; use a dense model of the family"
	senses   = "a model that sees or hears is not read; use a text model of the family"
	states   = "layers with a state are not computed"
	parallel = "attention and MLP beside each other are not computed"
	means    = "norms that subtract the mean are not computed"
)

// plainName makes one of Qwen3MoeForCausalLM, qwen3_moe and qwen3moe.
func plainName(name string) string {
	name = strings.ToLower(name)
	for _, end := range []string{"forcausallm", "forconditionalgeneration"} {
		name = strings.TrimSuffix(name, end)
	}
	return strings.NewReplacer("_", "", "-", "", ".", "").Replace(name)
}

// notSupported says that an architecture is not read, why where that is known, and what is read.
func notSupported(what string, names ...string) error {
	for _, name := range names {
		plain := plainName(name)
		for _, r := range refusals {
			begin, open := strings.CutSuffix(r.name, "*")
			if plain == r.name || open && strings.HasPrefix(plain, begin) {
				return fmt.Errorf("%s is not supported: %s", what, r.why)
			}
		}
	}
	var read []string
	for _, f := range families {
		read = append(read, f.architecture)
	}
	return fmt.Errorf("%s is not supported; %s are", what, strings.Join(read, ", "))
}

package checkpoint

import (
	"strings"
	"testing"
)

// What is not read is refused with its reason, by any of its names.
func TestRefusedArchitectures(t *testing.T) {
	for want, names := range map[string][]string{
		"mixture of experts": {"MixtralForCausalLM", "Qwen2MoeForCausalLM", "Qwen3MoeForCausalLM", "OlmoeForCausalLM", "GraniteMoeForCausalLM",
			"GraniteMoeSharedForCausalLM", "PhiMoEForCausalLM", "PhimoeForCausalLM", "GptOssForCausalLM", "DeepseekV3ForCausalLM", "mixtral",
			"qwen2_moe", "qwen3_moe", "qwen2moe", "olmoe", "granitemoe", "phimoe", "gpt-oss", "deepseek2"},
		"Llama 4":                {"Llama4ForConditionalGeneration", "Llama4ForCausalLM", "llama4", "llama4_text"},
		"Llama 3.2 Vision":       {"MllamaForConditionalGeneration", "mllama"},
		"or Gemma 3":             {"GemmaForCausalLM", "gemma"},
		"use Gemma 3":            {"Gemma4ForConditionalGeneration", "Gemma4ForCausalLM", "gemma4", "Gemma3nForConditionalGeneration", "gemma3n", "Gemma3TextModel"},
		"has no text_config":     {"Gemma3ForConditionalGeneration", "gemma3"},
		"use OLMo 2":             {"Olmo3ForCausalLM", "OlmoForCausalLM", "olmo3", "olmo"},
		"use Phi-3":              {"PhiForCausalLM", "phi2"},
		"sees or hears":          {"Qwen2VLForConditionalGeneration", "Qwen2_5_VLForConditionalGeneration", "LlavaForConditionalGeneration", "Mistral3ForConditionalGeneration", "Phi4MMForCausalLM", "qwen2vl"},
		"layers with a state":    {"MambaForCausalLM", "GraniteMoeHybridForCausalLM", "granitehybrid", "RwkvForCausalLM"},
		"beside each other":      {"CohereForCausalLM", "FalconForCausalLM", "GPTNeoXForCausalLM"},
		"subtract the mean":      {"GPT2LMHeadModel", "OPTForCausalLM", "StableLmForCausalLM"},
		"use Qwen 2 or later":    {"QWenLMHeadModel", "qwen"},
		"LlamaForCausalLM, Mist": {"SomethingNewForCausalLM", "LlamaForSequenceClassification", "phantom", "gemmastone"},
	} {
		for _, name := range names {
			change := fields{"architectures": []string{name}}
			if strings.ToLower(name) == name {
				change = fields{"architectures": nil, "model_type": name}
			}
			if _, err := parseConfig(config(change), nil); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "is not supported") {
				t.Errorf("%s: %v, want %q", name, err, want)
			}
		}
	}
}

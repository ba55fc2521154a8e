//go:build tokenizers

package bpe_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestAsPythonReal: as TestAsPython, with the tokenizers that scripts/tokenizers.sh fetches; NEURONSTEER_TOKENIZERS is the
// folder that it prints.
func TestAsPythonReal(t *testing.T) {
	for _, name := range []string{"llama2", "llama3_1", "qwen3", "gemma3", "mistral_nemo", "gpt2", "gpt4o", "deepseek_v3"} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(os.Getenv("NEURONSTEER_TOKENIZERS"), name+"-3.7.2", "tokenizer.json"))
			if err != nil {
				t.Fatalf("%v; type: export NEURONSTEER_TOKENIZERS=$(scripts/tokenizers.sh)", err)
			}
			compare(t, name, data)
		})
	}
}

//go:build tokenizers && cgo

package text_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
)

// TestLibrariesAgreeReal: as TestLibrariesAgree, with the tokenizers that scripts/tokenizers.sh fetches;
// NEURONSTEER_TOKENIZERS is the folder that it prints.
func TestLibrariesAgreeReal(t *testing.T) {
	for _, name := range []string{"llama2", "llama3_1", "qwen3", "gemma3", "mistral_nemo", "gpt2"} {
		t.Run(name, func(t *testing.T) {
			file := func(base string) []byte {
				data, err := os.ReadFile(filepath.Join(os.Getenv("NEURONSTEER_TOKENIZERS"), name+"-3.7.2", base))
				if err != nil {
					t.Fatalf("%v; type: export NEURONSTEER_TOKENIZERS=$(scripts/tokenizers.sh)", err)
				}
				return data
			}
			pure, rust := both(t, file("tokenizer.json"), file("tokenizer_config.json"))
			bad := 0
			for _, x := range bpetest.Texts() {
				if !agree(t, pure, rust, x.Text) {
					if bad++; bad == 3 {
						t.Fatal("and so on")
					}
				}
			}
		})
	}
}

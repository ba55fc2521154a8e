//go:build tokenizers

package checkpoint

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
)

// TestGGUFTokenizers: what llama.cpp keeps of a real tokenizer, put into metadata, gives the tokens, places and texts of
// the tokenizer's own file. NEURONSTEER_TOKENIZERS is the folder that scripts/tokenizers.sh prints.
func TestGGUFTokenizers(t *testing.T) {
	for name, fields := range map[string]map[string]any{
		"llama3_1": {"model": "gpt2", "pre": "llama-bpe"}, "qwen3": {"model": "gpt2", "pre": "qwen2"}, "gpt2": {"model": "gpt2", "pre": "gpt-2"},
		"mistral_nemo": {"model": "gpt2", "pre": "tekken"}, "gpt4o": {"model": "gpt2", "pre": "gpt-4o"},
		"llama2": {"model": "llama"}, "gemma3": {"model": "llama", "add_space_prefix": false},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(os.Getenv("NEURONSTEER_TOKENIZERS"), name+"-3.7.2", "tokenizer.json"))
			if err != nil {
				t.Fatalf("%v; type: export NEURONSTEER_TOKENIZERS=$(scripts/tokenizers.sh)", err)
			}
			own := tokenizerOf(t, data)
			ours, err := ggufTokenizer(metadata(t, stripped(t, data, fields)), len(fields["tokens"].([]string)))
			if err != nil {
				t.Fatal(err)
			}
			made := tokenizerOf(t, ours)
			bad := 0
			for _, x := range bpetest.Texts() {
				a, err := own.Encode(x.Text, true)
				if err != nil {
					t.Fatal(err)
				}
				b, err := made.Encode(x.Text, true)
				if err != nil {
					t.Fatal(err)
				}
				ids := func(ts []bpe.Token) (out []int32) {
					for _, t := range ts {
						out = append(out, t.ID)
					}
					return out
				}
				if name == "qwen3" && strings.Contains(x.Text, "</s>") {
					continue // an ordinary token of Qwen's, and the end of a text to llama.cpp, as its log says
				}
				if !slices.Equal(a, b) || own.Decode(ids(a), false) != made.Decode(ids(b), false) {
					if bad++; bad <= 3 {
						t.Errorf("%s %.100q: %v, want %v", x.Kind, x.Text, b, a)
					}
				}
			}
			if bad > 0 {
				t.Errorf("%d texts differ", bad)
			}
		})
	}
}

func tokenizerOf(t *testing.T, data []byte) *bpe.Tokenizer {
	t.Helper()
	f, err := bpe.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	tok, err := bpe.New(f)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// stripped adds to fields what a converter takes from a tokenizer.json.
func stripped(t *testing.T, data []byte, fields map[string]any) map[string]any {
	t.Helper()
	var file struct {
		Added []struct {
			ID      int
			Content string
			Special bool
		} `json:"added_tokens"`
		Model struct {
			Vocab  map[string]int
			Merges []json.RawMessage
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, id := range file.Model.Vocab {
		size = max(size, id+1)
	}
	for _, a := range file.Added {
		size = max(size, a.ID+1)
	}
	spm := fields["model"] == "llama"
	tokens, kinds, scores, merges := make([]string, size), make([]int32, size), make([]float32, size), []string{}
	for i := range tokens {
		tokens[i], kinds[i], scores[i] = fmt.Sprintf("[PAD%d]", i), 5, -1e9 // as the converter fills gaps
	}
	for s, id := range file.Model.Vocab {
		tokens[id], kinds[id] = s, 1
		if spm && len(s) == 6 && strings.HasPrefix(s, "<0x") {
			kinds[id] = 6
		}
	}
	for _, a := range file.Added {
		tokens[a.ID], kinds[a.ID] = a.Content, 4
		if a.Special {
			kinds[a.ID] = 3
		} else if spm {
			tokens[a.ID] = strings.ReplaceAll(a.Content, "▁", " ")
		}
		if a.Content == "<unk>" && spm {
			kinds[a.ID] = 2
			fields["unknown_token_id"] = uint32(a.ID)
		}
	}
	for i, raw := range file.Model.Merges {
		var s string
		var pair [2]string
		if json.Unmarshal(raw, &s) != nil {
			if err := json.Unmarshal(raw, &pair); err != nil {
				t.Fatal(err)
			}
			s = pair[0] + " " + pair[1]
		}
		merges = append(merges, s)
		if id, ok := file.Model.Vocab[strings.Replace(s, " ", "", 1)]; ok && spm && scores[id] == -1e9 {
			scores[id] = float32(-i)
		}
	}
	fields["tokens"], fields["token_type"] = tokens, kinds
	if spm {
		fields["scores"] = scores
	} else {
		fields["merges"] = merges
	}
	for _, bos := range []string{"<|begin_of_text|>", "<s>", "<bos>"} {
		if i := slices.Index(tokens, bos); i >= 0 && fields["pre"] != "gpt-2" {
			fields["bos_token_id"] = uint32(i)
		}
	}
	return fields
}

package checkpoint

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// classes are the members that transformers' config classes write, by version and model_type: with these sizes, all else as
// the class has it.
func classes(t *testing.T) map[string]map[string]fields {
	t.Helper()
	b, err := os.ReadFile("testdata/transformers.json")
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]map[string]fields
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func parsed(t *testing.T, members fields) (Config, error) {
	t.Helper()
	b, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	return parseConfig(b, nil)
}

// What a class writes in full, what it writes of it in short and what the other version writes is one config: the defaults of
// the table are those of the classes.
func TestDefaultsOfClasses(t *testing.T) {
	all := classes(t)
	for kind, members := range all["4.57.6"] {
		want, err := parsed(t, members)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if got, err := parsed(t, all["5.24.0"][kind]); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: 5.24.0 writes %v, %v, 4.57.6 %v", kind, got, err, want)
		}
		short := fields{}
		for name := range strings.FieldsSeq(`model_type vocab_size hidden_size intermediate_size num_hidden_layers
			num_attention_heads num_key_value_heads bos_token_id eos_token_id text_config`) {
			if v, ok := members[name]; ok {
				short[name] = v
			}
		}
		if got, err := parsed(t, short); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the defaults are %v, %v, want %v", kind, got, err, want)
		}
	}
}

// harmless are the members of the classes that have no part in a finished model's logits, and why.
var harmless = map[string]string{
	"initializer_range": "for training", "attention_dropout": "for training", "resid_pdrop": "for training", "embd_pdrop": "for training",
	"tf_legacy_loss": "for training", "problem_type": "for training", "finetuning_task": "for training",
	"use_cache": "how it is computed", "dtype": "how it is computed", "use_bfloat16": "how it is computed", "torchscript": "how it is computed",
	"pretraining_tp": "how it is computed", "chunk_size_feed_forward": "how it is computed", "output_attentions": "what else is returned", "output_hidden_states": "what else is returned",
	"output_scores": "what else is returned", "return_dict": "what else is returned", "return_dict_in_generate": "what else is returned",
	"id2label": "of classifiers", "label2id": "of classifiers", "tie_encoder_decoder": "of encoders", "cross_attention_hidden_size": "of encoders",
	"is_decoder": "of encoders", "decoder_start_token_id": "of encoders", "sep_token_id": "of encoders",
	"_name_or_path": "a name", "transformers_version": "a name", "architectures": "read, and tested elsewhere", "tokenizer_class": "of the tokenizer",
	"pad_token_id": "of batches", "prefix": "of pipelines", "task_specific_params": "of pipelines",
	"bad_words_ids": "of sampling", "begin_suppress_tokens": "of sampling", "diversity_penalty": "of sampling", "do_sample": "of sampling",
	"early_stopping": "of sampling", "encoder_no_repeat_ngram_size": "of sampling", "exponential_decay_length_penalty": "of sampling",
	"forced_bos_token_id": "of sampling", "forced_eos_token_id": "of sampling", "length_penalty": "of sampling", "max_length": "of sampling",
	"min_length": "of sampling", "no_repeat_ngram_size": "of sampling", "num_beam_groups": "of sampling", "num_beams": "of sampling",
	"num_return_sequences": "of sampling", "remove_invalid_values": "of sampling", "repetition_penalty": "of sampling",
	"suppress_tokens": "of sampling", "temperature": "of sampling", "top_k": "of sampling", "top_p": "of sampling", "typical_p": "of sampling",
	"vision_config": "of images", "mm_tokens_per_image": "of images", "boi_token_index": "of images", "eoi_token_index": "of images",
	"image_token_index": "of images",
}

// awake are changes with which members count that do not in the class's own configs.
var awake = map[string]fields{
	"qwen2":       {"use_sliding_window": true, "sliding_window": 16, "max_window_layers": 4, "layer_types": nil},
	"qwen3":       {"use_sliding_window": true, "sliding_window": 16, "max_window_layers": 4, "layer_types": nil},
	"gemma3_text": {"layer_types": nil},
	"smollm3":     {"use_sliding_window": true, "sliding_window": 16, "layer_types": nil, "no_rope_layers": nil},
	"phi3": {"rope_scaling": fields{"type": "longrope", "short_factor": slices.Repeat([]int{1}, 8), "long_factor": slices.Repeat([]int{2}, 8)},
		"rope_parameters": nil, "rope_theta": 10000, "original_max_position_embeddings": 2048.0},
}

// Every member of every class changes the config, is refused by its name, or is known to be harmless: no field that changes
// the mathematics is ignored.
func TestEveryFieldOfEveryClass(t *testing.T) {
	for version, kinds := range classes(t) {
		for kind, members := range kinds {
			bases := []fields{members}
			if change, ok := awake[kind]; ok {
				base := maps.Clone(members)
				maps.Copy(base, change)
				maps.DeleteFunc(base, func(_ string, v any) bool { return v == nil })
				bases = append(bases, base)
			}
			var want []string
			for _, base := range bases {
				c, err := parsed(t, base)
				if err != nil {
					t.Fatalf("%s, %s: %v", version, kind, err)
				}
				want = append(want, fmt.Sprint(c))
			}
			for name, v := range members {
				if name == "text_config" { // below
					continue
				}
				seen := false
				for i, base := range bases {
					if w, ok := base[name]; ok {
						v = w
					}
					seen = seen || notices(t, base, want[i], name, v)
				}
				if _, known := harmless[name]; !seen && !known {
					t.Errorf("%s, %s: %s may be anything", version, kind, name)
				} else if seen && known && name != "architectures" {
					t.Errorf("%s, %s: %s is no harmless field", version, kind, name)
				}
			}
			if kind != "gemma3" {
				continue
			}
			text := members["text_config"].(map[string]any)
			for name, v := range text {
				inner := func(v any) bool {
					changed := maps.Clone(text)
					changed[name] = v
					return notices(t, members, want[0], "text_config", wrapped{changed})
				}
				if _, known := harmless[name]; !slices.ContainsFunc(others(v), inner) && !known && !awakened(name) {
					t.Errorf("%s, %s: %s of text_config may be anything", version, kind, name)
				}
			}
		}
	}
}

// awakened says whether a member counts in awake configs only.
func awakened(name string) bool {
	for _, change := range awake {
		if _, ok := change[name]; ok {
			return true
		}
	}
	return name == "_sliding_window_pattern"
}

// notices says whether another value of a member makes another config, or an error.
func notices(t *testing.T, base fields, want, name string, v any) bool {
	return slices.ContainsFunc(others(v), func(v any) bool {
		changed := maps.Clone(base)
		changed[name] = v
		got, err := parsed(t, changed)
		return err != nil || fmt.Sprint(got) != want
	})
}

// wrapped is a value that others does not change.
type wrapped struct{ v any }

func (w wrapped) MarshalJSON() ([]byte, error) { return json.Marshal(w.v) }

// others are values that say something else than v.
func others(v any) []any {
	switch v := v.(type) {
	case wrapped:
		return []any{v}
	case bool:
		return []any{!v}
	case float64:
		return []any{2*v + 2}
	case string:
		return []any{v + "x"}
	case []any:
		if len(v) == 0 {
			return []any{[]any{1}}
		}
		changed := slices.Clone(v)
		for _, x := range v {
			if x != v[0] {
				changed[0] = x
			}
		}
		return []any{v[1:], changed}
	case map[string]any:
		changed := maps.Clone(v)
		changed["x"] = 1
		delete(changed, "rope_theta")
		return []any{changed}
	}
	return []any{true, 3, "x", []any{1}, map[string]any{"x": 1}}
}

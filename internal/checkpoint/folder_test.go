package checkpoint

import (
	"encoding/json"
	"reflect"
	"testing"
	"testing/fstest"
)

// TestSpecialTokensMap: the names of special tokens in a file of their own count as in transformers.
func TestSpecialTokensMap(t *testing.T) {
	for name, c := range map[string]struct{ config, named, added, want string }{
		"only the map":      {"", `{"bos_token": "<s>", "eos_token": {"content": "</s>"}}`, "", `{"bos_token": "<s>", "eos_token": {"content": "</s>"}}`},
		"beside a config":   {`{"chat_template": "x"}`, `{"bos_token": "<s>"}`, "", `{"chat_template": "x", "bos_token": "<s>"}`},
		"the map wins":      {`{"bos_token": "<a>"}`, `{"bos_token": "<b>"}`, "", `{"bos_token": "<b>"}`},
		"unless listed":     {`{"bos_token": "<a>", "added_tokens_decoder": {}}`, `{"bos_token": "<b>"}`, "", `{"bos_token": "<a>", "added_tokens_decoder": {}}`},
		"added tokens":      {`{"pad_token": "<p>"}`, "", `{"<p>": 7, "<q>": 8}`, `{"pad_token": "<p>", "added_tokens_decoder": {"7": {"content": "<p>", "special": true}, "8": {"content": "<q>", "normalized": true}}}`},
		"a byte-order mark": {"\ufeff{}", "\ufeff{\"bos_token\": \"<s>\"}", "", `{"bos_token": "<s>"}`},
		"no map":            {`{"bos_token": "<a>"}`, "", "", `{"bos_token": "<a>"}`},
	} {
		files := fstest.MapFS{}
		for file, text := range map[string]string{"tokenizer_config.json": c.config, "special_tokens_map.json": c.named, "added_tokens.json": c.added} {
			if text != "" {
				files[file] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		b, err := tokenizerConfig(files)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got, want any
		if json.Unmarshal(b, &got) != nil || json.Unmarshal([]byte(c.want), &want) != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s, want %s", name, b, c.want)
		}
	}
	if _, err := tokenizerConfig(fstest.MapFS{"special_tokens_map.json": &fstest.MapFile{Data: []byte("{")}}); err == nil {
		t.Error("a damaged map is taken")
	}
}

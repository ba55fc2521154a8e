//go:build tokenizers

package text

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/jinja"
)

// TestFamiliesAsJinja: the chat templates of real models render as with Python's Jinja, in conversations of several turns, with
// tools and what else templates look at; testdata/families/render.py made the file. NEURONSTEER_TOKENIZERS is the folder that
// scripts/tokenizers.sh prints.
func TestFamiliesAsJinja(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("testdata", "families", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Conversations []json.RawMessage
		Expected      map[string][]string
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Expected) < 5 || len(file.Conversations) < 15 {
		t.Fatal(err, len(file.Expected))
	}
	for name, want := range file.Expected {
		config, err := os.ReadFile(filepath.Join(os.Getenv("NEURONSTEER_TOKENIZERS"), name, "tokenizer_config.json"))
		if err != nil {
			t.Fatalf("%v; type: export NEURONSTEER_TOKENIZERS=$(scripts/tokenizers.sh)", err)
		}
		chat, err := readChatConfig(config)
		if err != nil {
			t.Fatal(err)
		}
		template, err := jinja.Parse(chat.template)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, raw := range file.Conversations {
			vars := map[string]any{"tools": nil, "documents": nil, "add_generation_prompt": true}
			for k, v := range chat.tokens {
				vars[k] = v
			}
			d := json.NewDecoder(strings.NewReader(string(raw)))
			d.UseNumber()
			given := map[string]any{}
			for _, p := range ordered(t, d).(jinja.Dict) {
				given[p.Key] = p.Value
			}
			maps.Copy(vars, given)
			text, err := template.Render(t.Context(), vars)
			sum := sha256.Sum256([]byte(text))
			got := hex.EncodeToString(sum[:])[:16]
			if refused := (*jinja.Raised)(nil); errors.As(err, &refused) {
				got = "refused: " + refused.Text
			} else if err != nil {
				got = "error"
			}
			if got != want[i] {
				t.Errorf("%s, conversation %d: %s, want %s; %v\n%.600s", name, i, got, want[i], err, text)
			}
		}
	}
}

// ordered reads JSON with its objects in order.
func ordered(t *testing.T, d *json.Decoder) any {
	t.Helper()
	tok, err := d.Token()
	if err != nil {
		t.Fatal(err)
	}
	switch v := tok.(type) {
	case json.Delim:
		list, dict := jinja.List{}, jinja.Dict{}
		for d.More() {
			if v == '[' {
				list = append(list, ordered(t, d))
				continue
			}
			k, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			dict = append(dict, jinja.Pair{Key: k.(string), Value: ordered(t, d)})
		}
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
		if v == '[' {
			return list
		}
		return dict
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, err := v.Float64()
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return tok
}

package text

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// What tokenizer_config.json says of tokens beside tokenizer.json. The rules are those of transformers 5:
//
//   - a token that it names (bos_token …, additional_special_tokens, added_tokens_decoder) is an added token; one that
//     tokenizer.json does not have takes the next free id;
//   - what is put around a text is what tokenizer.json's post-processor says; add_bos_token and add_eos_token do not count.

// addConfigured adds the tokens that a configuration names to those of tokenizer.json. A named special token is special.
func addConfigured(f *bpe.File, config []byte) error {
	if len(config) == 0 {
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(config, &fields); err != nil {
		return nil //nolint:nilerr // readChatConfig reports it
	}
	wanted, err := configured(fields)
	if err != nil {
		return err
	}
	added, _ := f.Rest["added_tokens"].([]any)
	at := map[string]map[string]any{}
	next := int64(0)
	for _, x := range added {
		a, _ := x.(map[string]any)
		if s, ok := a["content"].(string); ok {
			at[s] = a
		}
		if n, ok := a["id"].(json.Number); ok {
			if id, err := n.Int64(); err == nil {
				next = max(next, id+1)
			}
		}
	}
	if f.Vocab != nil {
		next = max(next, int64(f.Vocab.Len()))
	}
	for _, w := range wanted {
		if a, ok := at[w.Content]; ok {
			if w.Special {
				a["special"] = true
			}
			continue
		}
		id, ok := vocabID(f.Vocab, w.Content)
		if !ok {
			id = next
			next++
		}
		a := map[string]any{"id": json.Number(fmt.Sprint(id)), "content": w.Content, "special": w.Special, "normalized": w.Normalized,
			"single_word": w.SingleWord, "lstrip": w.LStrip, "rstrip": w.RStrip}
		at[w.Content] = a
		added = append(added, a)
	}
	if len(added) > 0 {
		slices.SortStableFunc(added, func(x, y any) int { return int(addedID(x) - addedID(y)) })
		f.Rest["added_tokens"] = added
	}
	return nil
}

func addedID(x any) int64 {
	a, _ := x.(map[string]any)
	n, _ := a["id"].(json.Number)
	id, _ := n.Int64()
	return min(max(id, -1), bpe.MaxID)
}

func vocabID(v *bpe.Vocab, piece string) (int64, bool) {
	if v == nil {
		return 0, false
	}
	id, ok := v.ID(piece)
	return int64(id), ok
}

// A configuredToken is a token as tokenizer_config.json spells it: a text, or an object.
type configuredToken struct {
	Content    string `json:"content"`
	Special    bool   `json:"special"`
	Normalized bool   `json:"normalized"`
	SingleWord bool   `json:"single_word"`
	LStrip     bool   `json:"lstrip"`
	RStrip     bool   `json:"rstrip"`
}

func (t *configuredToken) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &t.Content) == nil {
		return nil
	}
	type plain configuredToken
	return json.Unmarshal(b, (*plain)(t))
}

// configured lists the tokens that a configuration names: those with ids in their order, then the named special ones.
func configured(fields map[string]json.RawMessage) ([]configuredToken, error) {
	var out []configuredToken
	byID := map[int]configuredToken{}
	if raw := fields["added_tokens_decoder"]; !none(raw) {
		if err := json.Unmarshal(raw, &byID); err != nil {
			return nil, fmt.Errorf("added_tokens_decoder of tokenizer_config.json: %w", err)
		}
	}
	for _, id := range sortedKeys(byID) {
		out = append(out, byID[id])
	}
	special := func(raw json.RawMessage, list bool) {
		var all []configuredToken
		if list {
			if json.Unmarshal(raw, &all) != nil {
				return // a dict of names: their tokens are listed elsewhere
			}
		} else {
			all = make([]configuredToken, 1)
			if json.Unmarshal(raw, &all[0]) != nil {
				return // readChatConfig reports it
			}
		}
		for _, t := range all {
			t.Special = true
			out = append(out, t)
		}
	}
	for _, name := range specialTokens {
		if raw := fields[name]; !none(raw) {
			special(raw, false)
		}
	}
	for _, name := range []string{"additional_special_tokens", "extra_special_tokens"} {
		if raw := fields[name]; !none(raw) {
			special(raw, true)
		}
	}
	return slices.DeleteFunc(out, func(t configuredToken) bool { return t.Content == "" }), nil
}

func sortedKeys[V any](m map[int]V) []int {
	out := make([]int, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// contradictions reports where tokenizer_config.json and the post-processor differ on what is put around a text.
func (t *Tokenizer) contradictions(config []byte) []engine.Warning {
	var says struct {
		BOS *bool `json:"add_bos_token"`
		EOS *bool `json:"add_eos_token"`
	}
	if len(config) == 0 || json.Unmarshal(config, &says) != nil {
		return nil
	}
	var out []engine.Warning
	for _, s := range []struct {
		says  *bool
		adds  []int32
		field string
		where string
	}{{says.BOS, t.prefix, "add_bos_token", "before"}, {says.EOS, t.suffix, "add_eos_token", "after"}} {
		if s.says == nil || *s.says == (len(s.adds) > 0) {
			continue
		}
		what := "nothing"
		if len(s.adds) > 0 {
			var pieces []string
			for _, id := range s.adds {
				tok, _ := t.Token(id)
				pieces = append(pieces, tok.Piece)
			}
			what = strings.Join(pieces, "")
		}
		out = append(out, engine.Warning{Code: "bos", Text: fmt.Sprintf("tokenizer_config.json says %s: %t, but the post-processor of tokenizer.json puts %s %s a text; as in transformers 5 the post-processor counts, a GGUF of this model may be read otherwise",
			s.field, *s.says, what, s.where)})
	}
	return out
}

// Warnings returns what a reader must know of how this tokenizer reads texts.
func (t *Tokenizer) Warnings() []engine.Warning { return slices.Clone(t.warnings) }

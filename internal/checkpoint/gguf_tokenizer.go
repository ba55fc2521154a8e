package checkpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// pretokenizer says how a byte-level BPE splits text before merging; the names are llama.cpp's.
type pretokenizer struct {
	normalizer   string // "" none
	split        string // regular expression of the pieces; "" for GPT-2's own
	digits       bool   // digits one by one, then GPT-2's
	ignoreMerges bool   // a piece that is a token is not merged
	addBOS       bool   // where the file does not say
}

var (
	withDigits = pretokenizer{digits: true}
	// The patterns of the tokenizers' own tokenizer.json files; \p{N}{1,3} and \p{N} are the difference of the first two.
	splitLlama3 = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	splitQwen2  = `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	splitTekken = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|` +
		`\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	splitGPT4o = `[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|` +
		`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|` +
		`\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
	llama3 = pretokenizer{split: splitLlama3, ignoreMerges: true, addBOS: true}

	pretokenizers = map[string]pretokenizer{
		"smollm": withDigits, "starcoder": withDigits, "refact": withDigits, // refact: Granite 3 too
		"gpt-2": {}, "default": {}, "olmo": {},
		"llama-bpe": llama3, "llama3": llama3, "llama-v3": llama3,
		"smaug-bpe": {split: splitLlama3, ignoreMerges: true}, // SmolLM3
		"dbrx":      {split: splitLlama3},                     // OLMo 2
		"qwen2":     {split: splitQwen2, normalizer: "NFC"},
		"tekken":    {split: splitTekken, ignoreMerges: true, addBOS: true}, // Mistral Nemo and later
		"gpt-4o":    {split: splitGPT4o},                                    // Phi-4-mini
	}
)

// The token types of GGUF that matter here.
const (
	tokenUnknown = 2 // what stands for a character without a token
	tokenControl = 3 // a marker, e.g. <|im_start|>
	tokenUser    = 4 // added by a user, ordinary text
	tokenUnused  = 5
)

// ggufTokenizer writes the tokenizer.json of a GGUF of vocab tokens, whose tokenizer is a byte-level BPE ("gpt2") or
// SentencePiece's BPE ("llama").
//
// The result is written by hand, not through maps: a vocabulary has 10⁵ entries.
func ggufTokenizer(m tensorfile.Metadata, vocab int) ([]byte, error) {
	tokens, kinds, err := ggufTokens(m, vocab)
	if err != nil {
		return nil, err
	}
	switch model, _ := m.String("tokenizer.ggml.model"); model {
	case "gpt2":
		return ggufByteLevel(m, tokens, kinds)
	case "llama":
		return ggufSentencePiece(m, tokens, kinds)
	default:
		return nil, fmt.Errorf("tokenizer %q is not supported; gpt2 (byte-level BPE) and llama (SentencePiece BPE) are. Use the Hugging Face folder of this model, which has a tokenizer.json", model)
	}
}

// ggufTokens returns the tokens and their types.
func ggufTokens(m tensorfile.Metadata, vocab int) (tokens []string, kinds []int64, err error) {
	tokens, _ = m.Strings("tokenizer.ggml.tokens")
	kinds, okKinds := m.Ints("tokenizer.ggml.token_type")
	switch {
	case len(tokens) != vocab:
		return nil, nil, fmt.Errorf("tokenizer.ggml.tokens has %d tokens, the embedding matrix %d rows; they contradict each other", len(tokens), vocab)
	case okKinds && len(kinds) != len(tokens):
		return nil, nil, fmt.Errorf("tokenizer.ggml.token_type has %d entries for %d tokens", len(kinds), len(tokens))
	case !okKinds:
		kinds = make([]int64, len(tokens))
	}
	kinds = slices.Clone(kinds)
	seen := make(map[string]bool, len(tokens))
	for i, t := range tokens {
		if !utf8.ValidString(t) {
			return nil, nil, fmt.Errorf("token %d, %q, is not UTF-8", i, t)
		}
		if seen[t] && kinds[i] != tokenUnused {
			return nil, nil, fmt.Errorf("token %q occurs twice in tokenizer.ggml.tokens", t)
		}
		seen[t] = true
		if kinds[i] != tokenUnused && slices.Contains(endTexts, t) {
			kinds[i] = tokenControl // as llama.cpp does, whatever the file says
		}
	}
	return tokens, kinds, nil
}

func ggufByteLevel(m tensorfile.Metadata, tokens []string, kinds []int64) ([]byte, error) {
	name, ok := m.String("tokenizer.ggml.pre")
	if !ok {
		name = "default"
	}
	pre, ok := pretokenizers[name]
	if !ok {
		return nil, fmt.Errorf("pre-tokenizer %q is not supported; %s are. Use the Hugging Face folder of this model, which has a tokenizer.json", name,
			strings.Join(slices.Sorted(maps.Keys(pretokenizers)), ", "))
	}
	merges, ok := m.Strings("tokenizer.ggml.merges")
	if !ok {
		return nil, fmt.Errorf("its metadata lack tokenizer.ggml.merges")
	}
	post, err := ggufPostProcessor(m, pre.addBOS, tokens)
	if err != nil {
		return nil, err
	}
	w := tokenizerHead(tokens, kinds, pre.normalizerJSON(), pre.json(), string(post), byteLevel(true, true))
	w = fmt.Appendf(w, `"model":{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,`+
		`"fuse_unk":false,"byte_fallback":false,"ignore_merges":%t,`, pre.ignoreMerges)
	w = appendVocab(w, tokens, kinds)
	w = append(w, `,"merges":[`...)
	for i, t := range merges {
		if i > 0 {
			w = append(w, ',')
		}
		w = appendQuoted(w, t)
	}
	return append(w, "]}}"...), nil
}

// tokenizerHead writes all that comes before the model.
func tokenizerHead(tokens []string, kinds []int64, normalizer, pre, post, decoder string) []byte {
	w := make([]byte, 0, 64*len(tokens)+1024)
	w = fmt.Appendf(w, `{"version":"1.0","truncation":null,"padding":null,"added_tokens":%s,`, addedTokens(tokens, kinds))
	return fmt.Appendf(w, `"normalizer":%s,"pre_tokenizer":%s,"post_processor":%s,"decoder":%s,`, normalizer, pre, post, decoder)
}

// appendVocab writes the ids of the tokens that are used.
func appendVocab(w []byte, tokens []string, kinds []int64) []byte {
	w = append(w, `"vocab":{`...)
	first := true
	for i, t := range tokens {
		if kinds[i] == tokenUnused {
			continue
		}
		if !first {
			w = append(w, ',')
		}
		first = false
		w = strconv.AppendInt(append(appendQuoted(w, t), ':'), int64(i), 10)
	}
	return append(w, '}')
}

// addedTokens lists the markers and the user's tokens.
func addedTokens(tokens []string, kinds []int64) []byte {
	type added struct {
		ID         int    `json:"id"`
		Content    string `json:"content"`
		SingleWord bool   `json:"single_word"`
		LStrip     bool   `json:"lstrip"`
		RStrip     bool   `json:"rstrip"`
		Normalized bool   `json:"normalized"`
		Special    bool   `json:"special"`
	}
	list := []added{}
	for i, kind := range kinds {
		if kind == tokenControl || kind == tokenUser {
			list = append(list, added{ID: i, Content: tokens[i], Special: kind == tokenControl})
		}
	}
	return encoded(list)
}

// ggufPostProcessor puts the BOS token before a text where the file, or its kind of tokenizer, wants that; else null.
func ggufPostProcessor(m tensorfile.Metadata, addBOS bool, tokens []string) ([]byte, error) {
	add, ok := m.Bool("tokenizer.ggml.add_bos_token")
	if !ok {
		add = addBOS
	}
	id, has := m.Uint("tokenizer.ggml.bos_token_id")
	if !add || !has {
		return []byte("null"), nil
	}
	if id >= uint64(len(tokens)) {
		return nil, fmt.Errorf("tokenizer.ggml.bos_token_id is %d, there are %d tokens", id, len(tokens))
	}
	bos := tokens[id]
	type object = map[string]any
	special := func(kind int) object { return object{"SpecialToken": object{"id": bos, "type_id": kind}} }
	text := func(name string, kind int) object { return object{"Sequence": object{"id": name, "type_id": kind}} }
	return encoded(object{
		"type":           "TemplateProcessing",
		"single":         []object{special(0), text("A", 0)},
		"pair":           []object{special(0), text("A", 0), special(1), text("B", 1)},
		"special_tokens": object{bos: object{"id": bos, "ids": []uint64{id}, "tokens": []string{bos}}},
	}), nil
}

func (p pretokenizer) normalizerJSON() string {
	if p.normalizer == "" {
		return "null"
	}
	return fmt.Sprintf(`{"type":%q}`, p.normalizer)
}

func (p pretokenizer) json() string {
	switch {
	case p.digits:
		return `{"type":"Sequence","pretokenizers":[{"type":"Digits","individual_digits":true},` + byteLevel(false, true) + `]}`
	case p.split != "":
		return `{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":` + string(quoted(p.split)) +
			`},"behavior":"Isolated","invert":false},` + byteLevel(false, false) + `]}`
	}
	return byteLevel(false, true)
}

func byteLevel(prefixSpace, regex bool) string {
	return fmt.Sprintf(`{"type":"ByteLevel","add_prefix_space":%t,"trim_offsets":true,"use_regex":%t}`, prefixSpace, regex)
}

// ggufTokenizerConfig gives a GGUF's template and the spelling of its markers the form of tokenizer_config.json.
func ggufTokenizerConfig(m tensorfile.Metadata) []byte {
	tokens, _ := m.Strings("tokenizer.ggml.tokens")
	fields := map[string]any{}
	if t, ok := m.String("tokenizer.chat_template"); ok {
		fields["chat_template"] = t
	}
	for name, key := range map[string]string{"bos_token": "bos", "eos_token": "eos", "pad_token": "padding", "unk_token": "unknown"} {
		if id, ok := m.Uint("tokenizer.ggml." + key + "_token_id"); ok && id < uint64(len(tokens)) {
			fields[name] = tokens[id]
		}
	}
	if add, ok := m.Bool("tokenizer.ggml.add_bos_token"); ok {
		fields["add_bos_token"] = add
	}
	return encoded(fields)
}

// quoted returns s as a JSON string.
func quoted(s string) []byte { return encoded(s) }

// encoded returns v as JSON, <, > and & as they are. Strings and plain structs of them cannot fail.
func encoded(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return []byte("null")
	}
	return slices.Clip(bytes.TrimRight(b.Bytes(), "\n"))
}

// appendQuoted appends s, which is UTF-8, as a JSON string.
func appendQuoted(w []byte, s string) []byte {
	w = append(w, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			w = append(w, '\\', c)
		case c < ' ':
			w = fmt.Appendf(w, `\u%04x`, c)
		default:
			w = append(w, c)
		}
	}
	return append(w, '"')
}

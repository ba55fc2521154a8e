package bpe_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
)

// TestParts: every part that the package knows does what the Python binding does with it; testdata/parts.py made the file.
func TestParts(t *testing.T) {
	data, err := os.ReadFile("testdata/parts.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Texts []string
		Added json.RawMessage
		Model map[string]json.RawMessage
		Cases []struct {
			Parts map[string]json.RawMessage
			Rows  []struct {
				IDs           []int32 `json:"ids"`
				Places        []int
				Text, Skipped *string // nil where versions of the binding differ: see parts.py
			}
		}
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) < 20 {
		t.Fatal(err, len(file.Cases))
	}
	differ := 0
	for _, c := range file.Cases {
		model := map[string]any{"type": "BPE", "vocab": file.Model["vocab"], "merges": file.Model["merges"]}
		if err := json.Unmarshal(c.Parts["model"], &model); err != nil && c.Parts["model"] != nil {
			t.Fatal(err)
		}
		all := map[string]any{"version": "1.0", "added_tokens": file.Added}
		for k, v := range c.Parts {
			all[k] = v
		}
		all["model"] = model
		b, err := json.Marshal(all)
		if err != nil {
			t.Fatal(err)
		}
		name, err := json.Marshal(c.Parts)
		if err != nil {
			t.Fatal(err)
		}
		tok := newTokenizer(t, b)
		for i, s := range file.Texts {
			want := c.Rows[i]
			got, err := tok.Encode(s, true)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, s, err)
			}
			var ids []int32
			var places []int
			for _, x := range got {
				ids, places = append(ids, x.ID), append(places, x.Start, x.End)
			}
			if !slices.Equal(ids, want.IDs) || !slices.Equal(places, want.Places) {
				t.Errorf("%s: %q:\n  %v %v, want\n  %v %v", name, s, ids, places, want.IDs, want.Places)
			}
			if want.Text == nil {
				differ++
				continue
			}
			if a, b := tok.Decode(ids, false), tok.Decode(ids, true); a != *want.Text || b != *want.Skipped {
				t.Errorf("%s: %q comes back as %q and %q, want %q and %q", name, s, a, b, *want.Text, *want.Skipped)
			}
		}
	}
	if differ > 3 {
		t.Errorf("%d texts are not compared", differ)
	}
}

const vocabulary = `"vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]`

// TestRefused: what is not supported is named.
func TestRefused(t *testing.T) {
	model := func(s string) string { return `{"model":{"type":"BPE",` + s + vocabulary + `}}` }
	part := func(name, s string) string {
		return `{"` + name + `":` + s + `,"model":{"type":"BPE",` + vocabulary + `}}`
	}
	for file, want := range map[string]string{
		`{"model":{"type":"Unigram","vocab":[["a",0]]}}`: `"Unigram"`, `{"model":{"type":"WordPiece",` + vocabulary + `}}`: `"WordPiece"`,
		model(`"dropout":0.1,`): "dropout of 0.1", model(`"end_of_word_suffix":"</w>",`): "end_of_word_suffix", model(`"continuing_subword_prefix":"##",`): "##",
		model(`"fuse_unk":1,`): "fuse_unk is 1", `{"model":{"type":"BPE"}}`: "no vocab",
		`{"model":{"type":"BPE","vocab":{"a":0},"merges":["a b"]}}`:                                                                                   `"b", which is not in the vocabulary`,
		`{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":["a b"]}}`:                                                                             `"ab", which is not in the vocabulary`,
		`{"model":{"type":"BPE","vocab":{"a":0},"merges":["a"]}}`:                                                                                     "two pieces",
		`{"model":{"type":"BPE","vocab":{"a":0},"merges":[["a","a","a"]]}}`:                                                                           "more than two",
		`{"version":"2.0","model":{"type":"BPE",` + vocabulary + `}}`:                                                                                 "2.0",
		part("truncation", `{"max_length":4}`):                                                                                                        "truncation",
		part("normalizer", `{"type":"Precompiled"}`):                                                                                                  `"Precompiled"`,
		part("normalizer", `{"type":"NFC","extra":1}`):                                                                                                `"extra" is not known`,
		part("normalizer", `{"type":"Replace","pattern":{"Regex":"(a)\\1"},"content":""}`):                                                            `\1`,
		part("normalizer", `{"type":"Sequence","normalizers":[{"type":"Nmt"}]}`):                                                                      `"Nmt"`,
		part("pre_tokenizer", `{"type":"UnicodeScripts"}`):                                                                                            `"UnicodeScripts"`,
		part("pre_tokenizer", `{"type":"Split","pattern":{"String":"a"},"behavior":"Mixed","invert":false}`):                                          "behavior is Mixed",
		part("pre_tokenizer", `{"type":"ByteLevel"}`):                                                                                                 "add_prefix_space",
		part("pre_tokenizer", `{"type":"Metaspace","replacement":"__"}`):                                                                              "one character",
		part("post_processor", `{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{}}`):                                             "lacks the text A",
		part("post_processor", `{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"x"}}],"special_tokens":{}}`):                            "does not explain",
		part("decoder", `{"type":"CTC"}`):                                                                                                             `"CTC"`,
		part("decoder", `"Fuse"`):                                                                                                                     "not an object",
		part("added_tokens", `[{"id":0,"content":"a"}]`):                                                                                              "special",
		part("added_tokens", `[{"id":0,"content":"a","special":true,"normalized":false,"single_word":false,"lstrip":false,"rstrip":false,"glue":1}]`): `"glue"`,
	} {
		f, err := bpe.Read([]byte(file))
		if err == nil {
			_, err = bpe.New(f)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

// TestRoundTrip: a file that is read and written is the same file.
func TestRoundTrip(t *testing.T) {
	const file = `{"added_tokens":[],"normalizer":{"type":"NFC"},"model":{"byte_fallback":true,"type":"BPE","vocab":{"\"\\\u0001\ud83d\ude00":0,"b":2," ":3," b":4},"merges":[[" ","b"]]}}`
	f, err := bpe.Read([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	once, err := f.JSON()
	if err != nil || !json.Valid(once) {
		t.Fatal(err)
	}
	again, err := bpe.Read(once)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := again.JSON()
	if err != nil || string(once) != string(twice) || !strings.Contains(string(once), `"\"\\\u0001😀":0`) {
		t.Errorf("%s, then %s, %v", once, twice, err)
	}
	if id, ok := again.Vocab.ID(" b"); !ok || id != 4 || again.Vocab.Len() != 4 || again.Vocab.IDs() != 5 || again.Vocab.Has(1) || again.Merges.Len() != 1 {
		t.Errorf("the vocabulary has changed: %d %v", id, ok)
	}
}

package text

import (
	"errors"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestMetaspace(t *testing.T) {
	for piece, want := range map[string]string{"▁Paris": " Paris", "<0x0A>": "\n", "<0xE2>": "\xe2", "<0xZZ>": "<0xZZ>", "<0x0A>x": "<0x0A>x", "a▁▁b": "a  b"} {
		if got := metaspace(piece); got != want {
			t.Errorf("%q stands for %q, want %q", piece, got, want)
		}
	}
}

// vocabOf reads the vocabulary of a file.
func vocabOf(file string) (*vocab, error) {
	f, err := bpe.Read([]byte(file))
	if err != nil {
		return nil, badFile("tokenizer.json", err)
	}
	return readVocab(f)
}

func TestReadVocab(t *testing.T) {
	v, err := vocabOf(`{"added_tokens":[{"id":3,"content":"<s>","special":true},{"id":0,"content":"x","special":false}],
		"model":{"type":"Unigram","vocab":[["▁a",0],["b",-1.5]]},
		"decoder":{"type":"Sequence","decoders":[{"type":"Replace"},{"type":"ByteFallback"}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[int32]entry{0: {"x", "x", false}, 1: {"b", "b", false}, 3: {"<s>", "<s>", true}} {
		if got, ok := v.lookup(id); !ok || got != want {
			t.Errorf("id %d: %+v, %v, want %+v", id, got, ok, want)
		}
	}
	if _, ok := v.lookup(2); ok {
		t.Error("id 2 is a gap")
	}
	if !v.holdsMarker("a<s>") || v.holdsMarker("a<s") {
		t.Error("markers are not seen")
	}
}

func TestReadVocabRefuses(t *testing.T) {
	for file, want := range map[string]string{
		`{`: "a text is missing", `[]`: "'{' is missing", `{}`: "empty",
		`{"model":{"vocab":{"a":-1}}}`:                    `token "a"`,
		`{"model":{"vocab":{"a":2147483647}}}`:            "ids go from 0 to 1048575",
		`{"model":{"vocab":{"a":1.5}}}`:                   "whole number",
		`{"added_tokens":[{"content":"a"}]}`:              "no id",
		`{"added_tokens":[{"content":"a","id":1048576}]}`: "ids go from 0 to 1048575",
		`{"model":{"vocab":[[]]}}`:                        "entry 0 is empty",
		`{"model":{"vocab":[[7]]}}`:                       "entry 0",
		`{"model":{"vocab":7}}`:                           "model.vocab",
	} {
		_, err := vocabOf(file)
		if !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

func TestSound(t *testing.T) {
	f, err := sound([]byte(`{"truncation":{"max_length":4},"padding":{},"model":{"type":"BPE","dropout":0.1,"vocab":{"\ud800":0}},"decoder":null}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.JSON()
	want := `{"decoder":null,"padding":null,"truncation":null,"model":{"type":"BPE","vocab":{"` + "\uFFFD" + `":0}}}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

// Each of these ended the process before sound refused it, or is of a kind that nothing here was tried on.
func TestSoundRefuses(t *testing.T) {
	const bpe = `"model":{"type":"BPE","vocab":{"a":0},"merges":[]}`
	for file, want := range map[string]string{
		"{\"a\":\"\xff\"}":         "not UTF-8",
		`{` + bpe + `} {}`:         "follows",
		`{` + bpe + `,"x":1e999}`:  "out of range",
		`{}`:                       "no model",
		`{"model":{"type":"Seq"}}`: `"Seq"`,
		`{"model":{"type":"BPE","continuing_subword_prefix":"##"}}`:                             `"##"`,
		`{` + bpe + `,"decoder":{"tipe":"Fuse"}}`:                                               "decoder is of type",
		`{` + bpe + `,"decoder":"Fuse"}`:                                                        "not an object",
		`{` + bpe + `,"decoder":{"type":"Sequence","decoders":[null]}}`:                         "empty step",
		`{` + bpe + `,"decoder":{"type":"Strip","content":" ","start":0,"stop":1}}`:             "strips the end",
		`{` + bpe + `,"normalizer":{"type":"Sequence","normalizers":[{"type":"Precompiled"}]}}`: "Precompiled",
		`{` + bpe + `,"x":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}`:           "nested",
	} {
		if _, err := sound([]byte(file), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

//go:build cgo

package text_test

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe/bpetest"
	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// both opens a tokenizer by each library.
func both(tb testing.TB, tokenizer, config []byte, ends ...int32) (pure, rust *text.Tokenizer) {
	tb.Helper()
	tb.Setenv(text.Library, "go")
	pure = open(tb, tokenizer, config, ends...)
	tb.Setenv(text.Library, "daulet")
	rust = open(tb, tokenizer, config, ends...)
	return pure, rust
}

// small are the tokenizers that need no download.
func small(tb testing.TB) map[string][2]*text.Tokenizer {
	out := map[string][2]*text.Tokenizer{}
	for name, files := range map[string][2][]byte{
		"tiny":          {read(tb, "golden", "tiny-llama", "tokenizer.json"), read(tb, "golden", "tiny-llama", "tokenizer_config.json")},
		"teaching":      {read(tb, "teaching", "tokenizer.json"), read(tb, "teaching", "tokenizer_config.json")},
		"smollm2":       {read(tb, "smollm2-tokenizer.json.gz"), nil},
		"sentencepiece": {[]byte(sentencePiece), nil}, "prepending": {[]byte(prepending), nil},
		"normalized": {[]byte(strings.Replace(prepending, `"added_tokens":[`, `"added_tokens":[{"id":19,"content":"the","single_word":false,"lstrip":true,"rstrip":false,"normalized":true,"special":false},`, 1)), nil},
	} {
		a, b := both(tb, files[0], files[1], 2)
		out[name] = [2]*text.Tokenizer{a, b}
	}
	return out
}

// agree holds two tokenizers of a file to the same answers about a text.
func agree(t *testing.T, pure, rust *text.Tokenizer, s string) bool {
	t.Helper()
	for _, how := range []engine.Encoding{{}, {Markers: true}, {Markers: true, Special: true}, {Markers: true, Literal: len(s) / 2}} {
		a, errA := pure.Encode(s, how)
		b, errB := rust.Encode(s, how)
		if (errA == nil) != (errB == nil) || errA != nil && !errors.Is(errA, engine.BadText) {
			t.Errorf("%.200q %+v: %v and %v", s, how, errA, errB)
			return false
		}
		if !slices.Equal(a, b) {
			t.Errorf("%.200q %+v:\n  go     %+v\n  daulet %+v", s, how, a, b)
			return false
		}
		ids := idsOf(a)
		for _, decode := range []func(*text.Tokenizer, []int32) (string, error){(*text.Tokenizer).Decode, (*text.Tokenizer).DecodeNew} {
			for _, part := range [][]int32{ids, ids[len(ids)/2:], ids[:min(1, len(ids))]} {
				x, errA := decode(pure, part)
				y, errB := decode(rust, part)
				if x != y || errA != nil || errB != nil {
					t.Errorf("%.200q: %v comes back as %q, %v and %q, %v", s, part, x, errA, y, errB)
					return false
				}
			}
		}
	}
	return true
}

// TestLibrariesAgree: what the Go library makes of a fifth of the 5,000 texts is what the Rust one makes of them. With real
// vocabularies it is all of them, in libraries_npm_test.go.
func TestLibrariesAgree(t *testing.T) {
	for name, pair := range small(t) {
		bad := 0
		for i, x := range bpetest.Texts() {
			if i%5 == 0 && !agree(t, pair[0], pair[1], x.Text) {
				if bad++; bad == 3 {
					t.Fatalf("%s: and so on", name)
				}
			}
		}
	}
}

// FuzzLibraries looks for a text of which the libraries make different tokens.
func FuzzLibraries(f *testing.F) {
	for i, x := range bpetest.Texts() {
		if i%100 == 0 {
			f.Add(x.Text)
		}
	}
	pairs := small(f)
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1<<12 {
			return
		}
		for _, pair := range pairs {
			agree(t, pair[0], pair[1], s)
		}
	})
}

// TestLibraryIsNamed: the environment forces a library, and a name that is none is said.
func TestLibraryIsNamed(t *testing.T) {
	data := read(t, "golden", "tiny-llama", "tokenizer.json")
	t.Setenv(text.Library, "rust")
	if _, err := text.New(data, nil, nil); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "there are go and daulet") {
		t.Errorf("another name: %v", err)
	}
	unigram := []byte(`{"model":{"type":"Unigram","unk_id":0,"vocab":[["a",0],["b",-1]]}}`)
	t.Setenv(text.Library, "go")
	if _, err := text.New(unigram, nil, nil); !errors.Is(err, engine.BadModel) || !strings.Contains(err.Error(), `"Unigram"`) {
		t.Errorf("what only the Rust library reads: %v", err)
	}
	if err := os.Unsetenv(text.Library); err != nil {
		t.Fatal(err)
	}
	if _, err := text.New(unigram, nil, nil); err != nil {
		t.Errorf("without a name: %v", err)
	}
}

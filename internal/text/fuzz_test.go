package text_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// FuzzEncode holds every text to what the rest relies on: offsets within the text that cover all of it, ids of the
// vocabulary, and a text that comes back. The vocabularies of the tests have a token for every byte.
func FuzzEncode(f *testing.F) {
	for _, s := range []string{"", " leading", "né 🤖", "a<|bos|>b<|eos|>", "<s>Once", "\r\n\u3000", "ab\x00", "\xff", "cafe\u0301", "<|im_start|>user\nhi<|im_end|>\n"} {
		f.Add(s, true, true)
		f.Add(s, false, false)
	}
	tokenizers := []*text.Tokenizer{tiny(f), teaching(f)}
	f.Fuzz(func(t *testing.T, s string, markers, special bool) {
		if len(s) > 1<<12 {
			return
		}
		for _, tok := range tokenizers {
			tokens, err := tok.Encode(s, engine.Encoding{Markers: markers, Special: special})
			if err != nil {
				if !errors.Is(err, engine.BadText) {
					t.Fatal(err)
				}
				continue
			}
			covered, body := 0, []int32(nil)
			for i, x := range tokens {
				if x.Start < 0 || x.End < x.Start || x.End > len(s) {
					t.Fatalf("token %d of %q: [%d,%d)", i, s, x.Start, x.End)
				}
				if x.Start > covered {
					t.Fatalf("%q: nothing covers [%d,%d)", s, covered, x.Start)
				}
				covered = max(covered, x.End)
				if x.End > x.Start {
					body = append(body, x.ID)
				}
				if y, ok := tok.Token(x.ID); !ok || !utf8.ValidString(y.Text) {
					t.Fatalf("token %d of %q: %+v", i, s, y)
				}
			}
			if covered != len(s) {
				t.Fatalf("%q: covered to %d of %d", s, covered, len(s))
			}
			if back, err := tok.Decode(body); err != nil || back != s {
				t.Fatalf("%q comes back as %q, %v", s, back, err)
			}
		}
	})
}

// FuzzNew gives damaged files: an error or a tokenizer, never a panic.
func FuzzNew(f *testing.F) {
	f.Add(read(f, "golden", "tiny-llama", "tokenizer.json"), []byte(`{}`))
	f.Add([]byte(sentencePiece), []byte(nil))
	f.Add([]byte(`{"model":{"type":"BPE","vocab":{"a":2147483647},"merges":[]}}`), []byte(nil))
	f.Add([]byte(`{"model":{"type":"Unigram","vocab":[["a",0],["b",-1]]},"decoder":{"type":"Sequence","decoders":[null]}}`), []byte(`{`))
	f.Fuzz(func(t *testing.T, tokenizer, config []byte) {
		tok, err := text.New(tokenizer, config, nil)
		if err != nil {
			return
		}
		defer tok.Close()
		if tokens, err := tok.Encode("a b", engine.Encoding{}); err == nil {
			for _, x := range tokens {
				if _, err := tok.Decode([]int32{x.ID}); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}

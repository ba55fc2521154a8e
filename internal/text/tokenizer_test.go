package text_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

var prompt = engine.Encoding{Markers: true, Special: true} // how a raw prompt is read

// read returns the contents of a file below the repository's testdata, or of a .gz file of this package.
func read(tb testing.TB, elem ...string) []byte {
	tb.Helper()
	path := filepath.Join(append([]string{"..", "..", "testdata"}, elem...)...)
	if strings.HasSuffix(elem[0], ".gz") {
		path = filepath.Join("testdata", elem[0])
	}
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			tb.Fatal(err)
		}
	}
	data, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func open(tb testing.TB, tokenizer, config []byte, ends ...int32) *text.Tokenizer {
	tb.Helper()
	tok, err := text.New(tokenizer, config, ends)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := tok.Close(); err != nil {
			tb.Error(err)
		}
	})
	return tok
}

func tiny(tb testing.TB) *text.Tokenizer {
	return open(tb, read(tb, "golden", "tiny-llama", "tokenizer.json"), read(tb, "golden", "tiny-llama", "tokenizer_config.json"), 2)
}

func teaching(tb testing.TB) *text.Tokenizer {
	return open(tb, read(tb, "teaching", "tokenizer.json"), read(tb, "teaching", "tokenizer_config.json"), 2, 4)
}

func smollm2(tb testing.TB) *text.Tokenizer {
	return open(tb, read(tb, "smollm2-tokenizer.json.gz"), nil, 2)
}

func encode(tb testing.TB, tok *text.Tokenizer, s string, how engine.Encoding) []engine.Token {
	tb.Helper()
	tokens, err := tok.Encode(s, how)
	if err != nil {
		tb.Fatalf("Encode(%q): %v", s, err)
	}
	return tokens
}

func idsOf(tokens []engine.Token) []int32 {
	ids := make([]int32, len(tokens))
	for i, t := range tokens {
		ids[i] = t.ID
	}
	return ids
}

func pieces(tokens []engine.Token) []string {
	out := make([]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.Piece
	}
	return out
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		name string
		tok  *text.Tokenizer
	}{{"tiny-llama", tiny(t)}, {"tiny-llama-bf16", open(t, read(t, "golden", "tiny-llama-bf16", "tokenizer.json"), nil)}, {"smollm2", smollm2(t)}} {
		t.Run(c.name, func(t *testing.T) {
			var golden struct {
				Tokenizer []struct {
					Text, Decoded string
					IDs           []int32 `json:"ids"`
					Plain         []int32 `json:"idsPlain"`
				}
				Prompts []struct {
					Text   json.RawMessage // a text, or ids
					IDs    []int32         `json:"ids"`
					Tokens []string
				}
			}
			if err := json.Unmarshal(read(t, "golden", c.name, "golden.json"), &golden); err != nil {
				t.Fatal(err)
			}
			if len(golden.Tokenizer) < 16 || len(golden.Prompts) == 0 {
				t.Fatalf("%d texts and %d prompts", len(golden.Tokenizer), len(golden.Prompts))
			}
			for _, g := range golden.Tokenizer {
				if got := idsOf(encode(t, c.tok, g.Text, prompt)); !slices.Equal(got, g.IDs) {
					t.Errorf("%q: %v, want %v", g.Text, got, g.IDs)
				}
				if got := idsOf(encode(t, c.tok, g.Text, engine.Encoding{Markers: true})); !slices.Equal(got, g.Plain) {
					t.Errorf("%q without special tokens: %v, want %v", g.Text, got, g.Plain)
				}
				if got, err := c.tok.Decode(g.Plain); err != nil || got != g.Decoded {
					t.Errorf("Decode(%v) = %q, %v, want %q", g.Plain, got, err, g.Decoded)
				}
			}
			for _, p := range golden.Prompts {
				var s string
				if json.Unmarshal(p.Text, &s) != nil {
					continue // given as ids
				}
				tokens := encode(t, c.tok, s, prompt)
				if !slices.Equal(idsOf(tokens), p.IDs) || !slices.Equal(pieces(tokens), p.Tokens) {
					t.Errorf("%q: %v %q, want %v %q", s, idsOf(tokens), pieces(tokens), p.IDs, p.Tokens)
				}
			}
		})
	}
}

func TestGoldenTeaching(t *testing.T) {
	tok := teaching(t)
	var golden struct {
		Cases map[string]struct {
			Prompt, Target, Versus string
			TargetID               int32 `json:"target_id"`
			VersusID               int32 `json:"versus_id"`
			Tokens                 []string
		}
	}
	if err := json.Unmarshal(read(t, "teaching", "golden", "golden.json"), &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Cases) == 0 {
		t.Fatal("no cases")
	}
	for name, c := range golden.Cases {
		tokens := encode(t, tok, c.Prompt, prompt)
		if !slices.Equal(pieces(tokens), c.Tokens) {
			t.Errorf("%s: %q, want %q", name, pieces(tokens), c.Tokens)
		}
		for word, id := range map[string]int32{c.Target: c.TargetID, c.Versus: c.VersusID} {
			if got := idsOf(encode(t, tok, word, engine.Encoding{})); !slices.Equal(got, []int32{id}) {
				t.Errorf("%s: %q is %v, want %d", name, word, got, id)
			}
		}
	}
	if ends := tok.Ends(); !slices.Equal(ends, []int32{2, 4}) {
		t.Errorf("Ends() = %v", ends)
	}
}

func TestMarkersAndSpecial(t *testing.T) {
	tok := teaching(t)
	for _, c := range []struct {
		text string
		how  engine.Encoding
		want int // markers among the tokens
		bos  int
	}{
		{"<s>Once", prompt, 1, 1},
		{"Once", prompt, 1, 1},
		{"<s><s>Once", prompt, 2, 2}, // as typed
		{"Once<s>", prompt, 2, 2},
		{"", prompt, 1, 1},
		{"<s>", prompt, 1, 1},
		{"<s>Once", engine.Encoding{Markers: true}, 1, 1},
		{"<s>Once", engine.Encoding{Special: true}, 1, 1},
		{"<s>Once<|im_end|>", engine.Encoding{}, 0, 0},
		{"<|im_start|>user\nhi<|im_end|>", engine.Encoding{Markers: true}, 2, 0},
	} {
		tokens := encode(t, tok, c.text, c.how)
		markers, bos := 0, 0
		for _, x := range tokens {
			if x.Special {
				markers++
			}
			if x.ID == 1 {
				bos++
			}
		}
		if markers != c.want || bos != c.bos {
			t.Errorf("%q %+v: %d markers, %d BOS, want %d, %d", c.text, c.how, markers, bos, c.want, c.bos)
		}
	}
	// the text's own marker stays, for it has a place in the text; and literal text is text
	if x := encode(t, tok, "<s>Once", prompt)[0]; x.ID != 1 || x.Start != 0 || x.End != 3 {
		t.Errorf("first token %+v", x)
	}
	if got, err := tok.Decode(idsOf(encode(t, tok, "<s>Once<|im_end|>", engine.Encoding{}))); err != nil || got != "<s>Once<|im_end|>" {
		t.Errorf("literal text decodes to %q, %v", got, err)
	}
}

func TestBOS(t *testing.T) {
	if id, ok := teaching(t).BOS(); id != 1 || !ok {
		t.Errorf("teaching: %d, %v", id, ok)
	}
	if id, ok := smollm2(t).BOS(); ok {
		t.Errorf("SmolLM2 adds none, got %d", id)
	}
}

func TestRefusedText(t *testing.T) {
	tok := tiny(t)
	for s, want := range map[string]string{"ab\x00cd": "offset 2", "caf\xe9": "0xe9 at offset 3", "é\xff": "0xff at offset 2", "\xed\xa0\x80": "offset 0"} {
		_, err := tok.Encode(s, engine.Encoding{})
		if !errors.Is(err, engine.BadText) || !strings.Contains(err.Error(), want) {
			t.Errorf("Encode(%q): %v, want %s", s, err, want)
		}
	}
	if _, err := tok.Decode([]int32{5, -1}); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "id -1 at 1 is negative") {
		t.Errorf("Decode(-1): %v", err)
	}
}

func TestToken(t *testing.T) {
	tok := smollm2(t)
	for id, want := range map[int32]engine.Token{
		7042: {ID: 7042, Piece: "ĠParis", Text: " Paris"},
		198:  {ID: 198, Piece: "Ċ", Text: "\n"},
		1:    {ID: 1, Piece: "<|im_start|>", Text: "<|im_start|>", Special: true},
		190:  {ID: 190, Piece: "Ā", Text: "\x00"},
		231:  {ID: 231, Piece: "į", Text: "\uFFFD", Raw: "8d"},
	} {
		if got, ok := tok.Token(id); !ok || got != want {
			t.Errorf("Token(%d) = %+v, %v, want %+v", id, got, ok, want)
		}
	}
	if got, err := tok.Decode([]int32{7042, 190, 190, 4528, 231, 190}); err != nil || got != " Paris\x00\x00 London\uFFFD\x00" {
		t.Errorf("with NUL: %q, %v", got, err)
	}
	if got, err := tok.Decode(nil); err != nil || got != "" {
		t.Errorf("nothing: %q, %v", got, err)
	}
}

// TestIDWithoutAToken: an id stays itself, whether or not it has a text.
func TestIDWithoutAToken(t *testing.T) {
	tok := tiny(t)
	for _, id := range []int32{512, 1 << 30} {
		x, ok := tok.Token(id)
		if want := engine.Unnamed(id); ok || x != want {
			t.Errorf("Token(%d) = %+v, %v, want %+v", id, x, ok, want)
		}
		if got, err := tok.Decode([]int32{5, id, 5}); err != nil || got != decodedOne(t, tok, 5)+x.Text+decodedOne(t, tok, 5) {
			t.Errorf("Decode with %d: %q, %v", id, got, err)
		}
	}
}

func decodedOne(t *testing.T, tok *text.Tokenizer, id int32) string {
	t.Helper()
	s, err := tok.Decode([]int32{id})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettingsThatCut(t *testing.T) {
	cut := strings.Replace(string(read(t, "golden", "tiny-llama", "tokenizer.json")), `"truncation":null`,
		`"truncation":{"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0}`, 1)
	if !strings.Contains(cut, "max_length") {
		cut = strings.Replace(cut, `"truncation": null`, `"truncation": {"direction":"Right","max_length":4,"strategy":"LongestFirst","stride":0}`, 1)
	}
	if !strings.Contains(cut, "max_length") {
		t.Fatal("the test's edit did nothing")
	}
	if n := len(encode(t, open(t, []byte(cut), nil), "The keys to the cabinet", prompt)); n != 8 {
		t.Errorf("%d tokens, want 8", n)
	}
}

func TestConcurrentAndClosed(t *testing.T) {
	tok := tiny(t)
	want := idsOf(encode(t, tok, "The keys<|eos|>", engine.Encoding{}))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				tokens, err := tok.Encode("The keys<|eos|>", engine.Encoding{})
				if err != nil || !slices.Equal(idsOf(tokens), want) {
					t.Errorf("%v, %v", tokens, err)
				}
			}
		})
	}
	wg.Wait()
	for range 2 {
		if err := tok.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tok.Encode("a", engine.Encoding{}); !errors.Is(err, engine.BadSetting) || !strings.Contains(err.Error(), "closed") {
		t.Errorf("after Close: %v", err)
	}
	if _, err := tok.Decode([]int32{5}); !errors.Is(err, engine.BadSetting) {
		t.Errorf("Decode after Close: %v", err)
	}
}

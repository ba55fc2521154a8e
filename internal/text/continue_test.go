package text_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// prepending is a tokenizer in the form of Llama 2, TinyLlama and Mistral: ▁ is put before every text and taken away again
// at the beginning of what is decoded.
const prepending = `{"version":"1.0",
"added_tokens":[{"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
	{"id":1,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
	{"id":2,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
"normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]},
"pre_tokenizer":null,
"post_processor":{"type":"TemplateProcessing",
	"single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],
	"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
	"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]}}},
"decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"},
	{"type":"Strip","content":" ","start":1,"stop":0}]},
"model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
	"vocab":{"<unk>":0,"<s>":1,"</s>":2,"<0xC3>":3,"<0xA9>":4,"▁":5,"f":6,"(":7,"x":8,"▁f":9,"▁x":10,"i":11,"s":12,"▁i":13,"▁is":14,"P":15,
		"▁P":16,"<0x0A>":17,"xx":18},
	"merges":["▁ f","▁ x","▁ i","▁i s","▁ P","x x"]}}`

func of(t *testing.T, tok engine.Tokenizer, prompt string, words ...string) []steer.Ranked {
	t.Helper()
	p, err := steertest.ModelOf(steertest.NewEngine(), tok).Predict(prompt).Of(words...).Run(t.Context())
	if err != nil {
		t.Fatalf("%q after %q: %v", words, prompt, err)
	}
	return p.Of()
}

// TestWordsAfterAPrompt: a word is the token that it is after the prompt, not the one that it is alone.
func TestWordsAfterAPrompt(t *testing.T) {
	tok := open(t, []byte(prepending), nil, 2)
	for _, c := range []struct {
		prompt, word string
		want         int32
	}{
		{"f(", "x", 8}, {"f(", " x", 10}, {"is", " P", 16}, {"is(", "P", 15}, {"is ", "x", 8}, {"é", " is", 14},
	} {
		if got := of(t, tok, c.prompt, c.word)[0]; got.ID != c.want {
			t.Errorf("%q after %q is %d %q, want %d", c.word, c.prompt, got.ID, got.Piece, c.want)
		}
	}
	// a whole answer, scored after the prompt
	m := steertest.ModelOf(steertest.NewEngine(), tok)
	s, err := m.Attribute("is").TargetText(" P(x").Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := engine.Texts(s.Tokens()), []string{"<s>", " is", " P", "("}; !slices.Equal(got, want) {
		t.Errorf("the answer is read as %q, want %q", got, want)
	}
}

// TestMergedBoundary: where prompt and word are one token together, that is said, and the word keeps the tokens that it has
// in a text that goes on.
func TestMergedBoundary(t *testing.T) {
	m := steertest.ModelOf(steertest.NewEngine(), open(t, []byte(prepending), nil, 2))
	for prompt, want := range map[string]string{"f(x": `"xx"`, "is ": `" P"`} {
		word := map[string]string{"f(x": "x", "is ": "P"}[prompt]
		p, err := m.Predict(prompt).Of(word).Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Of()[0].Text; got != word {
			t.Errorf("%q after %q is %q", word, prompt, got)
		}
		w := p.Warnings()
		if len(w) != 1 || w[0].Code != "boundary" || !strings.Contains(w[0].Text, want) {
			t.Errorf("%q after %q: warnings %v, want one of %s", word, prompt, w, want)
		}
	}
}

// TestDecodeNew: new text keeps its space; a text of its own has none.
func TestDecodeNew(t *testing.T) {
	tok := open(t, []byte(prepending), nil, 2)
	for _, c := range []struct {
		ids        []int32
		own, after string
	}{
		{[]int32{14, 16}, "is P", " is P"}, {[]int32{3, 4, 14}, "é is", "é is"}, {[]int32{14, 77, 14}, "is<id 77> is", " is<id 77> is"},
		{[]int32{2}, "</s>", "</s>"}, {nil, "", ""}, {[]int32{5, 14}, " is", "  is"},
	} {
		own, err := tok.Decode(c.ids)
		if err != nil || own != c.own {
			t.Errorf("Decode(%v) = %q, %v, want %q", c.ids, own, err, c.own)
		}
		after, err := tok.DecodeNew(c.ids)
		if err != nil || after != c.after {
			t.Errorf("DecodeNew(%v) = %q, %v, want %q", c.ids, after, err, c.after)
		}
	}
}

// TestLiteralEnd: markers in the literal end of a text are text, and none is made across its beginning.
func TestLiteralEnd(t *testing.T) {
	tok := teaching(t)
	for _, c := range []struct {
		before, after string
		special       int
	}{
		{"<s>The keys", " are", 1}, {"The keys", "<s>", 0}, {"<s>The<", "s>", 1}, {"<|im_start|>", "<|im_end|>", 1}, {"a", "", 0},
	} {
		ts, err := tok.Encode(c.before+c.after, engine.Encoding{Markers: true, Literal: len(c.after)})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, x := range ts {
			if x.Special {
				n++
			}
		}
		if s := decoded(t, tok, ts); n != c.special || s != c.before+c.after {
			t.Errorf("%q then %q: %d markers, want %d, and the text is %q", c.before, c.after, n, c.special, s)
		}
	}
}

// TestSharedBytes: what people read has whole characters.
func TestSharedBytes(t *testing.T) {
	tok := smollm2(t)
	for s, want := range map[string]string{" 巴黎!": " 巴黎!", "🙂🙂": "🙂🙂", "é": "é", "abc": "abc"} {
		ts := encode(t, tok, s, engine.Encoding{})
		if got := engine.Texts(ts); len(got) != len(ts) || strings.Join(got, "") != want {
			t.Errorf("%q is shown as %q", s, got)
		}
	}
	if got := engine.Texts([]engine.Token{{Text: "\uFFFD", Raw: "e5"}, {Text: "a"}}); !slices.Equal(got, []string{"\uFFFD", "a"}) {
		t.Errorf("part of a character: %q", got)
	}
}

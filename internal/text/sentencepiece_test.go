package text_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// sentencePiece is a tokenizer in the manner of Llama 2: ▁ for a space, bytes for what has no token, both ends added.
const sentencePiece = `{"version":"1.0",
"added_tokens":[{"id":0,"content":"<unk>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
	{"id":1,"content":"<s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
	{"id":2,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
	{"id":9,"content":"<tool>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false}],
"normalizer":{"type":"Replace","pattern":{"String":" "},"content":"▁"},"pre_tokenizer":null,
"post_processor":{"type":"TemplateProcessing",
	"single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],
	"pair":[{"Sequence":{"id":"A","type_id":0}},{"Sequence":{"id":"B","type_id":0}}],
	"special_tokens":{"<s>":{"id":"<s>","ids":[1],"tokens":["<s>"]},"</s>":{"id":"</s>","ids":[2],"tokens":["</s>"]}}},
"decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]},
"model":{"type":"BPE","unk_token":"<unk>","fuse_unk":true,"byte_fallback":true,
	"vocab":{"<unk>":0,"<s>":1,"</s>":2,"<0xC3>":3,"<0xA9>":4,"▁":5,"a":6,"b":7,"▁a":8},"merges":["▁ a"]}}`

func TestSentencePiece(t *testing.T) {
	tok := open(t, []byte(sentencePiece), nil, 2)
	tokens := encode(t, tok, " aé", prompt)
	want := []engine.Token{
		{ID: 1, Piece: "<s>", Text: "<s>", Special: true}, {ID: 8, Piece: "▁a", Text: " a", Start: 0, End: 2},
		{ID: 3, Piece: "<0xC3>", Text: "\uFFFD", Start: 2, End: 4, Raw: "c3"}, {ID: 4, Piece: "<0xA9>", Text: "\uFFFD", Start: 2, End: 4, Raw: "a9"},
		{ID: 2, Piece: "</s>", Text: "</s>", Special: true},
	}
	if !slices.Equal(tokens, want) {
		t.Errorf("%+v, want %+v", tokens, want)
	}
	if got, err := tok.Decode([]int32{8, 3, 4, 8}); err != nil || got != " aé a" {
		t.Errorf("Decode = %q, %v", got, err)
	}
	// both ends are added once, whatever the text brings
	for _, s := range []string{"ab", "<s>ab", "ab</s>", "<s>ab</s>"} {
		if got := idsOf(encode(t, tok, s, prompt)); !slices.Equal(got, []int32{1, 6, 7, 2}) {
			t.Errorf("%q: %v", s, got)
		}
	}
	// an added token that is not special is vocabulary, also in literal text
	if got := idsOf(encode(t, tok, "a<tool>", engine.Encoding{})); !slices.Equal(got, []int32{6, 9}) {
		t.Errorf("literal: %v", got)
	}
}

func TestEndsAreTokens(t *testing.T) {
	if _, err := text.New([]byte(sentencePiece), nil, []int32{2, 77}); err == nil || !strings.Contains(err.Error(), "77") {
		t.Errorf("ends outside the vocabulary: %v", err)
	}
	if _, err := text.New([]byte(sentencePiece), []byte("{"), nil); err == nil || !strings.Contains(err.Error(), "tokenizer_config.json") {
		t.Errorf("damaged config: %v", err)
	}
}

package text_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestConfiguredTokens: a token that only the configuration names is an added token, and a marker.
func TestConfiguredTokens(t *testing.T) {
	bare := strings.Replace(sentencePiece, `"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true`,
		`"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false`, 1)
	tok := open(t, []byte(bare), []byte(`{"bos_token": "<s>", "eos_token": {"content": "</s>"}, "pad_token": "<pad>", "unk_token": null,
		"additional_special_tokens": ["<a>", {"content": "ab"}], "added_tokens_decoder": {"11": {"content": "<y>"}, "10": {"content": "<x>", "special": true}}}`), 2)
	for text, want := range map[string][]int32{
		"<x>": {10}, "<y>": {11}, "<pad>": {12}, "<a>": {13}, "ab": {14}, "</s>": {2},
	} {
		if got := idsOf(encode(t, tok, text, engine.Encoding{Markers: true})); !slices.Equal(got, want) {
			t.Errorf("%q is %v, want %v", text, got, want)
		}
		x, ok := tok.Token(want[0])
		if special := text != "<y>"; !ok || x.Piece != text || x.Special != special {
			t.Errorf("Token(%d) = %+v, %v, want %q", want[0], x, ok, text)
		}
	}
	if got := idsOf(encode(t, tok, "<a>", engine.Encoding{})); slices.Contains(got, 13) {
		t.Errorf("a marker is read in literal text: %v", got)
	}
}

// TestContradictionsOfBOS: the post-processor says what is put around a text, and a configuration that says otherwise is
// told.
func TestContradictionsOfBOS(t *testing.T) {
	from, to := strings.Index(sentencePiece, `"post_processor"`), strings.Index(sentencePiece, `"decoder"`)
	none := sentencePiece[:from] + `"post_processor":null,` + sentencePiece[to:]
	for _, c := range []struct {
		name, file, config string
		ids                []int32
		want               []string
	}{
		{"it adds both, and nothing is said", sentencePiece, `{}`, []int32{1, 6, 2}, nil},
		{"it adds both, as is said", sentencePiece, `{"add_bos_token": true, "add_eos_token": true}`, []int32{1, 6, 2}, nil},
		{"it adds what is denied", sentencePiece, `{"add_bos_token": false, "bos_token": "<s>"}`, []int32{1, 6, 2}, []string{"add_bos_token: false", "<s> before"}},
		{"it adds an end that is denied", sentencePiece, `{"add_eos_token": false}`, []int32{1, 6, 2}, []string{"add_eos_token: false", "</s> after"}},
		{"it adds nothing, though it is said", none, `{"add_bos_token": true, "bos_token": "<s>"}`, []int32{6}, []string{"add_bos_token: true", "nothing before"}},
		{"it adds nothing, as is said", none, `{"add_bos_token": false}`, []int32{6}, nil},
		{"null is nothing said", sentencePiece, `{"add_bos_token": null}`, []int32{1, 6, 2}, nil},
	} {
		tok := open(t, []byte(c.file), []byte(c.config), 2)
		if got := idsOf(encode(t, tok, "a", prompt)); !slices.Equal(got, c.ids) {
			t.Errorf("%s: %v, want %v", c.name, got, c.ids)
		}
		ws := tok.Warnings()
		if len(ws) != min(len(c.want), 1) {
			t.Errorf("%s: warnings %v", c.name, ws)
			continue
		}
		for _, part := range c.want {
			if !strings.Contains(ws[0].Text, part) {
				t.Errorf("%s: %q does not say %q", c.name, ws[0].Text, part)
			}
		}
	}
}

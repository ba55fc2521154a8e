package checkpoint

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/bpe"
	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// metadata returns the metadata of a GGUF with the given fields.
func metadata(t *testing.T, fields map[string]any) tensorfile.Metadata {
	t.Helper()
	var list []tensorfile.Field
	for k, v := range fields {
		list = append(list, tensorfile.Field{Key: "tokenizer.ggml." + k, Value: v})
	}
	var b bytes.Buffer
	if err := tensorfile.WriteGGUF(&b, list, []tensorfile.Tensor{{Name: "x", Shape: []int{1}, Data: []float32{0}}}); err != nil {
		t.Fatal(err)
	}
	f, err := tensorfile.ParseGGUF(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return f.Metadata
}

// TestSentencePieceScores: the merges of a GGUF without merges come from its scores.
func TestSentencePieceScores(t *testing.T) {
	tokens := []string{"<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "▁a", "▁ab", "<0xC3>", "<0xA9>", "  ", "c", "<unused>"}
	fields := map[string]any{"model": "llama", "tokens": tokens, "token_type": []int32{2, 3, 3, 1, 1, 1, 1, 1, 1, 6, 6, 4, 1, 5},
		"scores":       []float32{0, 0, 0, -9, -9, -9, -3, -1, -2, 0, 0, 0, -9, 0},
		"bos_token_id": uint32(1), "unknown_token_id": uint32(0)}
	for _, c := range []struct {
		prefix    any // add_space_prefix
		text      string
		want      string
		and, back string
	}{
		{nil, "ab", "[8]", "[1 8]", "ab"}, // ▁a comes before ab
		{nil, "b", "[3 5]", "[1 3 5]", "b"},
		{false, "ab", "[6]", "[1 6]", "ab"},
		{false, " ab é", "[8 3 9 10]", "[1 8 3 9 10]", " ab é"},
		{false, "a▁▁", "[4 11]", "[1 4 11]", "a  "}, // a user's token is found as the vocabulary spells it
		{false, "x中c", "[0 12]", "[1 0 12]", "<unk>c"},
	} {
		delete(fields, "add_space_prefix")
		if c.prefix != nil {
			fields["add_space_prefix"] = c.prefix
		}
		data, err := ggufTokenizer(metadata(t, fields), len(tokens))
		if err != nil {
			t.Fatal(err)
		}
		f, err := bpe.Read(data)
		if err != nil {
			t.Fatal(err)
		}
		tok, err := bpe.New(f)
		if err != nil {
			t.Fatal(err)
		}
		ids := func(special bool) (out []int32) {
			ts, err := tok.Encode(c.text, special)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range ts {
				out = append(out, x.ID)
			}
			return out
		}
		if got, and := fmt.Sprint(ids(false)), fmt.Sprint(ids(true)); got != c.want || and != c.and {
			t.Errorf("%q, %v: %s and %s, want %s and %s", c.text, c.prefix, got, and, c.want, c.and)
		}
		if got := tok.Decode(ids(false), false); got != c.back {
			t.Errorf("%q, %v: comes back as %q, want %q", c.text, c.prefix, got, c.back)
		}
	}
	fields["tokens"] = append(tokens[:13:13], strings.Repeat("a", 5000))
	if _, err := ggufTokenizer(metadata(t, fields), len(tokens)); err == nil || !strings.Contains(err.Error(), "token 13 has 5000 bytes") {
		t.Errorf("a long piece: %v", err)
	}
}

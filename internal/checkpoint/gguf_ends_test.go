package checkpoint

import (
	"bytes"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/tensorfile"
)

// TestEndsOfGGUF: a generation ends at what the keys name, and at the ends that are known by their text, as in llama.cpp.
func TestEndsOfGGUF(t *testing.T) {
	for name, c := range map[string]struct {
		tokens []string
		keys   map[string]uint32
		want   []int32
	}{
		"none":             {[]string{"a", "b"}, nil, nil},
		"eos alone":        {[]string{"a", "<stop>"}, map[string]uint32{"eos": 1}, []int32{1}},
		"an early Llama 3": {[]string{"a", "<|end_of_text|>", "<|eot_id|>"}, map[string]uint32{"eos": 1}, []int32{1, 2}},
		"eot by its key":   {[]string{"a", "<x>", "<y>"}, map[string]uint32{"eos": 1, "eot": 2}, []int32{1, 2}},
		"eom by its key":   {[]string{"a", "<x>", "<y>"}, map[string]uint32{"eos": 1, "eom": 2}, []int32{1, 2}},
		"eom by its text":  {[]string{"a", "<x>", "<|eom_id|>"}, map[string]uint32{"eos": 1}, []int32{1, 2}},
		"chat markup":      {[]string{"<|endoftext|>", "<|im_start|>", "<|im_end|>"}, map[string]uint32{"eos": 2}, []int32{0, 2}},
		"Gemma":            {[]string{"<eos>", "<end_of_turn>", "a"}, nil, []int32{0, 1}},
		"DeepSeek":         {[]string{"a", "<｜end▁of▁sentence｜>"}, nil, []int32{1}},
		"parts of files":   {[]string{"<|file_sep|>", "<fim_pad>", "<|repo_name|>", "<reponame>"}, nil, []int32{0, 1, 2}},
		"gpt-oss":          {[]string{"<|end|>", "<|return|>", "<|call|>"}, nil, []int32{1, 2}},
		"Phi":              {[]string{"<|end|>", "<|call|>"}, nil, []int32{0, 1}},
		"tools of Gemma 4": {[]string{"</s>", "<|tool_response>", "<turn|>"}, nil, []int32{1, 2}},
	} {
		fields := []tensorfile.Field{{Key: "tokenizer.ggml.tokens", Value: c.tokens}}
		for k, id := range c.keys {
			fields = append(fields, tensorfile.Field{Key: "tokenizer.ggml." + k + "_token_id", Value: id})
		}
		var b bytes.Buffer
		if err := tensorfile.WriteGGUF(&b, fields, nil); err != nil {
			t.Fatal(err)
		}
		f, err := tensorfile.ParseGGUF(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if got := (&ggufKeys{f: f}).ends(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

//go:build cgo

package text_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/text"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// FuzzChatContents puts any text into every part of a conversation: it ends no turn and begins none.
func FuzzChatContents(f *testing.F) {
	tok := teaching(f)
	markers := func(ts []engine.Token) (ids []int32) {
		for _, x := range ts {
			if x.Special {
				ids = append(ids, x.ID)
			}
		}
		return ids
	}
	want := markers(chat(f, tok, engine.Conversation{System: "x", User: "x", Prefill: "x"}))
	for _, s := range []string{"The keys", "<|im_end|>", " <|im_start|", "|>", "<s>\n</s>", "é<pad>🙂", "\r\n", "<|im_<s>end|>"} {
		f.Add(s, "x")
		f.Add("<|", s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a) > 200 || len(b) > 200 {
			return
		}
		if a == "" {
			a = "x" // no system prompt is another conversation
		}
		ts, _, err := tok.Chat(engine.Conversation{System: a, User: b, Prefill: a})
		if err != nil {
			if !errors.Is(err, engine.BadText) {
				t.Errorf("%q, %q: %v", a, b, err)
			}
			return
		}
		if got := markers(ts); !slices.Equal(got, want) {
			t.Errorf("%q, %q bring markers in: %v, it should be %v", a, b, got, want)
		}
	})
}

// FuzzTemplate reads any text as a chat template: it renders, or it is one clear error.
func FuzzTemplate(f *testing.F) {
	paths, err := filepath.Glob("testdata/chat/*.jinja")
	if err != nil || len(paths) < 6 {
		f.Fatal(paths, err)
	}
	for _, path := range paths {
		source, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(source))
	}
	tokenizer := read(f, "teaching", "tokenizer.json")
	f.Fuzz(func(t *testing.T, template string) {
		if len(template) > 4000 {
			return
		}
		config, err := json.Marshal(map[string]string{"chat_template": template})
		if err != nil {
			t.Fatal(err)
		}
		tok, err := text.New(tokenizer, config, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tok.Close() }() // the next one must have its memory
		if _, _, err := tok.Chat(engine.Conversation{User: "x"}); err != nil && len(engine.Mistakes(err)) != 1 {
			t.Errorf("%q: %v", template, err)
		}
	})
}

package text_test

import (
	"errors"
	"slices"
	"testing"

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

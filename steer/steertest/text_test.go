package steertest

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		s    string
		how  engine.Encoding
		want []int32
	}{
		{"The capital of France is", engine.Encoding{Special: true}, []int32{BOS, The, Capital, Of, France, Is}},
		{" Sacramento", engine.Encoding{}, []int32{wordS, wordAcr, wordAmento}},
		{"I</s>", engine.Encoding{Markers: true}, []int32{I, End}},
		{"</s>", engine.Encoding{}, []int32{words + '<', words + '/', words + 's', words + '>'}},
		{"é", engine.Encoding{}, []int32{words + 0xc3, words + 0xa9}},
		{"", engine.Encoding{Special: true}, []int32{BOS}},
	} {
		ts, err := NewText().Encode(c.s, c.how)
		if err != nil || len(ts) != len(c.want) {
			t.Errorf("Encode(%q) gives %v, %v; want the ids %v", c.s, ts, err, c.want)
			continue
		}
		for i, k := range ts {
			if k.ID != c.want[i] {
				t.Errorf("Encode(%q)[%d] is %d %q, want %d", c.s, i, k.ID, k.Text, c.want[i])
			}
		}
	}
	ts, _ := NewText().Encode("aé", engine.Encoding{})
	if got := ts[2]; got.Start != 1 || got.End != 3 || got.Text != "\uFFFD" {
		t.Errorf("half of é is %+v; want the offsets of the whole character", got)
	}
	if _, err := NewText().Encode("\xff", engine.Encoding{}); !errors.Is(err, steer.BadText) {
		t.Errorf("text that is not UTF-8 gives %v", err)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"The capital", " Sacramento is</s>", "aé漢", "\x00", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		x := NewText()
		ts, err := x.Encode(s, engine.Encoding{})
		if err != nil {
			return
		}
		ids := make([]int32, len(ts))
		for i, k := range ts {
			ids[i] = k.ID
			if k.Start < 0 || k.End > len(s) || k.Start >= k.End || !utf8.ValidString(k.Text) {
				t.Fatalf("token %+v of %q", k, s)
			}
		}
		if back, err := x.Decode(ids); err != nil || back != s {
			t.Fatalf("%q comes back as %q, %v", s, back, err)
		}
	})
}

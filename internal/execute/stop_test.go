package execute

import (
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// TestStop: a text ends before the first of the texts that it stops at, wherever tokens end, and nothing of that text is
// ever shown. What could have been one and was none is shown as soon as that is known.
func TestStop(t *testing.T) {
	for _, c := range []struct {
		all, want string
		stop      string // which one it was
		stops     []string
	}{
		{"one\n\ntwo", "one", "\n\n", []string{"\n\n"}},
		{"one\ntwo", "one\ntwo", "", []string{"\n\n"}},
		{"abcabd", "abc", "abd", []string{"abd"}},
		{"aaab", "a", "aab", []string{"aab"}},
		{"xyz", "x", "yz", []string{"z", "yz"}},
		{"xyz", "x", "yz", []string{"yz", "y!"}},
		{"stop", "", "st", []string{"st"}},
		{"st and sto", "st and ", "sto", []string{"sto"}},
		{"né!", "n", "é", []string{"é"}},
		{"日本語", "日", "本", []string{"本", "語"}},
		{"ends with the beginning of one: </", "ends with the beginning of one: </", "", []string{"</s>"}},
		{"", "", "", []string{"x"}},
		{"x", "x", "", nil},
	} {
		s := stream{text: bytewise{}, stops: c.stops}
		shown := ""
		for _, b := range []byte(c.all) {
			part, err := s.add(int32(b))
			if err != nil {
				t.Fatal(err)
			}
			shown += part
			if !strings.HasPrefix(c.want, shown) {
				t.Errorf("%q, stopping at %q: %q is shown", c.all, c.stops, shown)
			}
			if s.stopped != "" {
				break
			}
		}
		shown += s.rest()
		if s.all != c.want || shown != c.want || s.stopped != c.stop {
			t.Errorf("%q, stopping at %q: %q, shown %q, stopped at %q; want %q, %q", c.all, c.stops, s.all, shown, s.stopped, c.want, c.stop)
		}
	}
	// At once what is certain.
	s := stream{text: bytewise{}, stops: []string{"ab"}}
	var got []string
	for _, b := range []byte("aacab") {
		part, _ := s.add(int32(b))
		got = append(got, part)
	}
	if strings.Join(got, "|") != "|a|ac||" {
		t.Errorf("%q", got)
	}
}

// The longest of several that begin at the same place counts where one token brings them all.
func TestStopAtOnce(t *testing.T) {
	s := stream{text: words{list: []string{"say ", "yes", "yesterday"}}, stops: []string{"yes", "yesterday", "day"}}
	for id := range int32(3) {
		if _, err := s.add(id * 2 % 3); err != nil || s.stopped != "" {
			break
		}
	}
	if s.all != "say " || s.stopped != "yesterday" {
		t.Errorf("%q, stopped at %q", s.all, s.stopped)
	}
}

// words is a Text whose tokens are whole words.
type words struct {
	engine.Tokenizer
	list []string
}

func (w words) DecodeNew(ids []int32) (s string, err error) {
	for _, id := range ids {
		s += w.list[id]
	}
	return s, nil
}

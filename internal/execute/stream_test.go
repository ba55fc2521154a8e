package execute

import (
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// bytewise is a Text of the 256 bytes.
type bytewise struct{ engine.Tokenizer }

func (bytewise) DecodeNew(ids []int32) (string, error) {
	b := make([]byte, len(ids))
	for i, id := range ids {
		b[i] = byte(id)
	}
	return strings.ToValidUTF8(string(b), "\uFFFD"), nil
}

// TestStream: a character is held back until its last byte is there, and what was sent is the text.
func TestStream(t *testing.T) {
	for _, c := range []struct {
		s    string
		want []string
	}{
		{"ab", []string{"a", "b"}},
		{"aé!", []string{"a", "", "é", "!"}},
		{"漢字", []string{"", "", "漢", "", "", "字"}},
		{"🙂", []string{"", "", "", "🙂"}},
		{"a\xffb", []string{"a", "", "\uFFFDb"}},
	} {
		s, got := stream{text: bytewise{}}, []string(nil)
		for _, b := range []byte(c.s) {
			part, err := s.add(int32(b))
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, part)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q streams as %q, want %q", c.s, got, c.want)
		}
	}
}

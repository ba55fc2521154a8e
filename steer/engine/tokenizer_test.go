package engine

import (
	"slices"
	"testing"
)

// TestLabels: every token of an axis has a name, also where several share a character.
func TestLabels(t *testing.T) {
	part := func(raw string) Token { return Token{Text: "\uFFFD", Raw: raw} }
	for _, c := range []struct {
		ts   []Token
		want []string
	}{
		{[]Token{{Text: " a"}, part("e5b7"), part("b4"), {Text: "!"}}, []string{" a", "巴[1/2]", "巴[2/2]", "!"}},
		{[]Token{part("f09f"), part("98"), part("80")}, []string{"😀[1/3]", "😀[2/3]", "😀[3/3]"}},
		{[]Token{{Text: " a\uFFFD", Raw: "2061c3"}, part("a9")}, []string{" aé[1/2]", " aé[2/2]"}},
		{[]Token{part("e5"), {Text: "a"}}, []string{"\uFFFD", "a"}},
		{nil, []string{}},
	} {
		if got := Labels(c.ts); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.ts, got, c.want)
		}
	}
}

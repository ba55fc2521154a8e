package gonbext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, token, running string }{
		{" Paris", "·Paris", "·Paris"},
		{"a b ", "a·b·", "a b·"},
		{"  ", "··", "··"},
		{"\n\n\t\r", `\n\n\t\r`, `\n\n\t\r`},
		{`\n`, `\\n`, `\\n`},
		{"·", `\u00b7`, `\u00b7`},
		{"\u200b\u202e\ufeff\u00a0", `\u200b\u202e\ufeff\u00a0`, `\u200b\u202e\ufeff\u00a0`},
		{"\u0301", `\u0301`, `\u0301`},
		{"e\u0301", "e\u0301", "e\u0301"},
		{"\xff\xfe", `\xff\xfe`, `\xff\xfe`},
		{"\U000e0001", `\U000e0001`, `\U000e0001`},
		{"<b>", "<b>", "<b>"},
		{"", "", ""},
	} {
		if got := visible(c.in); got != c.token {
			t.Errorf("visible(%q) = %q, want %q", c.in, got, c.token)
		}
		if got := readable(c.in); got != c.running {
			t.Errorf("readable(%q) = %q, want %q", c.in, got, c.running)
		}
	}
}

// FuzzToken shows a hostile token on a card: nothing is hidden, nothing becomes an element, nothing is lost.
func FuzzToken(f *testing.F) {
	for _, s := range []string{"", " a", "</td><script>alert(1)</script>", `" onload="x`, "&lt;", "\n", "\xff", "a\u202eb", "é", "·", "x\x00y", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 1000 {
			return
		}
		v := visible(s)
		if !utf8.ValidString(v) || (v == "") != (s == "") {
			t.Fatalf("visible(%q) = %q", s, v)
		}
		for _, r := range v {
			if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("visible(%q) = %q hides %q", s, v, r)
			}
		}
		c := &card{title: words("%s", readable(s)), warnings: []steer.Warning{{Code: "x", Text: s}}}
		c.put(table{heads: []string{visible(s)}, rows: [][]cell{{{tokenSpan(steer.Token{Text: s})}, {tokenSpan(steer.Token{Text: s, Special: true})}}}, more: s})
		c.line(span{s, code}, span{s, strong}, span{s, support})
		got, want := strip(t, c.html()), strings.Fields(c.text())
		if strings.Join(got, "") != strings.Join(want, "") {
			t.Fatalf("%q: HTML says %q, text says %q", s, got, want)
		}
	})
}

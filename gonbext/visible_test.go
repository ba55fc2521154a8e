package gonbext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
)

// TestCardObeysNothing: what stands on a card cannot move a cursor or turn text around, wherever it stands.
func TestCardObeysNothing(t *testing.T) {
	const evil = "a\x1b[31m\u202eb\u009b\ax"
	c := &card{title: words("%s", evil), warnings: []steer.Warning{{Code: "x", Text: evil}}}
	c.put("t", table{heads: []string{evil}, rows: [][]cell{{text(evil)}}, more: evil})
	c.line(span{evil, code})
	c.notef("%s", evil)
	for _, got := range []string{c.html(), c.text()} {
		if i := strings.IndexAny(got, "\x1b\u202e\u009b\a"); i >= 0 {
			t.Errorf("obeyed at %d: %q", i, got)
		}
		if n := strings.Count(got, `\u001b[31m\u202eb\u009b\u0007x`); n != 7 {
			t.Errorf("spelled %d times in %q", n, got)
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
		v := visible.Token(s)
		if !utf8.ValidString(v) || (v == "") != (s == "") {
			t.Fatalf("visible.Token(%q) = %q", s, v)
		}
		for _, r := range v {
			if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("visible.Token(%q) = %q hides %q", s, v, r)
			}
		}
		c := &card{title: words("%s", visible.Text(s)), warnings: []steer.Warning{{Code: "x", Text: s}}}
		c.put("t", table{heads: []string{visible.Token(s)}, rows: [][]cell{{{tokenSpan(steer.Token{Text: s})}, {tokenSpan(steer.Token{Text: s, Special: true})}}}, more: s})
		c.line(span{s, code}, span{s, strong}, span{s, support})
		got, want := strip(t, c.html()), strings.Fields(c.text())
		if strings.Join(got, "") != strings.Join(want, "") {
			t.Fatalf("%q: HTML says %q, text says %q", s, got, want)
		}
	})
}

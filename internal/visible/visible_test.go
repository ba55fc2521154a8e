package visible

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	for _, c := range []struct{ in, token, running, stream string }{
		{" Paris", "·Paris", "·Paris", " Paris"},
		{"a b ", "a·b·", "a b·", "a b "},
		{"  ", "··", "··", "  "},
		{"\n\n\t\r", `\n\n\t\r`, `\n\n\t\r`, "\n\n\t\\r"},
		{`\n`, `\\n`, `\\n`, `\n`},
		{"·", `\u00b7`, `\u00b7`, "·"},
		{"\u200b\u202e\ufeff\u00a0", `\u200b\u202e\ufeff\u00a0`, `\u200b\u202e\ufeff\u00a0`, "\u200b\\u202e\\ufeff\u00a0"},
		{"\u0301", `\u0301`, `\u0301`, "\u0301"},
		{"e\u0301", "e\u0301", "e\u0301", "e\u0301"},
		{"\xff\xfe", `\xff\xfe`, `\xff\xfe`, `\xff\xfe`},
		{"\U000e0001", `\U000e0001`, `\U000e0001`, `\U000e0001`},
		{"\x1b[31m\u009b2J\x00\a", `\u001b[31m\u009b2J\u0000\u0007`, `\u001b[31m\u009b2J\u0000\u0007`, `\u001b[31m\u009b2J\u0000\u0007`},
		{"\u2066a\u2069\u200f\u061c", `\u2066a\u2069\u200f\u061c`, `\u2066a\u2069\u200f\u061c`, `\u2066a\u2069\u200f\u061c`},
		{"\u2028", `\u2028`, `\u2028`, `\u2028`},
		{"👩\u200d💻 巴黎", "👩\\u200d💻·巴黎", "👩\\u200d💻 巴黎", "👩\u200d💻 巴黎"},
		{"<b>", "<b>", "<b>", "<b>"},
		{"", "", "", ""},
	} {
		if got := Token(c.in); got != c.token {
			t.Errorf("Token(%q) = %q, want %q", c.in, got, c.token)
		}
		if got := Text(c.in); got != c.running {
			t.Errorf("Text(%q) = %q, want %q", c.in, got, c.running)
		}
		if got := Stream(c.in); got != c.stream {
			t.Errorf("Stream(%q) = %q, want %q", c.in, got, c.stream)
		}
	}
}

// FuzzStream: nothing comes out that a terminal obeys, in whatever pieces it goes in.
func FuzzStream(f *testing.F) {
	for _, s := range []string{"", "a\nb", "\x1b]0;x\a", "巴黎", "\xe5\xb7", "\xe5a", "a\u202eb", "\u009b"} {
		f.Add(s, 1)
	}
	f.Fuzz(func(t *testing.T, s string, cut int) {
		if len(s) > 1000 {
			return
		}
		var b strings.Builder
		w := NewWriter(&b)
		at := min(max(cut, 0), len(s))
		for _, part := range []string{s[:at], s[at:]} {
			if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
				t.Fatal(n, err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		got := b.String()
		if got != Stream(s) || !utf8.ValidString(got) {
			t.Fatalf("%q in two pieces cut at %d gives %q, in one %q", s, at, got, Stream(s))
		}
		for _, r := range got {
			if r != '\n' && r != '\t' && unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%q gives %q, which a terminal obeys", s, got)
			}
		}
	})
}

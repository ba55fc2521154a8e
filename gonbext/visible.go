package gonbext

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer"
)

// visible spells the text of a token so that every character is seen: a space as ·, a line break as \n, and what has no
// shape of its own, or would change that of its neighbors, as Go's escape.
func visible(s string) string { return spell(s, true) }

// readable is visible for running text: spaces between words stay spaces, those at the ends are shown.
func readable(s string) string {
	body := strings.Trim(s, " ")
	if body == "" {
		return visible(s)
	}
	lead := strings.Index(s, body)
	return strings.Repeat("·", lead) + spell(body, false) + strings.Repeat("·", len(s)-lead-len(body))
}

func spell(s string, spaces bool) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, s[0])
		case r == ' ' && spaces:
			b.WriteRune('·')
		case r == '·':
			b.WriteString(`\u00b7`) // or it would pass for a space
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\\':
			b.WriteString(`\\`)
		case !unicode.IsPrint(r) && r >= 1<<16:
			fmt.Fprintf(&b, `\U%08x`, r)
		case !unicode.IsPrint(r) || (b.Len() == 0 && unicode.Is(unicode.M, r)): // a lone accent would sit on what is before it
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}

// tokenSpan shows one token; a marker such as <s> is set apart from text that looks like it.
func tokenSpan(t steer.Token) span {
	if t.Special {
		return span{visible(t.Text), marker}
	}
	return span{visible(t.Text), token}
}

// textOf joins the tokens of a text, markers before it left out, and shortens it to its last 60 characters.
func textOf(ts []steer.Token) string {
	for len(ts) > 1 && ts[0].Special {
		ts = ts[1:]
	}
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Text)
	}
	return tail(readable(b.String()), 60)
}

// textSpansOf shows running text; markers are set apart from text that looks like them.
func textSpansOf(ts []steer.Token, l look) []span {
	var ss []span
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			ss = append(ss, span{readable(run.String()), l})
			run.Reset()
		}
	}
	for _, t := range ts {
		if !t.Special {
			run.WriteString(t.Text)
			continue
		}
		flush()
		ss = append(ss, span{visible(t.Text), marker})
	}
	flush()
	return ss
}

// tail returns the last n characters of s, with … where something is missing.
func tail(s string, n int) string {
	rs := []rune(s)
	if len(rs) <= n {
		return s
	}
	return "…" + string(rs[len(rs)-n:])
}

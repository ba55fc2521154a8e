package gonbext

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// tokenSpan shows one token; a marker such as <s> is set apart from text that looks like it.
func tokenSpan(t steer.Token) span {
	if t.Special {
		return span{visible.Token(t.Text), marker}
	}
	return span{visible.Token(t.Bytes()), token}
}

// labelSpans shows each token of a text; one that is part of a character says of which, and which part.
func labelSpans(ts []steer.Token) []span {
	out := make([]span, len(ts))
	for i, s := range engine.Labels(ts) {
		out[i] = span{visible.Token(s), token}
		if ts[i].Special {
			out[i].look = marker
		}
	}
	return out
}

// textOf joins the tokens of a text, markers before it left out, and shortens it to its last 60 characters.
func textOf(ts []steer.Token) string {
	for len(ts) > 1 && ts[0].Special {
		ts = ts[1:]
	}
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.Bytes()) // the bytes of a character may be spread over tokens
	}
	return tail(visible.Text(b.String()), 60)
}

// textSpansOf shows running text; markers are set apart from text that looks like them.
func textSpansOf(ts []steer.Token, l look) []span {
	var ss []span
	var run strings.Builder
	flush := func() {
		if run.Len() > 0 {
			ss = append(ss, span{visible.Text(run.String()), l})
			run.Reset()
		}
	}
	for _, t := range ts {
		if !t.Special {
			run.WriteString(t.Bytes()) // joined bytes are whole characters again; what is none is spelled
			continue
		}
		flush()
		ss = append(ss, span{visible.Token(t.Text), marker})
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

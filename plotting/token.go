package plotting

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// labelLen is the length of the longest token label; a longer token ends in an ellipsis. A special token is longer before it does:
// half of <|start_header_id|> is none.
const (
	labelLen   = 16
	specialLen = 32
)

// begins are the spellings of the token that begins a text, in Llama 2 and 3, Gemma, LFM and others.
var begins = map[string]bool{"<s>": true, "<|begin_of_text|>": true, "<bos>": true, "<|startoftext|>": true, "[BOS]": true}

// tokenLabels returns what is drawn for each token: white space made visible, what has no shape named, at most labelLen
// characters, and a special token as it is. None is empty. A character whose bytes are spread over neighbors stands
// with each of them and says which part that is, e.g. 巴[1/2] and 巴[2/2].
func tokenLabels(tokens []string) []string {
	texts, ends, all := make([]string, len(tokens)), make([]int, len(tokens)), ""
	for i, token := range tokens {
		texts[i] = shortName(token)
		all += texts[i]
		ends[i] = len(all)
	}
	pieces := make([][]string, len(tokens))
	for at, i := 0, 0; at < len(all); {
		for ends[i] <= at {
			i++
		}
		r, n := utf8.DecodeRuneInString(all[at:])
		piece, last := spell(r, all[at:at+n], len(pieces[i]) > 0), i
		for ends[last] < at+n {
			last++
		}
		if last == i {
			pieces[i] = append(pieces[i], piece)
		} else {
			owners := slices.DeleteFunc(upTo(i, last), func(k int) bool { return texts[k] == "" })
			for part, k := range owners {
				pieces[k] = append(pieces[k], fmt.Sprintf("%s[%d/%d]", piece, part+1, len(owners)))
			}
		}
		at += n
	}
	labels := make([]string, len(tokens))
	for i, p := range pieces {
		most := labelLen
		if special(texts[i]) {
			most = specialLen
		}
		labels[i] = shortLabel(p, most)
	}
	return labels
}

// upTo returns the whole numbers from a to b.
func upTo(a, b int) (out []int) {
	for ; a <= b; a++ {
		out = append(out, a)
	}
	return out
}

// shortName names the token that begins a text.
func shortName(token string) string {
	if begins[token] {
		return "BOS"
	}
	return token
}

// special reports whether a token looks like one that a tokenizer adds, e.g. <|im_start|>, </s> or [INST].
func special(token string) bool { return whole.FindString(token) == token && token != "" }

// whole is what no line breaks in and no ellipsis cuts.
var whole = regexp.MustCompile(`<\|[^\s<>|]+\|>|</?[A-Za-z_]+>|\[/?[A-Z_]+\]`)

// shortLabel joins the pieces of a label as far as there is room.
func shortLabel(pieces []string, most int) string {
	if len(pieces) == 0 {
		return `""`
	}
	label, length := "", 0
	for i, p := range pieces {
		size, rest := utf8.RuneCountInString(p), i < len(pieces)-1
		if length > 0 && (length+size > most || length+size == most && rest) {
			return label + "…"
		}
		label, length = label+p, length+size
	}
	return label
}

// spell returns how one character of a token is drawn; bytes are its encoding. What sits on a letter needs one before.
func spell(r rune, bytes string, after bool) string {
	switch {
	case r == '▁': // SentencePiece's space
		return "·"
	case r == '·': // or it would pass for one
		return named(r)
	case unicode.Is(unicode.M, r) && after:
		return bytes
	case unicode.Is(unicode.M, r):
		return drawable(bytes)
	case r == utf8.RuneError && len(bytes) == 1, unicode.IsPrint(r) || r < ' ' && strings.ContainsRune("\n\t\r", r):
		return drawable(visible.Token(bytes))
	}
	return named(r)
}

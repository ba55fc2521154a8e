package plotting

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// labelLen is the length of the longest token label; a longer token ends in an ellipsis.
const labelLen = 16

// begins are the spellings of the token that begins a text, in Llama 2 and 3, Gemma, LFM and others.
var begins = map[string]bool{"<s>": true, "<|begin_of_text|>": true, "<bos>": true, "<|startoftext|>": true, "[BOS]": true}

// tokenLabels returns what is drawn for each token: white space made visible, special tokens named shortly, what the font
// lacks escaped, at most labelLen characters. None is empty. A character whose bytes are spread over neighbors stands
// with each of them and says which part that is, e.g. \u5df4[1/2] and \u5df4[2/2].
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
		piece, last := spell(r, all[at:at+n]), i
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
		labels[i] = shortLabel(p)
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

// shortName names a special token.
func shortName(token string) string {
	if begins[token] {
		return "BOS"
	}
	if name, ok := strings.CutPrefix(token, "<|"); ok {
		if name, ok = strings.CutSuffix(name, "|>"); ok && name != "" {
			return "<" + name + ">"
		}
	}
	return token
}

// shortLabel joins the pieces of a label as far as there is room.
func shortLabel(pieces []string) string {
	if len(pieces) == 0 {
		return `""`
	}
	label, length := "", 0
	for i, p := range pieces {
		size, rest := utf8.RuneCountInString(p), i < len(pieces)-1
		if length > 0 && (length+size > labelLen || length+size == labelLen && rest) {
			return label + "…"
		}
		label, length = label+p, length+size
	}
	return label
}

// spell returns how one character of a token is drawn; bytes are its encoding.
func spell(r rune, bytes string) string {
	if r == '▁' { // SentencePiece's space
		return "·"
	}
	return mono().drawable(visible.Token(bytes))
}

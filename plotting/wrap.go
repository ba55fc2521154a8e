package plotting

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
)

// interval is one in brackets, e.g. [.62, .78].
var interval = regexp.MustCompile(`\[([^][ ]+), ([^][ ]+)\]`)

// token is a quoted one, e.g. " wonderful". Those without a space are matched too, so that what stands between two is not taken for one.
var token = regexp.MustCompile(`" ?([^" ]+)"`)

// wrap breaks a text into lines no longer than the room, at spaces and, within a word that is too long, anywhere.
// The last of at most n lines ends in an ellipsis where text is left over. A percent sign stays with its number, and a
// quoted token with the space it begins with, and the ends of an interval together.
func wrap(f typeface, text string, room vg.Length, n int) (lines []string) {
	const joined = hold
	text = strings.ReplaceAll(drawable(text), " %", joined+"%")
	text = token.ReplaceAllStringFunc(text, func(s string) string { return strings.Replace(s, " ", joined, 1) })
	text = interval.ReplaceAllString(text, "[$1,"+joined+"$2]")
	words := slices.DeleteFunc(strings.Split(text, " "), func(s string) bool { return s == "" })
	line := ""
	for len(words) > 0 {
		longer := strings.TrimPrefix(line+" "+words[0], " ")
		if f.width(longer) <= room {
			line, words = longer, words[1:]
			continue
		}
		if len(lines) == n-1 {
			return append(lines, shortened(f, longer, room))
		}
		if line == "" { // one word alone is too long
			head := cut(f, words[0], room)
			line, words[0] = head, words[0][len(head):]
		}
		lines, line = append(lines, line), ""
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// cut returns the longest beginning of s that fits the room, at least one character, and no part of a special token
// where anything stands before it.
func cut(f typeface, s string, room vg.Length) string {
	fits := 0
	for i := range s {
		if i > 0 && f.width(s[:i]) > room {
			break
		}
		fits = i
	}
	for _, w := range whole.FindAllStringIndex(s, -1) {
		if w[0] > 0 && w[0] < fits && fits < w[1] {
			fits = w[0]
		}
	}
	if fits == 0 {
		_, fits = utf8.DecodeRuneInString(s)
	}
	return s[:fits]
}

// shortened cuts s so that it fits with an ellipsis.
func shortened(f typeface, s string, room vg.Length) string {
	return strings.TrimRight(cut(f, s, room-f.width("…")), " ") + "…"
}

package plotting

import (
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
)

// interval is one in brackets, e.g. [.62, .78].
var interval = regexp.MustCompile(`\[([^][ ]+), ([^][ ]+)\]`)

// token is a quoted one, e.g. " wonderful". Those without a space are matched too, so that what stands between two is not taken for one.
var token = regexp.MustCompile(`" ?([^" ]+)"`)

// wrap breaks a text into lines no longer than the room, at spaces and, within a word that is too long, anywhere.
// The last of at most n lines has an ellipsis in its middle where text is left over: two texts often differ at their ends. A percent sign stays with its number, and a
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
			return append(lines, shortened(f, strings.Join(append([]string{longer}, words[1:]...), " "), room))
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

// shortened cuts s in the middle so that it fits with an ellipsis; of what is left two thirds are its beginning.
func shortened(f typeface, s string, room vg.Length) string {
	room -= f.width("…")
	head := strings.TrimRight(cut(f, s, room*2/3), " ")
	if at := strings.LastIndexAny(head, " "+hold); at > len(head)/2 && at+1 < len(head) && !strings.HasPrefix(s[len(head):], " ") {
		head = strings.TrimRight(head[:at], " "+hold) // half a number would be another one
	}
	return head + "…" + strings.TrimLeft(ending(f, s[len(head):], room-f.width(head)), " "+hold)
}

// ending returns the longest end of s that fits the room, and no part of a special token; it may be empty.
func ending(f typeface, s string, room vg.Length) string {
	from := len(s)
	for i := range backward(s) {
		if f.width(s[i:]) > room {
			break
		}
		from = i
	}
	for _, w := range whole.FindAllStringIndex(s, -1) {
		if w[0] < from && from < w[1] {
			from = w[1]
		}
	}
	switch at := strings.IndexAny(s[from:], " "+hold); { // half a number would be another one
	case from == 0 || at == 0 || s[from-1] == ' ':
	case at > 0:
		from += at
	case strings.ContainsFunc(s[from:], unicode.IsDigit):
		from = len(s)
	}
	return s[from:]
}

// backward goes through where the characters of s begin, from the last.
func backward(s string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := len(s); i > 0; {
			_, n := utf8.DecodeLastRuneInString(s[:i])
			if i -= n; !yield(i) {
				return
			}
		}
	}
}

// apartNames shortens names to a room so that no two that differ look alike: of those that would, only what differs is shown.
func apartNames(f typeface, names []string, room vg.Length) []string {
	out, same := make([]string, len(names)), map[string][]int{}
	for i, name := range names {
		out[i] = oneLine(f, name, room)
		same[out[i]] = append(same[out[i]], i)
	}
	for _, of := range same {
		head, tail := names[of[0]], names[of[0]]
		for _, i := range of {
			head, tail = commonPrefix(head, names[i]), commonSuffix(tail, names[i])
		}
		for _, i := range of {
			if name := names[i]; len(of) > 1 && len(head)+len(tail) < len(name) {
				out[i] = oneLine(f, "…"+name[len(head):len(name)-len(tail)]+"…", room)
			}
		}
	}
	return out
}

func commonPrefix(a, b string) string {
	n := 0
	for i, r := range a {
		if q, m := utf8.DecodeRuneInString(b[min(i, len(b)):]); q != r || m == 0 {
			break
		}
		n = i + utf8.RuneLen(r)
	}
	return a[:min(n, len(a))]
}

func commonSuffix(a, b string) string {
	n := 0
	for i := range backward(a) {
		if !strings.HasSuffix(b, a[i:]) {
			break
		}
		n = len(a) - i
	}
	return a[len(a)-n:]
}

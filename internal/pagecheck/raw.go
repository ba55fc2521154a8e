package pagecheck

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// raws is text that was meant for a machine.
var raws = []struct {
	what string
	is   *regexp.Regexp
}{
	{"an escape of a terminal", regexp.MustCompile(`\\x1[bB]|\\033|\\e\[|\x1b|␛`)},
	{"a verb of fmt", regexp.MustCompile(`%!.?\(|%!\w`)},
	{"a character that could not be read", regexp.MustCompile("\uFFFD")},
	{"a pointer", regexp.MustCompile(`\b0x?c0[0-9a-f]{8}\b|&\{|\*[a-z]+\.[A-Z]\w*\b\(0x|\(\*[a-z]+\.[A-Z]\w*\)\(`)},
	{"a value that is not there", regexp.MustCompile(`<nil>|\bmap\[[^\]]*:|\bstruct \{`)},
	{"a number that is none", regexp.MustCompile(`\bNaN\b`)},
}

// escaped is the escape of a character: right for what cannot be seen, and for nothing else.
var escaped = regexp.MustCompile(`\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\u\{[0-9a-fA-F]+\}`)

// machinePath is a path below a folder of a person or of a machine; ~ and relative paths are of nobody.
var machinePath = regexp.MustCompile(`(?:^|[\s"'(\[=:>,;“])((?:file://)?/(?:home|Users|root|tmp|var|work|private|mnt|opt|usr)/[^\s"'<>)\],;]+|[A-Za-z]:\\(?:Users|Temp|Windows)\\[^\s"'<>)]+)`)

// spoken are the attributes that are read or shown.
var spoken = map[string]bool{"alt": true, "title": true, "aria-label": true, "placeholder": true, "summary": true, "content": true}

// text looks at all that can be read.
func (r *report) text(doc *html.Node) {
	walk(doc, func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			for _, a := range n.Attr {
				if spoken[a.Key] {
					r.reads(a.Key+" of <"+n.Data+">", a.Val)
				}
			}
			return n.Data != "script" && n.Data != "style" && n.Data != "template"
		}
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			if within(n, "code", "pre", "samp", "kbd") { // code may spell what a reader should not have to read elsewhere
				r.paths("<code>", n.Data)
			} else {
				r.reads("text", n.Data)
			}
		}
		return true
	})
}

func (r *report) reads(where, s string) {
	for _, m := range escaped.FindAllStringSubmatchIndex(s, -1) {
		digits := s[m[0]:m[1]]
		if x, err := strconv.ParseUint(strings.Trim(digits[2:], "{}"), 16, 32); err == nil && unicode.IsPrint(rune(x)) {
			r.addf("raw", "%s has an escape of a character that can be shown, %c: %q", where, rune(x), around(s, m))
		}
	}
	for _, raw := range raws {
		if i := raw.is.FindStringIndex(s); i != nil {
			r.addf("raw", "%s has %s: %q", where, raw.what, around(s, i))
		}
	}
	r.paths(where, s)
}

func (r *report) paths(where, s string) {
	for _, m := range machinePath.FindAllStringSubmatch(s, -1) {
		r.addf("path", "%s has a path of a machine: %s", where, short(m[1]))
	}
}

// around returns a place with what is beside it.
func around(s string, at []int) string {
	from, to := max(0, at[0]-20), min(len(s), at[1]+20)
	return strings.ToValidUTF8(s[from:to], "")
}

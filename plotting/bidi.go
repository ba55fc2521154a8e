package plotting

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// visual returns a line in the order in which its characters stand from left to right, and tells those that are read from right to
// left to join and to mirror: of a text with Latin letters the left end is the beginning, of others the right one.
func visual(s string) string {
	if !strings.ContainsFunc(s, turned) {
		return s
	}
	if strings.ContainsFunc(s, func(r rune) bool { return directed(r, bidi.L) }) { // a quotation is a unit of its own among Latin letters
		if from, to := strings.Index(s, "“"), strings.Index(s, "”"); from >= 0 && to > from {
			return visual(s[:from]) + "“" + visual(s[from+len("“"):to]) + "”" + visual(s[to+len("”"):])
		}
	}
	const mark = "\u200e" // a letter of the direction of Latin, without a shape; the package finds the beginning by the first letter
	from := ""
	if strings.ContainsFunc(s, func(r rune) bool { return directed(r, bidi.L) }) {
		from = mark
	}
	var p bidi.Paragraph
	if _, err := p.SetString(from + shaped(s)); err != nil {
		return s
	}
	order, err := p.Order()
	if err != nil {
		return s
	}
	var runs []string
	var back, digits []bool // read from the right; a number among such
	for i := range order.NumRuns() {
		r := order.Run(i)
		text, turns := strings.TrimPrefix(r.String(), mark), r.Direction() == bidi.RightToLeft
		// The package says which way each run is read and not in which order they stand. A number behind a word that is read from the
		// right stands left of it (rules W2 and L2 of Unicode Standard Annex #9).
		if n := len(number.FindString(text)); !turns && n > 0 && i > 0 && back[len(back)-1] {
			runs, back, digits = append(runs, text[:n]), append(back, true), append(digits, true)
			text = text[n:]
		}
		if text != "" {
			runs, back, digits = append(runs, text), append(back, turns), append(digits, false)
		}
	}
	var b strings.Builder
	for i := 0; i < len(runs); {
		k := i
		for k < len(runs) && (back[k] || from == "") { // without Latin letters all of it begins at the right
			k++
		}
		for at := k - 1; at >= i; at-- {
			if back[at] && !digits[at] {
				b.WriteString(mirrored(runs[at]))
			} else {
				b.WriteString(runs[at])
			}
		}
		if k == i {
			b.WriteString(runs[i])
			k++
		}
		i = k
	}
	return b.String()
}

// number is one at the beginning of a text.
var number = regexp.MustCompile(`^\p{Nd}[\p{Nd}.,:/]*%?`)

// turned reports whether a character belongs to a script that is read from right to left.
func turned(r rune) bool { return r >= 0x590 && (directed(r, bidi.R) || directed(r, bidi.AL)) }

func directed(r rune, c bidi.Class) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == c
}

// mirrors are characters other than brackets that turn with the direction.
var mirrors = strings.NewReplacer("<", ">", ">", "<", "«", "»", "»", "«", "‹", "›", "›", "‹")

// mirrored returns s as it stands when it is read from the right. What sits on a letter still comes after it.
func mirrored(s string) string {
	r := []rune(mirrors.Replace(bidi.ReverseString(s)))
	for i := 0; i < len(r); i++ {
		from := i
		for i < len(r)-1 && unicode.Is(unicode.M, r[i]) {
			i++
		}
		slices.Reverse(r[from : i+1])
	}
	return string(r)
}

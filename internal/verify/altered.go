package verify

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/report"
)

// An Alteration is an output that is not as it was shown.
type Alteration struct {
	Where string
	Type  string // what was shown
	What  string // what is wrong with it
}

// String says it in a line.
func (a Alteration) String() string { return fmt.Sprintf("%s (%s): %s", a.Where, a.Type, a.What) }

// Altered returns what was changed since it was made.
func (f *File) Altered() (out []Alteration) {
	if f.Around {
		out = append(out, Alteration{"the page", "words and tables around the outputs", "something is not as it was written"})
	}
	for _, o := range f.Outputs {
		for _, kind := range o.Origin.Altered(o.Forms) {
			what := "the " + kind + " is not what was shown"
			switch _, there := o.Forms[kind]; {
			case !there:
				what = "the " + kind + " is missing"
			case o.Origin.Shown[kind] == "":
				what = "the " + kind + " was added"
			default:
				if number := o.changedNumber(kind); number != "" {
					what += ": " + number
				}
			}
			out = append(out, Alteration{o.Where, o.Origin.Type, what})
		}
	}
	return out
}

// numeral is a number as people read it: signs, digits, and what parts them.
var numeral = regexp.MustCompile(`[+−-]?\d+(?:[.,]\d+)*(?:e[+−-]?\d+)?`)

// changedNumber says which number of a form is not in another form of the same output that is as it was shown.
func (o Output) changedNumber(kind string) string {
	if strings.HasPrefix(kind, "image/") {
		return ""
	}
	altered := map[string]bool{}
	for _, k := range o.Origin.Altered(o.Forms) {
		altered[k] = true
	}
	other, name := o.Text, "the record of the page"
	for k, b := range o.Forms {
		if k != kind && !altered[k] && strings.HasPrefix(k, "text/") {
			other, name = words(k, b), k
		}
	}
	if other == "" {
		return ""
	}
	mine, theirs := numeral.FindAllString(words(kind, o.Forms[kind]), -1), numeral.FindAllString(other, -1)
	extra, lost := differences(mine, theirs), differences(theirs, mine)
	switch {
	case len(extra) > 0 && len(lost) > 0:
		return fmt.Sprintf("it says %s where %s says %s", strings.Join(extra, ", "), name, strings.Join(lost, ", "))
	case len(extra) > 0:
		return fmt.Sprintf("it says %s, which %s does not", strings.Join(extra, ", "), name)
	case len(lost) > 0:
		return fmt.Sprintf("it lacks %s, which %s says", strings.Join(lost, ", "), name)
	}
	return "no number of it"
}

// words returns the text of a form.
func words(kind string, b []byte) string {
	if kind == "text/html" {
		return report.Text(string(b))
	}
	return string(b)
}

// differences returns what a has more often than b.
func differences(a, b []string) (out []string) {
	n := map[string]int{}
	for _, s := range b {
		n[s]++
	}
	for _, s := range a {
		if n[s]--; n[s] < 0 {
			out = append(out, s)
		}
	}
	return out
}

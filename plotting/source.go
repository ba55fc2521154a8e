package plotting

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A source is what a drawn value says about itself. Each part is optional, found by type assertion, and asked once.
type source struct {
	name, method, about, unit string
	interventions             string // what the model was run under
	n                         int
	of                        string
}

// describe asks x for whatever it has to say.
func describe(x any) (s source) {
	if v, ok := x.(interface{ Name() string }); ok {
		s.name = v.Name()
	}
	if v, ok := x.(interface{ Method() string }); ok {
		s.method = v.Method()
	}
	if v, ok := x.(interface{ About() string }); ok {
		s.about = v.About()
	}
	if v, ok := x.(interface{ Interventions() string }); ok {
		s.interventions = v.Interventions()
	}
	if v, ok := x.(interface{ Unit() string }); ok {
		s.unit = v.Unit()
	}
	if v, ok := x.(interface{ N() (int, string) }); ok {
		s.n, s.of = v.N()
	}
	return s
}

// subtitle says method, metric and sample, e.g. `Relevance attribution of logit(" Austin"), 1 prompt`; without a
// method it is the fallback. What a method says after a comma follows the metric, and a sample that it names is not
// repeated.
func (s source) subtitle(fallback string) string {
	text, more := fallback, ""
	if s.method != "" {
		text, more, _ = strings.Cut(s.method, ", ")
	}
	if s.about != "" {
		text += " of " + s.about
	}
	if more != "" {
		text += ", " + more
	}
	if sample := grouped(s.n) + " " + s.of; s.of != "" && !strings.Contains(more, sample) && !strings.Contains(s.about, sample) {
		text += ", " + sample
	}
	if s.name != "" {
		return s.name + ": " + text
	}
	return capitalized(text)
}

// under says what the model was run under; nothing where that is the model as it is.
func (s source) under() string {
	if s.interventions == "" {
		return ""
	}
	return "under " + s.interventions
}

// quantity names an axis of scores, with the unit.
func (s source) quantity() string { return s.named("Score") }

// named names an axis, with the unit.
func (s source) named(what string) string {
	if s.unit == "" {
		return what
	}
	return what + " (" + s.unit + ")"
}

// with appends the unit to a number.
func (s source) with(number string) string {
	if s.unit == "" {
		return number
	}
	return number + " " + s.unit
}

// capitalized returns s with its first letter in upper case.
func capitalized(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

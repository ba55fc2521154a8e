package pagecheck

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// A Finding is one thing that is wrong.
type Finding struct {
	File   string // as it was given
	Output string // where in the file: "cell 3, output 1 (text/html)"; empty for a whole page
	Rule   string // which rule: "alt", "table", "contrast", "heading", "request", "raw", "path", "page"
	What   string // what is wrong, and where
}

// String returns one line.
func (f Finding) String() string {
	at := f.File
	if f.Output != "" {
		at += ": " + f.Output
	}
	return fmt.Sprintf("%s: %s: %s", at, f.Rule, f.What)
}

// A report gathers what is wrong with one document.
type report struct {
	file, output string
	found        []Finding
}

func (r *report) addf(rule, format string, a ...any) {
	r.found = append(r.found, Finding{r.file, r.output, rule, fmt.Sprintf(format, a...)})
}

// Page checks a whole HTML document.
func Page(file string, page []byte) []Finding {
	r := &report{file: file}
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		r.addf("page", "it cannot be read: %v", err)
		return r.found
	}
	r.document(doc)
	r.headings(headingsOf(doc), true)
	r.everywhere(doc)
	for _, t := range documentThemes(doc) {
		r.contrast(doc, t)
	}
	return r.found
}

// Output checks the HTML that a cell has shown. It stands on the page of a host, so it brings no page of its own.
func Output(file, output string, fragment string) []Finding {
	r := &report{file: file, output: output}
	r.fragment(fragment)
	return r.found
}

func (r *report) fragment(s string) {
	doc, err := html.Parse(strings.NewReader(s)) // a parser takes a fragment as the body of a document
	if err != nil {
		r.addf("page", "it cannot be read: %v", err)
		return
	}
	if h := headingsOf(doc); len(h) > 0 {
		r.addf("heading", "an output has a heading of its own, %q, which breaks the order of the notebook's", h[0].text)
	}
	r.everywhere(doc)
	for _, t := range hostThemes {
		r.contrast(doc, t)
	}
}

// everywhere is what holds for documents and outputs alike.
func (r *report) everywhere(doc *html.Node) {
	r.pictures(doc)
	r.tables(doc)
	r.requests(doc)
	r.text(doc)
}

// document checks what only a whole page has.
func (r *report) document(doc *html.Node) {
	root := first(doc, "html")
	if root == nil || attr(root, "lang") == "" {
		r.addf("page", "<html> has no lang")
	}
	if t := first(doc, "title"); t == nil || strings.TrimSpace(textOf(t)) == "" {
		r.addf("page", "there is no <title>")
	}
}

package pagecheck

import (
	"strings"

	"golang.org/x/net/html"
)

// pictures looks for what can only be seen.
func (r *report) pictures(doc *html.Node) {
	elements(doc, func(n *html.Node) {
		if alt, ok := lookup(n, "alt"); !ok || strings.TrimSpace(alt) == "" {
			r.addf("alt", "<%s> without alt, src %.40q", n.Data, attr(n, "src"))
		}
	}, "img", "area")
	elements(doc, func(n *html.Node) {
		if within(n.Parent, "svg") || hidden(n) || named(n) {
			return
		}
		if t := first(n, "title"); t == nil || strings.TrimSpace(textOf(t)) == "" {
			r.addf("alt", "<%s> without a name: aria-label or <title>", n.Data)
		}
	}, "svg")
	elements(doc, func(n *html.Node) {
		if !hidden(n) && !named(n) && strings.TrimSpace(textOf(n)) == "" {
			r.addf("alt", "<%s> without a name: aria-label, or text in it", n.Data)
		}
	}, "canvas", "button", "video", "audio", "iframe", "object")
	labels := map[string]bool{}
	elements(doc, func(n *html.Node) { labels[attr(n, "for")] = true }, "label")
	elements(doc, func(n *html.Node) {
		if attr(n, "type") != "hidden" && !named(n) && !within(n, "label") && !labels[attr(n, "id")] {
			r.addf("alt", "<%s> without a label", n.Data)
		}
	}, "input", "select", "textarea")
}

func hidden(n *html.Node) bool {
	for p := n; p != nil; p = p.Parent {
		if _, off := lookup(p, "hidden"); off || attr(p, "aria-hidden") == "true" {
			return true
		}
	}
	return false
}

func named(n *html.Node) bool {
	return strings.TrimSpace(attr(n, "aria-label")+attr(n, "aria-labelledby")+attr(n, "title")) != ""
}

// tables looks for tables that do not say what they hold, and heads that do not say of what.
func (r *report) tables(doc *html.Node) {
	elements(doc, func(n *html.Node) {
		if role := attr(n, "role"); role == "presentation" || role == "none" {
			return
		}
		what := short(textOf(n))
		if c := first(n, "caption"); c == nil || strings.TrimSpace(textOf(c)) == "" {
			r.addf("table", "no caption: %q", what)
		}
		heads := 0
		elements(n, func(h *html.Node) {
			heads++
			switch attr(h, "scope") {
			case "row", "col", "rowgroup", "colgroup":
			default:
				r.addf("table", "a head without scope, %q, in %q", short(textOf(h)), what)
			}
			if strings.TrimSpace(textOf(h)) == "" && first(h, "img") == nil && !named(h) {
				r.addf("table", "an empty head in %q", what)
			}
		}, "th")
		if heads == 0 {
			r.addf("table", "no heads: %q", what)
		}
	}, "table")
}

// A heading is one of a document or a notebook.
type heading struct {
	level int
	text  string
}

func headingsOf(doc *html.Node) (out []heading) {
	elements(doc, func(n *html.Node) {
		if !hidden(n) {
			out = append(out, heading{int(n.Data[1] - '0'), short(textOf(n))})
		}
	}, "h1", "h2", "h3", "h4", "h5", "h6")
	return out
}

// headings looks for headings that skip a level; a document has one of the first.
func (r *report) headings(all []heading, whole bool) {
	last, firsts := 0, 0
	for _, h := range all {
		if h.text == "" {
			r.addf("heading", "an empty heading of level %d", h.level)
		}
		if h.level > last+1 {
			r.addf("heading", "%q is of level %d after one of level %d", h.text, h.level, last)
		}
		if last = h.level; h.level == 1 {
			firsts++
		}
	}
	if whole && firsts != 1 {
		r.addf("heading", "%d headings of level 1, want one", firsts)
	}
}

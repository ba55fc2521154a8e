package pagecheck

import (
	"strings"

	"golang.org/x/net/html"
)

// walk calls f for n and everything in it, in the order of the document, until f returns false for what is within a node.
func walk(n *html.Node, f func(*html.Node) bool) {
	if !f(n) {
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		walk(c, f)
	}
}

// elements calls f for every element of these names; without names for every element.
func elements(n *html.Node, f func(*html.Node), names ...string) {
	walk(n, func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			if len(names) == 0 {
				f(n)
			}
			for _, name := range names {
				if n.Data == name {
					f(n)
				}
			}
		}
		return true
	})
}

func first(n *html.Node, name string) (out *html.Node) {
	elements(n, func(x *html.Node) {
		if out == nil {
			out = x
		}
	}, name)
	return out
}

// attr returns an attribute, "" where there is none.
func attr(n *html.Node, name string) string {
	s, _ := lookup(n, name)
	return s
}

func lookup(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// textOf joins the text in a node, scripts and styles included.
func textOf(n *html.Node) string {
	var b strings.Builder
	walk(n, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		return true
	})
	return b.String()
}

// within reports whether a node is in an element of one of these names.
func within(n *html.Node, names ...string) bool {
	for p := n; p != nil; p = p.Parent {
		for _, name := range names {
			if p.Type == html.ElementNode && p.Data == name {
				return true
			}
		}
	}
	return false
}

// short cuts a text for a finding.
func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

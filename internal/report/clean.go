package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// kept are the elements that a document needs. Of others the contents stay; of those in dropped nothing does.
var (
	kept    = strings.Fields("a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure hr i img ins kbd li mark ol p pre progress q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var")
	dropped = strings.Fields("script style template iframe object embed noscript head title svg math audio video canvas form input button select textarea link meta base")
	plain   = strings.Fields("alt cite class colspan dir height lang max open role rowspan scope span start title value width")
)

// A cleaner copies HTML without what could act, ask for something, or stand outside of its place.
type cleaner struct {
	level  func(level int) int // what becomes of a heading; nil: a line in bold
	tables *int                // counts those without a caption, which get one; nil: they stay without
}

// clean returns a fragment of HTML that shows the same and does nothing.
func (c cleaner) clean(fragment string) (string, error) {
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	for _, n := range nodes {
		for _, m := range c.copy(n) {
			if err := html.Render(&b, m); err != nil {
				return "", err
			}
		}
	}
	return b.String(), nil
}

// copy returns what stays of a node.
func (c cleaner) copy(n *html.Node) []*html.Node {
	switch n.Type {
	case html.TextNode:
		return []*html.Node{{Type: html.TextNode, Data: n.Data}}
	case html.ElementNode:
	default: // comments, doctypes
		return nil
	}
	if slices.Contains(dropped, n.Data) {
		return nil
	}
	var inner []*html.Node
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		inner = append(inner, c.copy(k)...)
	}
	name := n.Data
	if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
		if c.level == nil {
			name = "div"
			inner = []*html.Node{element("b", nil, inner)}
		} else {
			name = fmt.Sprintf("h%d", c.level(int(name[1]-'0')))
		}
	} else if !slices.Contains(kept, name) {
		return inner
	}
	attrs := attributes(n)
	if name == "img" && !slices.ContainsFunc(attrs, func(a html.Attribute) bool { return a.Key == "src" }) {
		return []*html.Node{{Type: html.TextNode, Data: "[" + attribute(n, "alt") + "]"}} // it stands somewhere else
	}
	switch {
	case name == "th" && n.Parent != nil && n.Parent.Parent != nil && n.Parent.Parent.Data == "thead" && attribute(n, "scope") == "":
		attrs = append(attrs, html.Attribute{Key: "scope", Val: "col"})
	case name == "table" && c.tables != nil:
		*c.tables++
		caption := element("caption", nil, []*html.Node{{Type: html.TextNode, Data: fmt.Sprintf("Table %d", *c.tables)}})
		inner = append([]*html.Node{caption}, inner...)
	}
	return []*html.Node{element(name, attrs, inner)}
}

func element(name string, attrs []html.Attribute, inner []*html.Node) *html.Node {
	e := &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name)), Attr: attrs}
	for _, k := range inner {
		e.AppendChild(k)
	}
	return e
}

// attributes returns those that look like something and do nothing.
func attributes(n *html.Node) (out []html.Attribute) {
	for _, a := range n.Attr {
		value := strings.ToLower(strings.TrimSpace(a.Val))
		ok := slices.Contains(plain, a.Key) || strings.HasPrefix(a.Key, "aria-")
		switch a.Key {
		case "style":
			ok = !strings.ContainsAny(value, `\@`) && !strings.Contains(value, "url(") && !strings.Contains(value, "position") && !strings.Contains(value, "image-set(")
		case "src":
			ok = n.Data == "img" && strings.HasPrefix(value, "data:image/")
		case "href":
			ok = strings.HasPrefix(value, "#") || strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://")
		}
		if ok && a.Namespace == "" {
			out = append(out, html.Attribute{Key: a.Key, Val: a.Val})
		}
	}
	return out
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

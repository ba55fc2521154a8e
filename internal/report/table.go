package report

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// blocks are the elements that begin a line.
var blocks = []string{"div", "p", "details", "summary", "figure", "figcaption", "ul", "ol", "li", "br", "hr", "pre"}

// A part is a line or a table of a card.
type part struct {
	line  string
	table *table
}

type table struct {
	caption string
	heads   []string
	rows    [][]string
	right   []bool // columns of numbers
}

// parts reads the HTML of a card: its lines and tables, in order.
func parts(card string) []part {
	n, err := html.Parse(strings.NewReader(card))
	if err != nil {
		return nil
	}
	var out []part
	var line strings.Builder
	flush := func() {
		if s := strings.Join(strings.Fields(line.String()), " "); s != "" {
			out = append(out, part{line: s})
		}
		line.Reset()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			line.WriteString(n.Data)
			return
		case n.Type == html.ElementNode && n.Data == "table":
			flush()
			out = append(out, part{table: readTable(n)})
			return
		case n.Type == html.ElementNode && (attribute(n, "aria-hidden") == "true" || n.Data == "style" || n.Data == "script"):
			return // a bar, whose number stands beside it, and what is no text
		}
		block := n.Type == html.ElementNode && slices.Contains(blocks, n.Data)
		if block {
			flush()
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
		if block {
			flush()
		}
	}
	walk(n)
	flush()
	return out
}

func readTable(n *html.Node) *table {
	t := &table{}
	var walk func(n *html.Node, head bool)
	walk = func(n *html.Node, head bool) {
		if n.Type != html.ElementNode {
			return
		}
		switch n.Data {
		case "caption":
			t.caption = strings.Join(strings.Fields(content(n)), " ")
			return
		case "tr":
			var cells []string
			var right []bool
			for k := n.FirstChild; k != nil; k = k.NextSibling {
				if k.Type == html.ElementNode && (k.Data == "td" || k.Data == "th") {
					cells = append(cells, cellText(k))
					right = append(right, strings.Contains(attribute(k, "style"), "text-align:right"))
				}
			}
			if head {
				t.heads = cells
			} else {
				t.rows = append(t.rows, cells)
			}
			if len(right) > len(t.right) {
				t.right = right
			}
			return
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k, head || n.Data == "thead")
		}
	}
	walk(n, false)
	t.dropEmpty()
	return t
}

// cellText is the text of a cell without its bars.
func cellText(n *html.Node) string {
	var b strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
		if n.Type == html.ElementNode && attribute(n, "aria-hidden") == "true" {
			return
		}
		for k := n.FirstChild; k != nil; k = k.NextSibling {
			walk(k)
		}
	}
	walk(n)
	return strings.TrimSpace(b.String())
}

// dropEmpty takes away columns that hold nothing, such as those of bars.
func (t *table) dropEmpty() {
	width := len(t.heads)
	for _, r := range t.rows {
		width = max(width, len(r))
	}
	at := func(r []string, i int) string {
		if i < len(r) {
			return r[i]
		}
		return ""
	}
	var keep []int
	for i := range width {
		some := at(t.heads, i) != ""
		for _, r := range t.rows {
			some = some || at(r, i) != ""
		}
		if some {
			keep = append(keep, i)
		}
	}
	pick := func(r []string) []string {
		out := make([]string, len(keep))
		for j, i := range keep {
			out[j] = at(r, i)
		}
		return out
	}
	if t.heads != nil {
		t.heads = pick(t.heads)
	}
	right := make([]bool, len(keep))
	for j, i := range keep {
		right[j] = i < len(t.right) && t.right[i]
	}
	t.right = right
	for i, r := range t.rows {
		t.rows[i] = pick(r)
	}
}

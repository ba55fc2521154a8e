package report

import (
	"bytes"
	"cmp"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
	"strings"
)

// markdown reads prose as GitHub does. HTML in it is left out.
var markdown = goldmark.New(goldmark.WithExtensions(extension.GFM))

// A ladder keeps headings in order: one is at most a step below the one before it, and none is above the parts of the page.
type ladder struct{ last, tables int }

// step returns the level of the next heading.
func (l *ladder) step(level int) int {
	l.last = max(2, min(level, l.last+1, 6))
	return l.last
}

// prose returns Markdown as HTML.
func (l *ladder) prose(text string) (string, error) {
	var b bytes.Buffer
	if err := markdown.Convert([]byte(text), &b); err != nil {
		return "", err
	}
	return cleaner{level: l.step, tables: &l.tables}.clean(b.String())
}

// takeTitle makes the first heading of the first prose the report's title, and takes it away there.
func (r *Report) takeTitle() {
	for i, b := range r.Blocks {
		if b.Prose == "" {
			continue
		}
		first, rest, _ := strings.Cut(b.Prose, "\n")
		if title, ok := strings.CutPrefix(first, "# "); ok {
			r.Title = cmp.Or(strings.TrimSpace(words(title)), r.Title) // "# #" says nothing
			r.Blocks[i].Prose = strings.TrimSpace(rest)
		}
		return
	}
}

// words returns one line of Markdown without its marks.
func words(line string) string {
	var b bytes.Buffer
	if markdown.Convert([]byte(line), &b) != nil {
		return line
	}
	n, err := html.Parse(&b)
	if err != nil {
		return line
	}
	return strings.TrimSpace(content(n))
}

// content returns the text in a node.
func content(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		b.WriteString(content(k))
	}
	return b.String()
}

package gonbext

import (
	"html"
	"regexp"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// The styles are inline, because hosts drop <style>, and name no ink of their own for text, so that a page's light or
// dark theme decides. Untrusted notebooks keep only some of them, GitHub none.
var styles = [...]string{
	plain:   "",
	muted:   "opacity:.72",
	strong:  "font-weight:bold",
	code:    "font-family:monospace",
	token:   "font-family:monospace;white-space:pre-wrap",
	marker:  "font-family:monospace;font-style:italic;opacity:.72",
	support: "font-family:monospace;white-space:pre;" + blue,
	oppose:  "font-family:monospace;white-space:pre;" + vermillion,
	amount:  "font-family:monospace;white-space:pre;opacity:.72",
}

// The colors of signs are mixed with the ink of the page, which makes them darker on a light page and lighter on a dark one:
// no color alone has a contrast of 4.5 with both. A host that drops the mixture shows ink, and the sign is printed anyway.
const (
	blue       = "color:color-mix(in srgb,#1F6FB4 75%,currentColor)"
	vermillion = "color:color-mix(in srgb,#D55E00 75%,currentColor)"
)

// html returns the card as HTML without scripts, classes or style sheets.
func (c *card) html() string {
	var b strings.Builder
	edge := "#8C959F"
	if c.failed {
		edge = "#D55E00"
	}
	b.WriteString(`<div style="border-left:3px solid ` + edge + `;padding:2px 0 2px 10px;margin:2px 0">`)
	c.body(&b)
	b.WriteString("</div>")
	return b.String()
}

func (c *card) body(b *strings.Builder) {
	b.WriteString(`<div style="margin-bottom:2px"><b>` + htmlSpans(c.title) + `</b></div>`)
	for _, k := range c.blocks {
		switch {
		case k.table != nil:
			k.table.html(b)
		case k.beside != nil:
			b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:4px 24px">`)
			for _, one := range k.beside {
				b.WriteString(`<div style="flex:1 1 280px;min-width:0">`)
				one.body(b)
				b.WriteString("</div>")
			}
			b.WriteString("</div>")
		default:
			b.WriteString("<div>" + htmlSpans(k.line) + "</div>")
		}
	}
	for _, w := range c.warnings {
		b.WriteString("<div><b>Warning:</b> " + escape(w.Text) + "</div>")
	}
}

// html writes the table: a caption, heads that name their columns, and one cell of each row that names the row.
func (t table) html(b *strings.Builder) {
	b.WriteString(`<table style="margin:4px 0;border-collapse:collapse;font-variant-numeric:tabular-nums">`)
	b.WriteString(`<caption style="caption-side:top;text-align:left;padding:0;opacity:.72">` + escape(t.caption) + "</caption>")
	if len(t.heads) > 0 {
		b.WriteString("<thead><tr>")
		for i, h := range t.heads {
			if h == "" {
				b.WriteString("<td></td>") // a head without a name would be one that says nothing
				continue
			}
			b.WriteString(`<th scope="col"` + t.align(i, "font-weight:bold") + ">" + escape(h) + "</th>")
		}
		b.WriteString("</tr></thead>")
	}
	b.WriteString("<tbody>")
	for _, r := range t.rows {
		b.WriteString("<tr>")
		for i, c := range r {
			switch {
			case i == t.names && len(r) > 1 && textSpans(c) != "":
				b.WriteString(`<th scope="row"` + t.align(i, "font-weight:normal", t.whole(i)) + ">" + htmlSpans(c) + "</th>")
			default:
				b.WriteString("<td" + t.align(i, t.whole(i)) + ">" + htmlSpans(c) + "</td>")
			}
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	if t.more != "" {
		b.WriteString("<div>" + escape(t.more) + "</div>")
	}
}

// whole keeps the cells of a column of numbers in one line.
func (t table) whole(i int) string {
	if t.words(i) {
		return ""
	}
	return "white-space:nowrap"
}

// words reports whether a column holds text.
func (t table) words(i int) bool { return i < len(t.left) && t.left[i] }

func (t table) align(i int, more ...string) string {
	st := "text-align:right;padding:1px 10px 1px 0"
	if t.words(i) {
		st = "text-align:left;padding:1px 10px 1px 0"
	}
	for _, m := range more {
		if m != "" {
			st += ";" + m
		}
	}
	return ` style="` + st + `"`
}

// unit is what follows a number after a space that must not be broken.
var unit = regexp.MustCompile(`(\d) (%|logits?\b|nats\b|s\b|MB\b|GB\b)`)

// escape makes any text the text of an element, in which nothing is hidden or turned around.
func escape(s string) string {
	return html.EscapeString(unit.ReplaceAllString(visible.Stream(s), "$1\u00a0$2"))
}

func htmlSpans(ss []span) string {
	var b strings.Builder
	for _, s := range ss {
		if s.text == "" {
			continue
		}
		t := escape(s.text)
		switch st := styles[s.look]; {
		case s.look == strong:
			t = "<b>" + t + "</b>"
		case s.look == code:
			t = "<code>" + t + "</code>"
		case s.look >= support: // a screen reader has the number
			t = `<span aria-hidden="true" style="` + st + `">` + t + "</span>"
		case st != "":
			t = `<span style="` + st + `">` + t + "</span>"
		}
		b.WriteString(t)
	}
	return b.String()
}

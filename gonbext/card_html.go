package gonbext

import (
	"html"
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
	support: "font-family:monospace;white-space:pre;color:#1F6FB4",
	oppose:  "font-family:monospace;white-space:pre;color:#D55E00",
	amount:  "font-family:monospace;white-space:pre;color:#768390",
}

// html returns the card as HTML without scripts, classes or style sheets.
func (c *card) html() string {
	var b strings.Builder
	edge := "#8C959F"
	if c.failed {
		edge = "#D55E00"
	}
	b.WriteString(`<div style="border-left:3px solid ` + edge + `;padding:2px 0 2px 10px;margin:2px 0">`)
	b.WriteString(`<div style="margin-bottom:2px"><b>` + htmlSpans(c.title) + `</b></div>`)
	for _, k := range c.blocks {
		if k.table != nil {
			k.table.html(&b)
		} else {
			b.WriteString("<div>" + htmlSpans(k.line) + "</div>")
		}
	}
	for _, w := range c.warnings {
		b.WriteString("<div><b>Warning:</b> " + escape(w.Text) + "</div>")
	}
	b.WriteString("</div>")
	return b.String()
}

func (t table) html(b *strings.Builder) {
	b.WriteString(`<table style="margin:4px 0;border-collapse:collapse;font-variant-numeric:tabular-nums">`)
	if len(t.heads) > 0 {
		b.WriteString("<thead><tr>")
		for i, h := range t.heads {
			b.WriteString("<th" + t.align(i) + ">" + escape(h) + "</th>")
		}
		b.WriteString("</tr></thead>")
	}
	b.WriteString("<tbody>")
	for _, r := range t.rows {
		b.WriteString("<tr>")
		for i, c := range r {
			b.WriteString("<td" + t.align(i) + ">" + htmlSpans(c) + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	if t.more != "" {
		b.WriteString("<div>" + escape(t.more) + "</div>")
	}
}

func (t table) align(i int) string {
	side := "right"
	if i < len(t.left) && t.left[i] {
		side = "left"
	}
	return ` style="text-align:` + side + `;padding:1px 10px 1px 0"`
}

// escape makes any text the text of an element, in which nothing is hidden or turned around.
func escape(s string) string { return html.EscapeString(visible.Stream(s)) }

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

package gonbext

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/visible"
)

// text returns the card as aligned text, without a final line break.
func (c *card) text() string {
	var b strings.Builder
	b.WriteString(textSpans(c.title))
	for _, k := range c.blocks {
		b.WriteByte('\n')
		switch {
		case k.table != nil:
			b.WriteString(k.table.text())
		case k.beside != nil:
			for i, one := range k.beside {
				if i > 0 {
					b.WriteByte('\n')
				}
				b.WriteString(one.text())
			}
		default:
			b.WriteString(textSpans(k.line))
		}
	}
	for _, w := range c.warnings {
		b.WriteString("\nWarning: " + visible.Stream(w.Text))
	}
	return b.String()
}

func (t table) text() string {
	caption := ""
	if t.caption != "" {
		caption = "  " + visible.Stream(t.caption) + "\n"
	}
	var rows [][]string
	if len(t.heads) > 0 {
		rows = append(rows, nil)
		for _, h := range t.heads {
			rows[0] = append(rows[0], visible.Stream(h))
		}
	}
	for _, r := range t.rows {
		line := make([]string, len(r))
		for i, c := range r {
			line[i] = textSpans(c)
		}
		rows = append(rows, line)
	}
	widths := map[int]int{}
	for _, r := range rows {
		for i, s := range r {
			widths[i] = max(widths[i], visible.Width(s))
		}
	}
	var lines []string
	for _, r := range rows {
		var b strings.Builder
		for i, s := range r {
			pad := strings.Repeat(" ", widths[i]-visible.Width(s))
			if i < len(t.left) && t.left[i] {
				b.WriteString("  " + s + pad)
			} else {
				b.WriteString("  " + pad + s)
			}
		}
		lines = append(lines, strings.TrimRight(b.String(), " "))
	}
	if t.more != "" {
		lines = append(lines, "  "+visible.Stream(t.more))
	}
	return caption + strings.Join(lines, "\n")
}

func textSpans(ss []span) string {
	var b strings.Builder
	for _, s := range ss {
		b.WriteString(visible.Stream(s.text))
	}
	return b.String()
}

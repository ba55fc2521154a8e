package report

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// Markdown returns the report as Markdown. Its figures are written beside path.
func (r *Report) Markdown(path string) (string, error) {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	p("# %s\n\nReport of %s: %s from %s.\n\n", r.Title, r.Of, several(r.outputs(), "output"), several(len(r.Sources), "result"))
	figures := 0
	show := func(o *Output) error {
		if o.PNG != nil || o.SVG != nil {
			figures++
			name, err := o.write(path, figures, true)
			if err != nil {
				return err
			}
			p("![%s](%s)\n\n", mdText(o.Text), name)
			return nil
		}
		if o.HTML == "" {
			p("```\n%s\n```\n\n", o.Text)
			return nil
		}
		for _, x := range parts(o.HTML) {
			if x.table == nil {
				p("%s\n\n", mdText(x.line))
				continue
			}
			x.table.markdown(&b)
		}
		return nil
	}
	if vs := r.verdicts(); len(vs) > 0 {
		p("## Verdict\n\n")
		for _, v := range vs {
			if err := show(v); err != nil {
				return "", err
			}
		}
	}
	l := ladder{last: 1}
	for _, x := range r.Blocks {
		switch {
		case x.Heading != "":
			p("%s %s\n\n", strings.Repeat("#", l.step(x.Level)), mdText(x.Heading))
		case x.Prose != "":
			p("%s\n\n", l.markdown(x.Prose))
		case x.Code != "":
			p("```go\n%s\n```\n\n", x.Code)
		case x.Output != nil && !r.isVerdict(x.Output):
			if err := show(x.Output); err != nil {
				return "", err
			}
		}
	}
	p("## Methods\n\n%s\n\n## Provenance\n\n", mdText(r.methods()))
	results, models := r.provenance()
	for _, g := range []grid{models, results} {
		(&table{caption: g.caption, heads: g.heads, rows: g.rows}).markdown(&b)
	}
	p("## How to cite it\n\n```bibtex\n%s```\n", r.bibtex())
	return b.String(), nil
}

// markdown puts the headings of prose in order.
func (l *ladder) markdown(prose string) string {
	lines := strings.Split(prose, "\n")
	fenced := false
	for i, s := range lines {
		if strings.HasPrefix(s, "```") {
			fenced = !fenced
		}
		marks := len(s) - len(strings.TrimLeft(s, "#"))
		if !fenced && marks > 0 && marks <= 6 && strings.HasPrefix(s[marks:], " ") {
			lines[i] = strings.Repeat("#", l.step(marks)) + s[marks:]
		}
	}
	return strings.Join(lines, "\n")
}

func (t *table) markdown(b *strings.Builder) {
	if t.caption != "" {
		fmt.Fprintf(b, "*%s*\n\n", mdText(t.caption))
	}
	heads := t.heads
	if heads == nil && len(t.rows) > 0 {
		heads = make([]string, len(t.rows[0])) // Markdown has no table without heads
	}
	row := func(cells []string) {
		b.WriteString("|")
		for _, c := range cells {
			b.WriteString(" " + strings.ReplaceAll(mdText(c), "\n", " ") + " |")
		}
		b.WriteString("\n")
	}
	row(heads)
	b.WriteString("|")
	for i := range heads {
		if i < len(t.right) && t.right[i] {
			b.WriteString("---:|")
		} else {
			b.WriteString("---|")
		}
	}
	b.WriteString("\n")
	for _, r := range t.rows {
		row(r)
	}
	b.WriteString("\n")
}

// mdText makes a text the same text in Markdown.
func mdText(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "]", `\]`, "#", `\#`).Replace(s)
}

func (r *Report) isVerdict(o *Output) bool {
	return o.Origin.Type == "CircuitVerdict" || o.Origin.Type == "VerdictTask"
}

// write puts a figure beside the report and returns its name: as SVG where there is one and the format takes it.
func (o *Output) write(path string, n int, vector bool) (string, error) {
	ext, data := ".png", o.PNG
	if vector && o.SVG != nil || data == nil {
		ext, data = ".svg", o.SVG
	}
	file := fmt.Sprintf("%s-figure%d%s", strings.TrimSuffix(path, filepath.Ext(path)), n, ext)
	return filepath.Base(file), atomicfile.Write(file, data, 0o644)
}

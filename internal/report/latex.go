package report

import (
	"fmt"
	"strings"
)

// LaTeX returns what of a report goes into a paper, to be read with \input: a table for each table, a figure for each
// figure (written beside path), and the sentences on methods. It needs booktabs and graphicx.
func (r *Report) LaTeX(path string) (string, error) {
	var b strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	p("%% %s: report of %s.\n%% \\usepackage{booktabs,graphicx}\n\n", oneLine(r.Title), oneLine(r.Of))
	figures, tables := 0, 0
	show := func(o *Output) error {
		if o.PNG != nil {
			figures++
			name, err := o.write(path, figures, false)
			if err != nil {
				return err
			}
			p("\\begin{figure}\n\\centering\n\\includegraphics[width=\\linewidth]{%s}\n\\caption{%s}\n\\label{fig:neuronsteer-%d}\n\\end{figure}\n\n", name, tex(o.Text), figures)
			return nil
		}
		title := ""
		for _, x := range parts(o.HTML) {
			if x.table == nil {
				if title == "" {
					title = x.line
				}
				continue
			}
			tables++
			if x.table.caption == "" {
				x.table.caption = title
			}
			x.table.latex(&b, tables)
		}
		return nil
	}
	for _, v := range r.verdicts() {
		if err := show(v); err != nil {
			return "", err
		}
	}
	for _, x := range r.Blocks {
		if x.Output != nil && !r.isVerdict(x.Output) {
			if err := show(x.Output); err != nil {
				return "", err
			}
		}
	}
	p("\\paragraph{Methods.} %s\n\n", tex(r.methods()))
	for line := range strings.Lines(r.bibtex()) {
		p("%% %s", line)
	}
	return b.String(), nil
}

func (t *table) latex(b *strings.Builder, n int) {
	width := len(t.heads)
	for _, r := range t.rows {
		width = max(width, len(r))
	}
	var columns strings.Builder
	for i := range width {
		if i < len(t.right) && t.right[i] {
			columns.WriteString("r")
		} else {
			columns.WriteString("l")
		}
	}
	fmt.Fprintf(b, "\\begin{table}\n\\centering\n\\caption{%s}\n\\label{tab:neuronsteer-%d}\n\\begin{tabular}{%s}\n\\toprule\n", tex(t.caption), n, columns.String())
	row := func(cells []string) {
		for i, c := range cells {
			if i > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(tex(c))
		}
		b.WriteString(" \\\\\n")
	}
	if len(t.heads) > 0 {
		row(t.heads)
		b.WriteString("\\midrule\n")
	}
	for _, r := range t.rows {
		row(r)
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n\\end{table}\n\n")
}

// tex makes a text the same text in LaTeX.
func tex(s string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "%", `\%`, "_", `\_`, "^", `\textasciicircum{}`,
		"~", `\textasciitilde{}`, "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`, "−", "$-$", "×", `$\times$`, "±", `$\pm$`, "≤", `$\leq$`, "≥", `$\geq$`,
		"→", `$\rightarrow$`, "·", `\textperiodcentered{}`, "…", `\ldots{}`, "◂", `$\triangleleft$`, "\n", " ").Replace(s)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

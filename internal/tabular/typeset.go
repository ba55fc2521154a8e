package tabular

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"
)

// readable writes a cell for people: four significant digits, nothing where nothing is known.
func readable(c any) string {
	switch v := value(c).(type) {
	case nil:
		return ""
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return decimal(v)
	default:
		return fmt.Sprint(v)
	}
}

// decimal writes a number with four significant digits; the zeros that a rounding gives stay, so that columns compare.
func decimal(x float64) string {
	switch a := math.Abs(x); {
	case x == 0:
		return "0"
	case a >= 1e6 || a < 1e-4:
		return strconv.FormatFloat(x, 'e', 3, 64)
	case a >= 1000:
		return strconv.FormatFloat(x, 'f', 0, 64)
	default:
		return strconv.FormatFloat(x, 'f', 3-int(math.Floor(math.Log10(a))), 64)
	}
}

// String returns the table in aligned columns, with its caption above, as a terminal shows it.
func (t Table) String() string {
	var b strings.Builder
	if t.Caption != "" {
		b.WriteString(t.Caption + "\n")
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(n int, cell func(i int) string) {
		for i := range n {
			_, _ = fmt.Fprint(w, cell(i), "\t") // a builder takes all
		}
		_, _ = fmt.Fprintln(w)
	}
	line(len(t.Columns), func(i int) string { return t.Columns[i] })
	for _, r := range t.Rows {
		line(len(r), func(i int) string { return strings.Join(strings.Fields(readable(r[i])), " ") })
	}
	_ = w.Flush()
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n")
}

// Markdown returns the table as GitHub has it, with its caption above; numbers stand to the right.
func (t Table) Markdown() string {
	var b strings.Builder
	if t.Caption != "" {
		fmt.Fprintf(&b, "%s\n\n", mdText(t.Caption))
	}
	row := func(n int, cell func(i int) string) {
		b.WriteString("|")
		for i := range n {
			fmt.Fprintf(&b, " %s |", cell(i))
		}
		b.WriteString("\n")
	}
	row(len(t.Columns), func(i int) string { return mdText(t.Columns[i]) })
	row(len(t.Columns), func(i int) string {
		if k := t.kind(i); k == integers || k == reals {
			return "---:"
		}
		return "---"
	})
	for _, r := range t.Rows {
		row(len(r), func(i int) string { return mdText(readable(r[i])) })
	}
	return b.String()
}

// mdText escapes what Markdown would read as more than text. A space at the end of a token and a line break are seen.
func mdText(s string) string {
	if s != "" && (strings.TrimSpace(s) != s || strings.ContainsAny(s, "\n\r\t")) {
		s = strings.NewReplacer(" ", "·", "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\|`*_<>[]#&~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// LaTeX returns the table as a table environment with booktabs' rules, to be \input: its caption, and the numbers to the right.
func (t Table) LaTeX() string {
	var b strings.Builder
	b.WriteString("% needs \\usepackage{booktabs}\n\\begin{table}\n\\centering\n")
	if t.Caption != "" {
		fmt.Fprintf(&b, "\\caption{%s}\n", texText(t.Caption))
	}
	b.WriteString("\\begin{tabular}{")
	for i := range t.Columns {
		if k := t.kind(i); k == integers || k == reals {
			b.WriteByte('r')
		} else {
			b.WriteByte('l')
		}
	}
	b.WriteString("}\n\\toprule\n")
	row := func(n int, cell func(i int) string) {
		for i := range n {
			if i > 0 {
				b.WriteString(" & ")
			}
			b.WriteString(cell(i))
		}
		b.WriteString(" \\\\\n")
	}
	row(len(t.Columns), func(i int) string { return texText(t.Columns[i]) })
	b.WriteString("\\midrule\n")
	for _, r := range t.Rows {
		row(len(r), func(i int) string {
			s := readable(r[i])
			if k := t.kind(i); (k == integers || k == reals) && strings.HasPrefix(s, "-") {
				return "$-$" + texText(s[1:])
			}
			return texText(s)
		})
	}
	b.WriteString("\\bottomrule\n\\end{tabular}\n\\end{table}\n")
	return b.String()
}

var texEscapes = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`, "%", `\%`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`, "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`,
	"−", `$-$`, "Σ", `$\Sigma$`, "×", `$\times$`, "→", `$\to$`, "·", `\textperiodcentered{}`)

// texText escapes what LaTeX would not print as it stands. The spaces at the ends of a token are seen.
func texText(s string) string {
	if s != "" && strings.TrimSpace(s) != s {
		core := strings.TrimLeft(s, " ")
		s = strings.Repeat("·", len(s)-len(core)) + core
		core = strings.TrimRight(s, " ")
		s = core + strings.Repeat("·", len(s)-len(core))
	}
	s = strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s)
	return texEscapes.Replace(s)
}

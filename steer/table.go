package steer

import (
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
)

// A Table is the rows of a result under named columns: what Save writes as CSV, TSV, JSON, parquet, Markdown, LaTeX or a structured
// NumPy array, and what may be built and written by hand:
//
//	t := steer.Table{Caption: "Two circuits", Columns: []string{"circuit", "neurons"}}
//	t.Add("praise", 20)
//	err := t.Write("circuits.tex")
type Table = tabular.Table

// firstLine returns the first line of a text, as the caption of a table.
func firstLine(s string) string { line, _, _ := strings.Cut(s, "\n"); return line }

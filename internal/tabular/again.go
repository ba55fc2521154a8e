package tabular

import (
	"encoding/json"
	"io"
	"strconv"
)

// Table returns the rows of a file as a table: texts and bools as they are, numbers of JSON as such, lists and objects as their JSON.
func (r Rows) Table(caption string) Table {
	t := Table{Caption: caption, Columns: r.Columns}
	for _, row := range r.List {
		cells := make([]any, len(r.Columns))
		for i, c := range r.Columns {
			cells[i] = row.Cells[c]
			raw, ok := cells[i].(json.RawMessage)
			if !ok {
				continue
			}
			cells[i] = string(raw)
			if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
				cells[i] = n
			} else if x, err := strconv.ParseFloat(string(raw), 64); err == nil && raw[0] != '[' && raw[0] != '{' {
				cells[i] = x
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t
}

// WriteLines writes the rows as JSON lines.
func (t Table) WriteLines(w io.Writer) error {
	b, err := t.lines()
	if err == nil {
		_, err = w.Write(b)
	}
	return err
}

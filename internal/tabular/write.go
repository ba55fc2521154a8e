package tabular

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// encoders are the formats of tables, by the ending of the file.
var encoders = map[string]func(Table) ([]byte, error){
	".csv":  func(t Table) ([]byte, error) { return []byte(t.CSV()), nil },
	".tsv":  func(t Table) ([]byte, error) { return []byte(t.separated('\t')), nil },
	".json": Table.MarshalJSON, ".jsonl": func(t Table) ([]byte, error) { return t.lines() },
	".md": func(t Table) ([]byte, error) { return []byte(t.Markdown()), nil }, ".tex": func(t Table) ([]byte, error) { return []byte(t.LaTeX()), nil },
	".npy": Table.npy,
}

// Endings lists the endings of the files that a table can be written to.
func Endings() []string {
	return []string{".csv", ".tsv", ".json", ".jsonl", ".npy", ".parquet", ".md", ".tex"}
}

// Write writes a table to a file, as a whole or not at all; its ending says in which format.
func (t Table) Write(path string) error {
	ext := strings.ToLower(filepath.Ext(path))
	if ext == ".parquet" {
		return toParquet(path, t)
	}
	encode, ok := encoders[ext]
	if !ok {
		return engine.Errorf(engine.BadSetting, "save", "%s: no table has the ending %q", path, ext).Try("use %s", strings.Join(Endings(), ", "))
	}
	b, err := encode(t)
	if err != nil {
		return engine.Prefix("save", err)
	}
	return atomicfile.Write(path, b, 0o644)
}

// CSV returns the table as RFC 4180 has it, with line feeds and a line of the columns' names.
func (t Table) CSV() string { return t.separated(',') }

func (t Table) separated(comma rune) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = comma
	_ = w.Write(t.Columns) // a strings.Builder does not fail
	for _, row := range t.Rows {
		cells := make([]string, len(row))
		for i, c := range row {
			if c != nil {
				cells[i] = text(c)
			}
		}
		_ = w.Write(cells)
	}
	w.Flush()
	return b.String()
}

// MarshalJSON writes an array of objects, their keys in the order of the columns. What is not known is null.
func (t Table) MarshalJSON() ([]byte, error) {
	rows, err := t.objects()
	if err != nil {
		return nil, err
	}
	return slices.Concat([]byte("[\n"), bytes.Join(rows, []byte(",\n")), []byte("\n]\n")), nil
}

// lines writes an object a line.
func (t Table) lines() ([]byte, error) {
	rows, err := t.objects()
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return append(bytes.Join(rows, []byte("\n")), '\n'), nil
}

func (t Table) objects() ([][]byte, error) {
	keys := make([][]byte, len(t.Columns))
	for i, c := range t.Columns {
		var err error
		if keys[i], err = plainJSON(c); err != nil {
			return nil, err
		}
	}
	out := make([][]byte, len(t.Rows))
	for i, row := range t.Rows {
		b := []byte("{")
		for j, c := range row {
			v := value(c)
			if x, ok := v.(float64); ok && math.IsInf(x, 0) {
				v = text(x) // JSON has no such number
			}
			one, err := plainJSON(v)
			if err != nil {
				return nil, err
			}
			if j > 0 {
				b = append(b, ", "...)
			}
			b = append(append(append(b, keys[j]...), ": "...), one...)
		}
		out[i] = append(b, '}')
	}
	return out, nil
}

// plainJSON is json.Marshal that leaves <, > and & as they are: a token such as <|im_start|> is read by people too.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, engine.Errorf(engine.Internal, "save", "the value %v cannot be written as JSON: %v", v, err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

package tabular

import (
	"bytes"
	"encoding/json"
	"math"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Kind returns what the cells of a column are: "text", "integer", "number" or "bool".
func (t Table) Kind(column int) string {
	return map[kind]string{texts: "text", integers: "integer", reals: "number", bools: "bool"}[t.kind(column)]
}

// Typed returns the rows by the names of their columns, every cell as its column's Kind has it: string, int64, float64 or bool. What is
// not known is left out.
func (t Table) Typed() []map[string]any {
	out := make([]map[string]any, len(t.Rows))
	kinds := make([]kind, len(t.Columns))
	for i := range kinds {
		kinds[i] = t.kind(i)
	}
	for i, row := range t.Rows {
		out[i] = map[string]any{}
		for j, c := range row {
			v := value(c)
			if v == nil {
				continue
			}
			switch kinds[j] {
			case texts:
				v = text(v)
			case reals:
				if n, ok := v.(int64); ok {
					v = float64(n)
				}
			}
			out[i][t.Columns[j]] = v
		}
	}
	return out
}

// wire is a table on its way to another program: JSON cannot tell 1.0 from 1.
type wire struct {
	Caption string              `json:"caption"`
	Columns []string            `json:"columns"`
	Kinds   []string            `json:"kinds"`
	Rows    [][]json.RawMessage `json:"rows"`
}

// Encode writes a table so that Decode has it again.
func (t Table) Encode() ([]byte, error) {
	w := wire{Caption: t.Caption, Columns: t.Columns, Rows: make([][]json.RawMessage, len(t.Rows))}
	for i := range t.Columns {
		w.Kinds = append(w.Kinds, t.Kind(i))
	}
	for i, row := range t.Typed() {
		for _, c := range t.Columns {
			v := row[c]
			if x, ok := v.(float64); ok && math.IsInf(x, 0) {
				v = text(x) // JSON has no such number
			}
			b, err := plainJSON(v)
			if err != nil {
				return nil, err
			}
			w.Rows[i] = append(w.Rows[i], b)
		}
	}
	b, err := json.Marshal(w)
	if err != nil {
		return nil, engine.Errorf(engine.Internal, "table", "it cannot be written as JSON: %v", err)
	}
	return b, nil
}

// Decode reads what Encode wrote.
func Decode(b []byte) (Table, error) {
	var w wire
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&w); err != nil || len(w.Kinds) != len(w.Columns) {
		return Table{}, engine.Errorf(engine.BadFile, "table", "it is no table, or was cut").Try("send it again")
	}
	t := Table{Caption: w.Caption, Columns: w.Columns}
	for _, row := range w.Rows {
		if len(row) != len(w.Columns) {
			return Table{}, engine.Errorf(engine.BadFile, "table", "a row has %d cells, there are %d columns", len(row), len(w.Columns)).Try("send it again")
		}
		cells := make([]any, len(row))
		for i, raw := range row {
			if string(raw) == "null" {
				continue
			}
			var err error
			switch w.Kinds[i] {
			case "integer":
				cells[i], err = as[int64](raw)
			case "number":
				switch string(raw) {
				case `"+Inf"`:
					cells[i] = math.Inf(1)
				case `"-Inf"`:
					cells[i] = math.Inf(-1)
				default:
					cells[i], err = as[float64](raw)
				}
			case "bool":
				cells[i], err = as[bool](raw)
			default:
				cells[i], err = as[string](raw)
			}
			if err != nil {
				return Table{}, err
			}
		}
		t.Rows = append(t.Rows, cells)
	}
	return t, nil
}

func as[T any](raw json.RawMessage) (v T, err error) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, engine.Errorf(engine.BadFile, "table", "a cell is not of its column's kind: %s", raw).Try("send it again")
	}
	return v, nil
}

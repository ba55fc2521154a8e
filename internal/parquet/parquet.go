// Package parquet reads and writes tables as parquet, with a library that is too large for a notebook's cells: they ask the neuronsteer
// program (gonbext). Whoever imports it has taught package tabular.
package parquet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/internal/fence"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

func init() { //nolint:gochecknoinits // who imports it has parquet
	tabular.UseParquet(tabular.Parquet{Read: Read, Write: Write})
}

// What is read is bounded: a small file can say the same text a million times.
const (
	maxRows   = 1 << 20
	maxValues = 1 << 24             // of all columns, elements of lists included
	maxBytes  = 4 * tabular.MaxFile // of the rows as JSON lines
)

// Read returns the rows of a file as JSON lines, lists and structs as JSON has them. A file that the library cannot take, whatever it
// does then, is an error.
func Read(path string) (lines []byte, err error) {
	err = fence.Call(func() (err error) { lines, err = read(path); return err })
	if p, ok := errors.AsType[*fence.Panic](err); ok {
		return nil, bad("it is damaged: %v", p)
	}
	return lines, err
}

func read(path string) ([]byte, error) {
	b, err := regular.ReadFile(path, tabular.MaxFile)
	if err != nil {
		return nil, bad("it cannot be read: %v", err)
	}
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, bad("it is no parquet, or was cut: %v", err)
	}
	if f.NumRows() > maxRows {
		return nil, bad("it has %d rows, the most is %d", f.NumRows(), maxRows)
	}
	if n := values(f); n > maxValues {
		return nil, bad("it has %d values, the most is %d", n, maxValues)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	r := parquet.NewGenericReader[map[string]any](f, f.Schema())
	defer r.Close()
	rows := make([]map[string]any, 64)
	for {
		for i := range rows {
			rows[i] = map[string]any{}
		}
		n, err := r.Read(rows)
		for _, row := range rows[:n] {
			for name, v := range row {
				row[name] = plain(v)
			}
			if err := e.Encode(row); err != nil {
				return nil, bad("a row cannot be written as JSON: %v", err)
			}
			if out.Len() > maxBytes {
				return nil, bad("its rows are more than %d MiB", maxBytes>>20)
			}
		}
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, bad("%v", err)
		}
	}
}

// values counts what all columns hold.
func values(f *parquet.File) (n int64) {
	for _, group := range f.RowGroups() {
		for _, chunk := range group.ColumnChunks() {
			n += chunk.NumValues()
		}
	}
	return n
}

// plain turns the bytes of a text, at whatever depth, into it.
func plain(v any) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
	}
	return v
}

func bad(format string, args ...any) *engine.Error {
	return engine.Errorf(engine.BadFile, "parquet", format, args...).Try("save the file again, or as JSON lines or CSV")
}

// Write writes a table, each of its columns optional: a text, an integer, a number or a bool.
func Write(path string, t tabular.Table) error {
	nodes := parquet.Group{}
	for i, c := range t.Columns {
		if _, twice := nodes[c]; twice {
			return bad("the table has two columns %q", c)
		}
		nodes[c] = parquet.Optional(map[string]parquet.Node{
			"text": parquet.String(), "integer": parquet.Int(64), "number": parquet.Leaf(parquet.DoubleType), "bool": parquet.Leaf(parquet.BooleanType),
		}[t.Kind(i)])
	}
	var out bytes.Buffer
	w := parquet.NewWriter(&out, parquet.NewSchema("table", nodes), parquet.Compression(&parquet.Snappy))
	names := slices.Sorted(maps.Keys(nodes)) // the order of a group's columns
	for _, row := range t.Typed() {
		cells := make(parquet.Row, len(names))
		for i, name := range names { // level by level: a map's zero would be written as nothing
			if v, known := row[name]; known {
				cells[i] = parquet.ValueOf(v).Level(0, 1, i)
			} else {
				cells[i] = parquet.NullValue().Level(0, 0, i)
			}
		}
		if _, err := w.WriteRows([]parquet.Row{cells}); err != nil {
			return bad("%v", err)
		}
	}
	if err := w.Close(); err != nil {
		return bad("%v", err)
	}
	if err := atomicfile.Write(path, out.Bytes(), 0o644); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	return nil
}

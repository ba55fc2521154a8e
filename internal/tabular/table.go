package tabular

import (
	"fmt"
	"math"
)

// A Table is rows of cells under named columns, with what it shows in a few words.
type Table struct { //nolint:recvcheck // Add alone changes it; as a value it is JSON
	Caption string
	Columns []string
	Rows    [][]any // each as long as Columns: strings, numbers, bools; nil or a NaN where nothing is known
}

// Of returns a table without rows.
func Of(caption string, columns ...string) Table { return Table{Caption: caption, Columns: columns} }

// Add appends a row.
func (t *Table) Add(cells ...any) { t.Rows = append(t.Rows, cells) }

// A kind is what all cells of a column are.
type kind int

const (
	texts kind = iota
	integers
	reals
	bools
)

// kind returns what the cells of a column are; a column without any is of texts.
func (t Table) kind(column int) kind {
	is, seen := texts, false
	for _, row := range t.Rows {
		k := texts
		switch value(row[column]).(type) {
		case nil:
			continue
		case int64:
			k = integers
		case float64:
			k = reals
		case bool:
			k = bools
		}
		switch {
		case !seen:
			is, seen = k, true
		case is == k:
		case min(is, k) == integers && max(is, k) == reals:
			is = reals
		default:
			return texts
		}
	}
	return is
}

// value returns a cell as nil, bool, int64, float64 or string; anything else by its %v. An infinite number is one.
func value(c any) any {
	switch c := c.(type) {
	case nil, bool, int64, float64, string:
		if x, ok := c.(float64); ok && math.IsNaN(x) {
			return nil
		}
		return c
	case int:
		return int64(c)
	case int32:
		return int64(c)
	case uint64:
		return fmt.Sprint(c)
	case float32:
		return value(float64(c))
	}
	return fmt.Sprint(c)
}

// text writes a cell so that a number reads back as the same.
func text(c any) string {
	switch c := c.(type) {
	case float32, float64:
		return fmt.Sprintf("%g", c)
	}
	return fmt.Sprint(c)
}

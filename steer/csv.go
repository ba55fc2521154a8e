package steer

import (
	"encoding/csv"
	"fmt"
	"strings"
)

// A table is rows of cells that become comma-separated values.
type table [][]string

// add appends a row of the cells' %v; numbers are written so that they read back as the same.
func (t *table) add(cells ...any) {
	row := make([]string, len(cells))
	for i, c := range cells {
		switch c.(type) {
		case float32, float64:
			row[i] = fmt.Sprintf("%g", c)
		default:
			row[i] = fmt.Sprint(c)
		}
	}
	*t = append(*t, row)
}

// String returns the rows as RFC 4180 has them, with line feeds.
func (t *table) String() string {
	var b strings.Builder
	_ = csv.NewWriter(&b).WriteAll(*t) // a strings.Builder does not fail
	return b.String()
}

package tabular

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// npy writes the table as a structured NumPy array, one field a column: np.load(file)["score"]. Numbers that are not known are
// NaN, texts are '<U'.
func (t Table) npy() ([]byte, error) {
	var types []string
	widths, kinds := make([]int, len(t.Columns)), make([]kind, len(t.Columns))
	for i, c := range t.Columns {
		kinds[i] = t.kind(i)
		if kinds[i] != texts { // NumPy's integers and bools cannot say that nothing is known
			for _, row := range t.Rows {
				if value(row[i]) == nil && kinds[i] == integers {
					kinds[i] = reals
				} else if value(row[i]) == nil && kinds[i] == bools {
					kinds[i] = texts
				}
			}
		}
		typ := map[kind]string{integers: "<i8", reals: "<f8", bools: "|b1"}[kinds[i]]
		if kinds[i] == texts {
			widths[i] = 1
			for _, row := range t.Rows {
				widths[i] = max(widths[i], utf8.RuneCountInString(readableText(row[i])))
			}
			typ = fmt.Sprintf("<U%d", widths[i])
		}
		types = append(types, fmt.Sprintf("(%s, '%s')", pyQuote(c), typ))
	}
	var b bytes.Buffer
	header := fmt.Sprintf("{'descr': [%s], 'fortran_order': False, 'shape': (%d,), }", strings.Join(types, ", "), len(t.Rows))
	for (12+len(header)+1)%64 != 0 {
		header += " "
	}
	b.WriteString("\x93NUMPY\x03\x00") // version 3: the names are UTF-8
	_ = binary.Write(&b, binary.LittleEndian, uint32(len(header)+1))
	b.WriteString(header + "\n")
	for _, row := range t.Rows {
		for i, c := range row {
			put(&b, kinds[i], widths[i], c)
		}
	}
	return b.Bytes(), nil
}

// put writes one cell; a bytes.Buffer does not fail.
func put(b *bytes.Buffer, k kind, width int, c any) {
	v := value(c)
	switch k {
	case integers:
		n, _ := v.(int64)
		_ = binary.Write(b, binary.LittleEndian, n)
	case reals:
		x := math.NaN()
		switch v := v.(type) {
		case float64:
			x = v
		case int64:
			x = float64(v)
		}
		_ = binary.Write(b, binary.LittleEndian, x)
	case bools:
		is, _ := v.(bool)
		_ = binary.Write(b, binary.LittleEndian, is)
	default:
		left := width
		for _, r := range readableText(c) {
			_ = binary.Write(b, binary.LittleEndian, r)
			left--
		}
		b.Write(make([]byte, 4*left))
	}
}

// readableText is a cell of a column of texts, as it is.
func readableText(c any) string {
	if c = value(c); c == nil {
		return ""
	}
	return text(c)
}

// pyQuote quotes a name as Python reads it.
func pyQuote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`, "\n", `\n`, "\r", `\r`).Replace(s) + "'"
}

package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// separator returns what separates the columns of the first line: a semicolon, as spreadsheets write it where a comma is in
// decimals, only where there is no comma.
func separator(b []byte) rune {
	first, _, _ := bytes.Cut(b, []byte("\n"))
	switch {
	case bytes.ContainsRune(first, ','):
		return ','
	case bytes.ContainsRune(first, ';'):
		return ';'
	case bytes.ContainsRune(first, '\t'):
		return '\t'
	}
	return ','
}

// separated reads CSV or TSV, whose first line names the columns. Spaces are kept: a token's leading space means something.
// A quote within a field that does not begin with one stands for itself in TSV.
func (p *parser) separated(b []byte, comma rune) {
	p.out.Format = map[rune]string{',': "CSV", ';': "CSV, separated by semicolons", '\t': "TSV"}[comma]
	if !utf8.Valid(b) {
		line := 1 + bytes.Count(b[:invalid(b)], []byte("\n"))
		p.mistake(engine.Errorf(engine.BadText, "examples", "%s:%d is not UTF-8", p.name, line).Try("save the file as UTF-8 (in a spreadsheet: CSV UTF-8)"))
		return
	}
	r := csv.NewReader(bytes.NewReader(b))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = comma, -1, comma == '\t'
	names, err := r.Read()
	if err != nil {
		p.unreadable(err)
		return
	}
	for i, n := range names {
		names[i] = strings.TrimSpace(n)
		if names[i] == "" {
			p.bad(1, "column %d has no name", i+1)
		}
		for _, earlier := range names[:i] {
			if earlier == names[i] && earlier != "" {
				p.bad(1, "the column %q stands there twice", earlier)
			}
		}
	}
	for !p.full() {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.unreadable(err)
			return
		}
		line, _ := r.FieldPos(0)
		if len(fields) != len(names) {
			p.bad(line, "it has %d columns, the first line %d; a text that holds the separator or a line break stands in quotes", len(fields), len(names))
			continue
		}
		cells := make(map[string]Cell, len(names))
		for i, n := range names {
			cells[n] = fields[i]
		}
		p.add(line, names, cells)
	}
}

// unreadable notes what a reader of CSV stumbled over.
func (p *parser) unreadable(err error) {
	var e *csv.ParseError
	switch {
	case errors.Is(err, io.EOF): // no line at all, which Parse says
	case errors.As(err, &e):
		p.bad(e.StartLine, "its quotes do not fit (%v); a quote within a quoted text is written twice", e.Err)
	default:
		p.bad(1, "%v", err)
	}
}

// invalid returns the place of the first byte that is no UTF-8.
func invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

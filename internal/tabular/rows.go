package tabular

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Rows is what a file of data holds.
type Rows struct {
	Format  string   // in words, e.g. "CSV, separated by semicolons"
	Columns []string // their names as the file has them, in the order of their first appearance
	List    []Row
}

// A Row is one record.
type Row struct {
	Line  int // where it begins, from 1; of parquet its number
	Cells map[string]Cell
}

// A Cell is the value of a column in a row: a string, a bool, nil, or a json.RawMessage of anything else.
type Cell any

// MaxFile is the largest file of data that is read, in bytes.
const MaxFile = 64 << 20

// maxMistakes is how many mistakes of one file are told: a screenful.
const maxMistakes = 10

// Read reads a file of JSON lines, a JSON array of objects, CSV, TSV or parquet, by its ending and else by its first
// character. Everything that is wrong with it is reported at once, by line, up to a screenful. fields says in words what a
// row should hold, for messages.
func Read(path, fields string) (Rows, error) {
	name := filepath.Base(path)
	if strings.EqualFold(filepath.Ext(path), ".parquet") {
		b, err := fromParquet(path)
		if err != nil {
			return Rows{}, engine.Prefix(name, err)
		}
		rows, err := Parse(name+".jsonl", b, fields)
		rows.Format = "parquet"
		return rows, err
	}
	b, err := regular.ReadText(path, MaxFile)
	if err != nil {
		return Rows{}, engine.Errorf(engine.BadSetting, "examples", "the file %s cannot be read: %v", path, err).
			Try("give the path of a file of JSON lines, JSON, CSV, TSV or parquet of at most %d MiB, relative to the folder of the notebook or program", MaxFile>>20)
	}
	return Parse(name, b, fields)
}

// Parse reads the bytes of any of these formats but parquet. name is the file's.
func Parse(name string, b []byte, fields string) (Rows, error) {
	p := parser{name: name, fields: fields}
	text := bytes.TrimSpace(b)
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case ext == ".csv":
		p.separated(b, separator(b))
	case ext == ".tsv" || ext == ".tab":
		p.separated(b, '\t')
	case bytes.HasPrefix(text, []byte("PAR1")):
		p.mistake(p.at(1, "it is parquet").Try("give the file the ending .parquet"))
	case bytes.HasPrefix(text, []byte("[")) && ext != ".jsonl" && ext != ".ndjson":
		p.array(b)
	default:
		p.lines(b)
	}
	if len(p.wrong) == 0 && len(p.out.List) == 0 {
		p.mistake(engine.Errorf(engine.BadSetting, "examples", "%s has no line", name).Try("%s", p.how()))
	}
	if err := errors.Join(p.wrong...); err != nil {
		return Rows{}, err
	}
	return p.out, nil
}

// parser collects rows and mistakes.
type parser struct {
	name, fields string
	out          Rows
	wrong        []error
}

// how says what to write instead.
func (p *parser) how() string {
	switch {
	case strings.Contains(p.out.Format, "SV"):
		return "write a first line with the names of the columns, of " + p.fields + ", and one row a line"
	case p.out.Format == "a JSON array":
		return "write an array of objects, with the fields " + p.fields
	}
	return "write one JSON object a line, with the fields " + p.fields
}

func (p *parser) mistake(err error) { p.wrong = append(p.wrong, err) }

func (p *parser) full() bool { return len(p.wrong) >= maxMistakes }

// bad notes what is wrong with a line.
func (p *parser) bad(line int, format string, args ...any) {
	p.mistake(p.at(line, format, args...).Try("%s", p.how()))
}

// at says what is wrong with a line.
func (p *parser) at(line int, format string, args ...any) *engine.Error {
	return engine.Errorf(engine.BadSetting, "examples", "%s:%d: "+format, append([]any{p.name, line}, args...)...)
}

// add appends a row, and columns that are new.
func (p *parser) add(line int, names []string, cells map[string]Cell) {
	for _, n := range names {
		if !slices.Contains(p.out.Columns, n) {
			p.out.Columns = append(p.out.Columns, n)
		}
	}
	p.out.List = append(p.out.List, Row{line, cells})
}

// cell takes what JSON has for a value apart.
func cell(raw json.RawMessage) Cell {
	switch raw[0] {
	case '"':
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
	case 't', 'f':
		return raw[0] == 't'
	case 'n':
		return nil
	}
	return raw
}

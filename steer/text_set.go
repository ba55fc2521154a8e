package steer

import (
	"bytes"
	"path/filepath"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A TextSet is a list of texts in a file, read when something first needs it. Tasks take a list of texts; a file that cannot be
// read must not look like an empty list to them, so Read gives both:
//
//	texts, err := steer.Texts("neutral.txt").Read()
//	usual, err := m.MeanActivations(texts...).Run(ctx)
type TextSet struct{ s set[string] }

// Texts is the set in a file: with the ending .txt one text a line, empty lines not counted; of JSON lines, a JSON array, CSV, TSV or
// parquet the column text, prompt, sentence, content, input or question, or the one that is said: steer.Texts("a.csv", "text=body").
func Texts(path string, columns ...string) TextSet {
	if strings.EqualFold(filepath.Ext(path), ".txt") {
		return TextSet{set[string]{sync.OnceValues(func() (listed[string], error) { return plainLines(path, columns) })}}
	}
	return TextSet{fromFile[string](path, columns)}
}

// plainLines reads a text a line.
func plainLines(path string, columns []string) (listed[string], error) {
	name := baseName(path)
	b, err := regular.ReadText(path, tabular.MaxFile)
	switch {
	case err != nil:
		return listed[string]{}, engine.Errorf(engine.BadSetting, "texts", "the file %s cannot be read: %v", path, err).
			Try("give the path of a file, relative to the folder of the notebook or program")
	case !utf8.Valid(b):
		return listed[string]{}, engine.Errorf(engine.BadText, "texts", "%s is not UTF-8", name).Try("save the file as UTF-8")
	case len(columns) > 0:
		return listed[string]{}, engine.Errorf(engine.BadSetting, "texts", "%s has no columns", name).Try("leave out what is said of columns, or give a file of JSON lines, CSV or TSV")
	}
	out := listed[string]{from: name, format: "text", took: []Column{{"each line", "text"}}}
	for line := range bytes.Lines(b) {
		if line = bytes.TrimRight(line, "\r\n"); len(bytes.TrimSpace(line)) > 0 {
			out.list = append(out.list, string(line))
		}
	}
	if len(out.list) == 0 {
		return listed[string]{}, engine.Errorf(engine.BadSetting, "texts", "%s has no line", name).Try("write one text a line")
	}
	return out, nil
}

// Read returns the texts, or what is wrong with the file.
func (s TextSet) Read() ([]string, error) { return s.s.Read() }

// Len returns how many texts there are; 0 when the file cannot be read.
func (s TextSet) Len() int { return s.s.Len() }

// At returns the i-th text, from 0; a negative i counts from the end. Outside it is empty.
func (s TextSet) At(i int) string { return s.s.At(i) }

// Columns returns the columns of the file and what each was taken for.
func (s TextSet) Columns() []Column { return s.s.Columns() }

// String says how many texts there are and where they stand.
func (s TextSet) String() string { return s.s.String() }

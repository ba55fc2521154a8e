package steer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// maxPrinted is how many rows a table for print has at most.
const maxPrinted = 1000

// Save writes a result to files, each in the format of its ending, as a whole or not at all:
//
//	err := steer.Save(scores, "scores.npy", "scores.csv")
//
// Every result has a table: .csv, .tsv, .jsonl, .parquet, .md and .tex, and .json, which says all of it where a result has more than a
// table. What is an array of numbers (scores [L,T,F], vectors [L,D], logits [V]) is that array in .npy; any other table is a
// structured one. A circuit's .json and a vector's .safetensors or .gguf are what LoadCircuit and LoadVector read; activations
// are .npy or .safetensors, texts .txt, and a set's .csv, .tsv, .jsonl or .json is what Examples and Pairs read. The errors of
// all files are joined.
func Save(x any, paths ...string) error {
	if len(paths) == 0 {
		return engine.Errorf(engine.BadSetting, "save", "no file is named").Try(`name one, e.g. "scores.csv"`)
	}
	var wrong []error
	for _, path := range paths {
		wrong = append(wrong, save(x, path))
	}
	return errors.Join(wrong...)
}

// save writes one file: as the result's own format, as its array, its JSON, or its table.
func save(x any, path string) error {
	ext := strings.ToLower(filepath.Ext(path))
	if !slices.Contains(Endings(x), ext) {
		return noFormat(x, path, ext)
	}
	if own, ok := x.(interface{ Save(path string) error }); ok && slices.Contains(ownEndings(x), ext) {
		return own.Save(path)
	}
	if a, ok := array(x); ok && ext == ".npy" {
		var b bytes.Buffer
		writeNPY(&b, a)
		return writeFile(path, b.Bytes())
	}
	switch ext {
	case ".txt":
		return writeFile(path, []byte(plainText(x)+"\n"))
	case ".json":
		if j, ok := x.(json.Marshaler); ok {
			b, err := indented(j)
			if err != nil {
				return engine.Errorf(engine.Internal, "save", "%s: %v", path, err)
			}
			return writeFile(path, b)
		}
	}
	t, _ := table(x) // Endings would be empty
	if n := len(t.Rows); n > maxPrinted && (ext == ".md" || ext == ".tex") {
		return engine.Errorf(engine.BadSetting, "save", "%s: %d rows are too many to be read, the most is %d", path, n, maxPrinted).
			Try("save what matters, e.g. its TopK(20), or save all as .csv")
	}
	if err := t.Write(path); err != nil {
		return engine.Prefix("save", err)
	}
	return nil
}

// Endings lists the endings of the files that Save writes x to; none of what it cannot save.
func Endings(x any) (all []string) {
	if _, ok := table(x); ok {
		all = tabular.Endings()
	}
	all = append(all, ownEndings(x)...)
	if _, ok := x.(interface{ Text() string }); ok {
		all = append(all, ".txt")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ownEndings are those of the formats that a result writes itself.
func ownEndings(x any) []string {
	switch x.(type) {
	case Circuit:
		return []string{".json"}
	case Vector:
		return []string{".safetensors", ".gguf"}
	case Activations:
		return []string{".npy", ".safetensors"}
	}
	return nil
}

// table returns the table of a result.
func table(x any) (Table, bool) {
	if t, ok := x.(Table); ok {
		return t, true
	}
	t, ok := x.(interface{ Table() Table })
	if !ok {
		return Table{}, false
	}
	all := t.Table()
	if c, ok := x.(interface{ Interventions() string }); ok && !slices.Contains(all.Columns, "under") {
		if words := c.Interventions(); words != "" { // a file says what its numbers are of
			all.Columns = append(slices.Clone(all.Columns), "under")
			for i, row := range all.Rows {
				all.Rows[i] = append(slices.Clone(row), words)
			}
		}
	}
	return all, true
}

// array returns the numbers of a result that is an array of them.
func array(x any) (Tensor, bool) {
	switch x := x.(type) {
	case Tensor:
		return x, true
	case Decomposition:
		return x.Dense(), true
	case Scores:
		return x.Dense(), true
	case BehaviorScores:
		return x.Mean().Dense(), true
	case Vector:
		return x.Tensor(), true
	case Prediction:
		return Tensor{[]int{len(x.Logits())}, x.Logits()}, true
	}
	return Tensor{}, false
}

func plainText(x any) string {
	t, _ := x.(interface{ Text() string })
	return t.Text()
}

// indented is JSON that people can read and compare.
func indented(x any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(x); err != nil {
		return nil, fmt.Errorf("it cannot be written as JSON: %w", err)
	}
	return b.Bytes(), nil
}

// noFormat says which formats x has.
func noFormat(x any, path, ext string) error {
	name := strings.TrimPrefix(reflect.TypeOf(x).String(), "steer.")
	all := Endings(x)
	if len(all) == 0 {
		return engine.Errorf(engine.BadSetting, "save", "%s: %s is no result that can be saved", path, name).Try("save a result: scores, a circuit, a curve, a vector, a set of examples, …")
	}
	return engine.Errorf(engine.BadSetting, "save", "%s: no format of %s has the ending %q", path, name, ext).Try("use one of %s", strings.Join(all, ", "))
}

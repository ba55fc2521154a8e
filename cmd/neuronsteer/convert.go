package main

import (
	"context"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"

	_ "github.com/neuronsteer/neuronsteer/internal/parquet" // .parquet, for this command and for the cells of notebooks, which ask it
	"github.com/neuronsteer/neuronsteer/internal/tabular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const convertHelp = `
FILE is JSON lines, a JSON array of objects, CSV, TSV or parquet, and so is TO, or it is .npy, .md or .tex, by their endings. With -
in place of TO the rows are written as JSON lines; with - in place of FILE the table of a notebook's cell is read.
`

// convert turns a file of data into one of another format.
func convert(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	if len(ws) != 2 {
		return engine.Errorf(steer.BadSetting, "convert", "it takes two files, not %d", len(ws)).Try("type: neuronsteer convert FILE.parquet FILE.jsonl")
	}
	from, to := ws[0], ws[1]
	var t tabular.Table
	if from == "-" {
		b, err := io.ReadAll(io.LimitReader(os.Stdin, 1<<30))
		if err != nil {
			return engine.Errorf(steer.BadFile, "convert", "the table cannot be read: %v", err)
		}
		if t, err = tabular.Decode(b); err != nil {
			return err
		}
	} else {
		rows, err := tabular.Read(from, "any names")
		if err != nil {
			return err
		}
		t = rows.Table(strings.TrimSuffix(filepath.Base(from), filepath.Ext(from)))
	}
	if to == "-" {
		return t.WriteLines(out)
	}
	return t.Write(to)
}

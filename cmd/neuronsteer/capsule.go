package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/capsule"
	"github.com/neuronsteer/neuronsteer/internal/report"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/internal/verify"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const capsuleHelp = `
A capsule is a zip file with the report or notebook, the data that it reads, and the results of the store that it names, so
that somebody else runs it again at 0 passes: open it, and set NEURONSTEER_STORE to its folder store. Nothing of a capsule is
believed that its manifest does not say.
`

// capsules packs a report or notebook with its results, or opens what somebody packed.
func capsules(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	to := f.String("o", "", "the `FILE.zip` to write; the default is the name of what is packed, with .capsule.zip")
	dir := f.String("to", "", "the new `DIR` that open unpacks into; the default is the name of the capsule without its ending")
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	switch {
	case len(ws) == 2 && ws[0] == "open":
		return openCapsule(ws[1], *dir, out)
	case len(ws) == 1 && ws[0] != "open":
		return packCapsule(ws[0], *to, out)
	case len(ws) > 1:
		return tooMany(f, ws[len(ws)-1])
	}
	return engine.Errorf(steer.BadSetting, "capsule", "name a report or an executed notebook").Try("type: neuronsteer capsule notebook.ipynb")
}

func packCapsule(path, to string, out io.Writer) error {
	file, err := verify.Open(path)
	if err != nil {
		return err
	}
	s, err := store.Open("")
	if err != nil {
		return err
	}
	c := capsule.Contents{File: path, Sources: file.Sources, Record: func(ref string) (string, bool) {
		r, ok := store.ParseRef(ref)
		if !ok {
			return "", false
		}
		if _, ok, err := s.Get(r); !ok || err != nil { // only what is whole
			return "", false
		}
		return s.Path(r), true
	}}
	for _, o := range file.Outputs {
		if o.Origin.Circuit != nil {
			c.Circuits = append(c.Circuits, *o.Origin.Circuit)
		}
	}
	if strings.EqualFold(filepath.Ext(path), ".ipynb") {
		n, err := report.OpenNotebook(path)
		if err != nil {
			return err
		}
		c.Data = capsule.Data(filepath.Dir(path), n.Code())
	}
	if to == "" {
		to = strings.TrimSuffix(path, filepath.Ext(path)) + ".capsule.zip"
	}
	m, err := capsule.Pack(to, c)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s with %d files, %d results\n", to, m.File, len(m.Files), len(file.Sources))
	return nil
}

func openCapsule(path, dir string, out io.Writer) error {
	if dir == "" {
		dir = strings.TrimSuffix(path, filepath.Ext(path))
	}
	m, err := capsule.Open(path, dir)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %d files, each what was packed; README.md says how to run %s again\n", dir, len(m.Files), m.File)
	return nil
}

package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/report"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

const reportHelp = `
The report is one HTML file that needs nothing else: the verdict first, the findings with their figures and tables, prompts
and tokens, circuits, provenance, settings, a sentence on methods, and what to cite. With -o NAME.md or NAME.tex it is
written as Markdown or LaTeX, its figures beside it.
`

// reports writes the report of a notebook, a study or a session.
func reports(_ context.Context, f *flag.FlagSet, args []string, out io.Writer) error {
	to := f.String("o", "", "the `FILE` to write, .html, .md or .tex; the default is the name of what is reported, with .html")
	session := f.String("session", "", "report what the session of a notebook has shown, whose journal is in this `DIR` (nb.Report asks for it)")
	ws, err := words(f, args)
	if err != nil {
		return err
	}
	if len(ws) > 1 {
		return tooMany(f, ws[1])
	}
	var r *report.Report
	switch {
	case *session != "" && len(ws) == 0 && *to != "":
		r, err = report.ReadSession(*session)
	case *session == "" && len(ws) == 1:
		if r, err = readReport(ws[0]); *to == "" {
			*to = strings.TrimSuffix(filepath.Clean(ws[0]), ".ipynb") + ".html"
		}
	default:
		return engine.Errorf(steer.BadSetting, "report", "name what to report").Try("type: neuronsteer report notebook.ipynb, or the folder of a study")
	}
	if err != nil {
		return err
	}
	live, _ := report.ReadLive(engineFolders()...)
	if err := r.Save(*to, report.Options{Find: find(), Live: live}); err != nil {
		return err
	}
	info, err := os.Stat(*to)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s, %d kB\n", *to, r.Summary(), (info.Size()+999)/1000)
	return nil
}

// engineFolders are where the engine of a page can be: where NEURONSTEER_PAGE says, beside this program, or in share of where
// this program was installed.
func engineFolders() []string {
	if dir := os.Getenv("NEURONSTEER_PAGE"); dir != "" {
		return []string{dir}
	}
	program, err := os.Executable()
	if err != nil {
		return nil
	}
	if followed, err := filepath.EvalSymlinks(program); err == nil {
		program = followed
	}
	dir := filepath.Dir(program)
	return []string{dir, filepath.Join(dir, "..", "share", "neuronsteer")}
}

// readReport reads a notebook or a study.
func readReport(path string) (*report.Report, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return report.ReadStudy(path)
	}
	return report.ReadNotebook(path)
}

// find looks for results in the store; where there is none nothing is found.
func find() func(ref string) (steer.Record, bool) {
	s, err := store.Open("")
	if err != nil {
		return nil
	}
	s.Check = steer.Record.Check
	return func(ref string) (steer.Record, bool) {
		r, ok := store.ParseRef(ref)
		if !ok {
			return steer.Record{}, false
		}
		rec, ok, err := s.Get(r)
		return rec, ok && err == nil
	}
}

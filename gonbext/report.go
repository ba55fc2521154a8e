package gonbext

import (
	"bytes"
	"fmt"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/resident"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Report writes what this session has shown so far as one document, at each path: .html, a page that needs nothing else and
// is read offline; .md, Markdown; or .tex, tables and figures for a paper. Figures of the latter two are written beside
// them. Outputs stand in the order in which their cells were first run; a cell that was run again has only its last ones.
//
//	nb.Report("praise.html", "praise.tex")
//
// To have the prose of a notebook in it too, save the notebook and type neuronsteer report notebook.ipynb.
func Report(paths ...string) {
	at := caller()
	if len(paths) == 0 {
		paths = []string{"report.html"}
	}
	c := &card{title: words("Report")}
	for _, path := range paths {
		line, err := here.report(path)
		if err != nil {
			here.fail(err, at)
		}
		c.line(span{line, plain})
	}
	b := c.bundle()
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			b.html += `<div><a href="` + escape((&url.URL{Path: filepath.ToSlash(path)}).String()) + `">` + escape(path) + `</a></div>`
		}
	}
	s := here.screen()
	s.send(b)
	s.sync()
}

// report has the program write one document, and returns what it says. A cell links none of what writing one needs.
func (p *process) report(path string) (string, error) {
	j, ok := sessionJournal()
	if !ok {
		return "", engine.Errorf(steer.BadSetting, "report", "there is no notebook's session, so nothing is kept of what was shown").
			Try("type in a terminal: neuronsteer report notebook.ipynb")
	}
	program, err := resident.FindProgram()
	if err != nil {
		return "", err
	}
	var out, errs bytes.Buffer
	c := exec.CommandContext(p.context(), program, "report", "-session", j.Folder, "-o", path)
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		said := strings.TrimPrefix(strings.TrimSpace(errs.String()), "neuronsteer: ")
		if said == "" {
			said = err.Error()
		}
		return "", fmt.Errorf("%s", said)
	}
	return strings.TrimSpace(out.String()), nil
}

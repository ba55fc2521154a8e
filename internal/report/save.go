package report

import (
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// Save writes the report to a file; its ending says how: .html, .md or .tex.
func (r *Report) Save(path string, opts Options) error {
	r.takeTitle()
	var text string
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".html", ".htm":
		text, err = r.HTML(opts)
	case ".md":
		text, err = r.Markdown(path)
	case ".tex":
		text, err = r.LaTeX(path)
	default:
		return engine.Errorf(steer.BadSetting, "report", "%s: a report is written as .html, .md or .tex, not as %q", filepath.Base(path), ext).
			Try("name it %s", strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))+".html")
	}
	if err != nil {
		return err
	}
	return atomicfile.Write(path, []byte(text), 0o644)
}

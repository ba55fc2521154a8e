package plotting

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/atomicfile"
)

// Save writes the figure to each path in the format of its extension: .png, .svg or .pdf. A file is replaced as a
// whole or not at all. The errors of all paths are joined; one that fails does not keep the others from being written.
func (f *Figure) Save(paths ...string) error {
	if len(paths) == 0 {
		return problemf(ErrFormat, f.where, `name a file, e.g. .Save("figure.pdf")`, "save: no file name")
	}
	var errs []error
	for _, path := range paths {
		errs = append(errs, f.save(path))
	}
	return errors.Join(errs...)
}

func (f *Figure) save(path string) error {
	var encode func() ([]byte, error)
	switch ext := filepath.Ext(path); strings.ToLower(ext) {
	case ".png":
		encode = f.PNG
	case ".svg":
		encode = f.SVG
	case ".pdf":
		encode = f.PDF
	default:
		stem := strings.TrimSuffix(path, ext)
		if filepath.Base(stem) == "." || stem == "" {
			stem = "figure"
		}
		return problemf(ErrFormat, f.where, fmt.Sprintf("use .png, .svg or .pdf, e.g. .Save(%q)", stem+".pdf"), "save %q: unknown format %q", path, ext)
	}
	data, err := encode()
	if err != nil {
		return err
	}
	if err := atomicfile.Write(path, data, 0o644); err != nil {
		return fmt.Errorf("%s: save %q: %w", f.where, path, err)
	}
	return nil
}

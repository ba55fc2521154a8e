package verify

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/report"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A File is what can be verified: its outputs and the results that they come from.
type File struct {
	Name    string
	Outputs []Output
	Sources []journal.Source // every result once, in full where anything says it in full
	Unknown int              // outputs that do not say where they came from
	Around  bool             // what stands around the outputs of a page is not as it was written
}

// An Output is one that says where it came from.
type Output struct {
	Where  string // e.g. "cell 5, output 2"
	Origin journal.Origin
	Forms  map[string][]byte // as they stand in the file
	Text   string            // the same facts as text, where another form is shown alone
}

// largest is how many bytes of a file are read.
const largest = 1 << 30

// Open reads a report or a notebook.
func Open(path string) (*File, error) {
	f := &File{Name: filepath.Base(path)}
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".ipynb":
		err = f.notebook(path)
	case ".html", ".htm":
		err = f.page(path)
	default:
		err = engine.Errorf(steer.BadSetting, "verify", "%s is neither a report (.html) nor a notebook (.ipynb)", path).
			Try("name one of these; what was written as Markdown or LaTeX holds no digests")
	}
	if err != nil {
		return nil, err
	}
	if len(f.Outputs) == 0 {
		return nil, engine.Errorf(steer.BadFile, "verify", "%s has no output that says where it came from", path).
			Try("run the notebook with this version, save it, and verify that")
	}
	return f, nil
}

func (f *File) notebook(path string) error {
	n, err := report.OpenNotebook(path)
	if err != nil {
		return err
	}
	for i, c := range n.Cells {
		for j, o := range c.Outputs {
			where := fmt.Sprintf("cell %d, output %d", i+1, j+1)
			origin, ok, err := o.Origin()
			if err != nil {
				return engine.Errorf(steer.BadFile, "verify", "%s: %s: %v", path, where, err)
			}
			if !ok {
				f.Unknown += count(o.Kind == "display_data" || o.Kind == "execute_result")
				continue
			}
			forms, err := o.Forms()
			if err != nil {
				return engine.Errorf(steer.BadFile, "verify", "%s: %s: %v", path, where, err)
			}
			f.add(Output{Where: where, Origin: origin, Forms: forms})
		}
	}
	return nil
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func (f *File) page(path string) error {
	b, err := regular.ReadText(path, largest)
	if err != nil {
		return err
	}
	page := string(b)
	bad := func(format string, args ...any) error {
		return engine.Errorf(steer.BadFile, "verify", "%s: %s", path, fmt.Sprintf(format, args...)).Try("verify a page that neuronsteer report has written")
	}
	_, rest, ok := strings.Cut(page, `id="`+report.IslandID+`">`)
	text, _, closed := strings.Cut(rest, "</script>")
	if !ok || !closed {
		return bad("this is no report: it does not say where its outputs came from")
	}
	var island report.Island
	if err := json.Unmarshal([]byte(text), &island); err != nil {
		return bad("what the page says of itself cannot be read: %v", err)
	}
	if island.Version != journal.Version {
		return bad("the page is of version %d, this program reads %d", island.Version, journal.Version)
	}
	f.merge(island.Sources)
	f.Around = report.Around(page, island.Outputs) != island.Page
	for i, o := range island.Outputs {
		out := Output{Where: fmt.Sprintf("output %d", i+1), Origin: o.Origin, Forms: map[string][]byte{}, Text: o.Text}
		for kind := range o.Origin.Shown {
			if shown, ok := report.Shown(page, o.ID, kind); ok {
				out.Forms[kind] = shown
			}
		}
		f.add(out)
	}
	return nil
}

func (f *File) add(o Output) {
	f.Outputs = append(f.Outputs, o)
	f.merge(o.Origin.Sources)
}

// merge takes note of results.
func (f *File) merge(sources []journal.Source) {
	for _, s := range sources {
		i := slices.IndexFunc(f.Sources, func(x journal.Source) bool { return x.Ref == s.Ref })
		switch {
		case i < 0:
			f.Sources = append(f.Sources, s)
		case f.Sources[i].Summary == nil && s.Summary != nil:
			f.Sources[i] = s
		}
	}
}

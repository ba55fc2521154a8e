package report

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// A Notebook is a file of Jupyter, as far as a report needs it.
type Notebook struct {
	Cells []NotebookCell `json:"cells"`
	Major int            `json:"nbformat"`
}

// A NotebookCell is prose or code with what it showed.
type NotebookCell struct {
	ID      string           `json:"id"`
	Kind    string           `json:"cell_type"`
	Source  lines            `json:"source"`
	Outputs []NotebookOutput `json:"outputs"`
}

// A NotebookOutput is one output: a bundle of forms, what a program printed, or an error.
type NotebookOutput struct {
	Kind     string                     `json:"output_type"`
	Data     map[string]lines           `json:"data"`
	Metadata map[string]json.RawMessage `json:"metadata"`
	Text     lines                      `json:"text"`
	Error    string                     `json:"evalue"`
}

// lines is a text that stands as one or as a list; what is neither (application/json) is kept as it is.
type lines string

// UnmarshalJSON implements json.Unmarshaler.
func (l *lines) UnmarshalJSON(b []byte) error {
	var s string
	if json.Unmarshal(b, &s) == nil {
		*l = lines(s)
		return nil
	}
	var list []string
	if json.Unmarshal(b, &list) == nil {
		*l = lines(strings.Join(list, ""))
		return nil
	}
	*l = lines(b)
	return nil
}

// Code returns the sources of the cells of code.
func (n *Notebook) Code() (out []string) {
	for _, c := range n.Cells {
		if c.Kind == "code" {
			out = append(out, string(c.Source))
		}
	}
	return out
}

// largest is how many bytes of a notebook, or of a report, are read.
const largest = 1 << 30

// OpenNotebook reads the file of a notebook.
func OpenNotebook(path string) (*Notebook, error) {
	b, err := regular.ReadText(path, largest)
	if err != nil {
		return nil, err
	}
	var n Notebook
	if err := json.Unmarshal(b, &n); err != nil {
		return nil, engine.Errorf(steer.BadFile, "report", "%s is no notebook: %v", path, err)
	}
	if n.Major != 4 {
		return nil, engine.Errorf(steer.BadFile, "report", "%s is of version %d of the notebook format, this program reads version 4", path, n.Major).
			Try("jupyter nbconvert --to notebook %s", path)
	}
	return &n, nil
}

// Forms returns the forms of an output as they were shown: pictures as bytes.
func (o NotebookOutput) Forms() (map[string][]byte, error) {
	forms := map[string][]byte{}
	for kind, v := range o.Data {
		if !strings.HasPrefix(kind, "image/") || kind == "image/svg+xml" {
			forms[kind] = []byte(v)
			continue
		}
		b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(string(v), "\n", ""))
		if err != nil {
			return nil, fmt.Errorf("the %s is no base64: %w", kind, err)
		}
		forms[kind] = b
	}
	return forms, nil
}

// Origin returns where the output came from; ok is false where it does not say.
func (o NotebookOutput) Origin() (origin journal.Origin, ok bool, err error) {
	b, ok := o.Metadata[journal.Key]
	if !ok {
		return origin, false, nil
	}
	origin, err = journal.ReadOrigin(b)
	return origin, true, err
}

// ReadNotebook makes a report of an executed notebook.
func ReadNotebook(path string) (*Report, error) {
	n, err := OpenNotebook(path)
	if err != nil {
		return nil, err
	}
	name := filepath.Base(path)
	r := &Report{Title: strings.TrimSuffix(name, filepath.Ext(name)), Of: "the notebook " + name}
	for i, c := range n.Cells {
		source := strings.TrimSpace(string(c.Source))
		switch {
		case source == "":
		case c.Kind == "markdown":
			r.Blocks = append(r.Blocks, Block{Prose: source})
		case c.Kind == "code":
			r.Blocks = append(r.Blocks, Block{Code: source})
		}
		for j, o := range c.Outputs {
			out, err := o.output()
			if err != nil {
				return nil, engine.Errorf(steer.BadFile, "report", "%s, cell %d, output %d: %v", path, i+1, j+1, err)
			}
			if out != nil {
				r.add(out)
			}
		}
	}
	if r.outputs() == 0 {
		return nil, engine.Errorf(steer.BadSetting, "report", "%s shows nothing: it was not run", path).Try("run its cells and save it first")
	}
	return r, nil
}

// output returns what stands in a report, nil for nothing.
func (o NotebookOutput) output() (*Output, error) {
	origin, known, err := o.Origin()
	if err != nil {
		return nil, err
	}
	var out Output
	switch o.Kind {
	case "stream":
		out.Text = strings.TrimRight(string(o.Text), "\n")
	case "error":
		out.Text = o.Error
	default:
		forms, err := o.Forms()
		if err != nil {
			return nil, err
		}
		out.Text, out.PNG = strings.TrimRight(string(forms["text/plain"]), "\n"), forms["image/png"]
		out.Width = width(o.Metadata["image/png"])
		if known { // others' HTML may hold anything; it has a text
			out.HTML, out.Origin, out.Changed = string(forms["text/html"]), origin, origin.Altered(forms)
		}
	}
	if out.Text == "" && out.PNG == nil || !known && progress.MatchString(out.Text) {
		return nil, nil
	}
	return &out, nil
}

// width is that of a picture, in CSS pixels, where its metadata says it.
func width(b json.RawMessage) int {
	var m struct {
		Width int `json:"width"`
	}
	if json.Unmarshal(b, &m) != nil {
		return 0
	}
	return m.Width
}

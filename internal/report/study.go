package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/internal/regular"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/engine"
)

// ReadStudy makes a report of the folder of a study: its tables and figures, by behavior and method.
func ReadStudy(dir string) (*Report, error) {
	plan, err := regular.ReadText(filepath.Join(dir, "study.yaml"), largest)
	if err != nil {
		return nil, engine.Errorf(steer.BadFile, "report", "%s is no folder of a study: %v", dir, err).
			Try("name a notebook, or the folder that a study was written to")
	}
	name := filepath.Base(filepath.Clean(dir))
	r := &Report{Title: "Study " + name, Of: "the study " + name}
	r.sources(filepath.Join(dir, "work", "store"))
	var files []string
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == "work" {
			return fs.SkipDir
		}
		if ext := filepath.Ext(path); ext == ".csv" || ext == ".svg" || strings.HasSuffix(path, ".circuit.json") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	last := ""
	for _, path := range files {
		at, err := filepath.Rel(dir, filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		o, err := studyOutput(path)
		if err != nil {
			return nil, engine.Errorf(steer.BadFile, "report", "%s: %v", path, err)
		}
		if o == nil {
			continue
		}
		if at != last {
			r.Blocks = append(r.Blocks, Block{Heading: heading(at), Level: 3})
			last = at
		}
		r.Blocks = append(r.Blocks, Block{Output: o})
	}
	r.Blocks = append(r.Blocks, Block{Heading: "The study", Level: 3}, Block{Output: &Output{Entry: journal.Entry{Text: string(plan)}}})
	return r, nil
}

func heading(at string) string {
	if at == "." {
		return "Summary"
	}
	return strings.ReplaceAll(filepath.ToSlash(at), "/", ", ")
}

// sources lists the results of the study's own store.
func (r *Report) sources(dir string) {
	if _, err := os.Stat(dir); err != nil {
		return
	}
	s, err := store.Open(dir)
	if err != nil {
		return
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, f := range list {
		ref, ok := store.ParseRef(f.Name())
		if !ok {
			continue
		}
		if rec, ok, err := s.Get(ref); ok && err == nil {
			x := journal.NewSource(rec).Unpack()
			x.Model = base(x.Model)
			r.Sources = append(r.Sources, x)
		}
	}
	slices.SortStableFunc(r.Sources, func(a, b journal.Source) int { return strings.Compare(a.Kind, b.Kind) })
}

// studyOutput reads one file of a study.
func studyOutput(path string) (*Output, error) {
	b, err := regular.ReadFile(path, largest)
	if err != nil {
		return nil, err
	}
	what := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	o := &Output{Entry: journal.Entry{Origin: journal.Origin{Version: journal.Version}}}
	switch {
	case strings.HasSuffix(path, ".svg"):
		var alt struct {
			Title string `xml:"title"`
			Desc  string `xml:"desc"`
		}
		if err := xml.Unmarshal(b, &alt); err != nil {
			return nil, err
		}
		o.SVG, o.Text, o.Caption = b, alt.Desc, alt.Title
		if o.Text == "" {
			o.Text = what
		}
	case strings.HasSuffix(path, ".circuit.json"):
		c, err := circuitOf(b)
		if err != nil || c == nil {
			return nil, err
		}
		o.Text, o.Origin.Circuit = fmt.Sprintf("The circuit %s: %s", circuitName(c.Name), several(len(c.Units), "unit")), c
	default:
		rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		if strings.HasSuffix(path, ".verdict.csv") {
			o.Origin.Type = "CircuitVerdict"
		}
		if strings.HasSuffix(path, ".circuit.csv") {
			return nil, nil // the circuit stands in its JSON
		}
		o.HTML, o.Text = csvTable(what, rows)
	}
	return o, nil
}

// circuitOf reads the units of a circuit's file.
func circuitOf(b []byte) (*journal.Circuit, error) {
	var f struct {
		Name    string        `json:"name"`
		Entries []steer.Entry `json:"entries"`
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, err
	}
	c := &journal.Circuit{Name: f.Name, Units: []string{}}
	for _, e := range f.Entries {
		if u := e.Neuron.String(); !slices.Contains(c.Units, u) {
			c.Units = append(c.Units, u)
		}
	}
	return c, nil
}

// csvTable makes a table of a file, without the columns that are empty everywhere.
func csvTable(name string, rows [][]string) (asHTML, asText string) {
	const most = 200
	var keep []int
	for i := range rows[0] {
		if slices.ContainsFunc(rows[1:], func(r []string) bool { return r[i] != "" }) {
			keep = append(keep, i)
		}
	}
	var h, t strings.Builder
	fmt.Fprintf(&h, "<table><caption>%s</caption><thead>", html.EscapeString(name))
	for n, r := range rows {
		if n > most {
			break
		}
		cell, scope := "td", ""
		if n == 0 {
			cell, scope = "th", ` scope="col"`
		}
		h.WriteString("<tr>")
		for _, i := range keep {
			fmt.Fprintf(&h, "<%s%s>%s</%s>", cell, scope, html.EscapeString(brief(r[i])), cell)
			t.WriteString(brief(r[i]) + "\t")
		}
		h.WriteString("</tr>")
		if n == 0 {
			h.WriteString("</thead><tbody>")
		}
		t.WriteString("\n")
	}
	h.WriteString("</tbody></table>")
	if more := len(rows) - 1 - most; more > 0 {
		fmt.Fprintf(&h, "<div>… %d more rows</div>", more)
	}
	return h.String(), t.String()
}

// brief shows a number of a file with five digits, and an address by its beginning.
func brief(s string) string {
	var x float64
	if n, err := fmt.Sscanf(s, "%g", &x); n == 1 && err == nil && strings.ContainsAny(s, ".e") && strings.Trim(s, "+-0123456789.eE") == "" {
		return fmt.Sprintf("%.5g", x)
	}
	if len(s) == 64 && strings.Trim(s, "0123456789abcdef") == "" {
		return s[:8]
	}
	return s
}

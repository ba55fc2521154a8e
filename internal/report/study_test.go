package report

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/pagecheck"
	"github.com/neuronsteer/neuronsteer/internal/store"
	"github.com/neuronsteer/neuronsteer/steer"
)

// studied writes the folder of a study: one behavior with everything that a method leaves, and the study's own store.
func studied(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "praise")
	long := "k,score\n" + strings.Repeat("1,0.5\n", 203)
	for name, text := range map[string]string{
		"study.yaml":                       "model: teaching\nbehaviors:\n  - name: <sentiment>\n",
		"summary.csv":                      "behavior,accuracy,unused\nsentiment,0.123456789,\nnumber,1e-3,\n",
		"summary.json":                     "{}",
		"sentiment/relp/top.circuit.json":  `{"name":"top <20>","entries":[{"layer":0,"index":31,"position":1,"score":1},{"layer":0,"index":31,"position":2,"score":1},{"layer":5,"index":2,"head":true,"position":1,"score":1}]}`,
		"sentiment/relp/top.circuit.csv":   "layer,neuron\n0,31\n",
		"sentiment/relp/top.verdict.csv":   "criterion,state,found,refs\nnecessity,met,by -3.07," + strings.Repeat("ab", 32) + "\n",
		"sentiment/relp/scores.csv":        long,
		"sentiment/relp/by-layer.svg":      `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><title>Layer 5 leads</title><desc>Bars of support.</desc><path d="M0 0h1"/></svg>`,
		"sentiment/relp/undescribed.svg":   `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h1"/></svg>`,
		"work/store/not-of-the-report.csv": "a\nleft out\n",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.Open(filepath.Join(dir, "work", "store"))
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"sweep", "baseline"} {
		rec := steer.Record{Header: steer.Header{Request: steer.Request{Kind: kind, Version: 1, Settings: []byte(`{}`)}, Identity: steer.Identity{Model: "aa", Tokenizer: "bb"}, Model: "/home/somebody/tiny", Engine: "native", Tool: "test", Body: []byte(`{}`)}}
		if _, err := s.Keep(rec); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestStudy: the folder of a study is read whole: in the order of its folders, each table and figure once, the circuits, what may be
// said of them, the results that it rests on and the study itself; and nothing of its workshop.
func TestStudy(t *testing.T) {
	r, err := ReadStudy(studied(t))
	if err != nil {
		t.Fatal(err)
	}
	if r.Title != "Study praise" || r.Of != "the study praise" {
		t.Errorf("%q of %q", r.Title, r.Of)
	}
	var order []string
	for _, b := range r.Blocks {
		switch {
		case b.Heading != "":
			order = append(order, "# "+b.Heading)
		default:
			text, _, _ := strings.Cut(b.Output.Text, "\n")
			order = append(order, text)
		}
	}
	want := []string{
		"# sentiment, relp", "Bars of support.", "k\tscore\t", "The circuit top <20>: 2 units", "criterion\tstate\tfound\trefs\t", "undescribed",
		"# Summary", "behavior\taccuracy\t", "# The study", "model: teaching",
	}
	if !slices.Equal(order, want) {
		t.Errorf("the parts are\n%q, want\n%q", order, want)
	}
	if v := r.verdicts(); len(v) != 1 || !strings.Contains(v[0].HTML, "necessity") || !strings.Contains(v[0].HTML, "<td>abababab</td>") {
		t.Errorf("verdicts: %v", v)
	}
	if c := r.circuits(); len(c) != 1 || !slices.Equal(c[0].Units, []string{"L0/N31", "L5/H2"}) {
		t.Errorf("circuits: %v", c)
	}
	if len(r.Sources) != 2 || r.Sources[0].Kind != "baseline" || r.Sources[1].Kind != "sweep" || r.Sources[0].Model != "tiny" {
		t.Errorf("sources: %+v", r.Sources)
	}
}

// TestStudyPage: its page has what the files say, in numbers of five digits and tables that end, and is as harmless as that of a
// notebook.
func TestStudyPage(t *testing.T) {
	dir := studied(t)
	r, err := ReadStudy(dir)
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.HTML(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"Layer 5 leads", "Bars of support.", ">0.12346<", ">0.001<", "… 3 more rows", `<th scope="col">behavior</th>`, "<caption>summary</caption>", "top &lt;20&gt;", "L0/N31 L5/H2",
		"&lt;sentiment&gt;",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("the page has no %q", part)
		}
	}
	for _, part := range []string{"left out", "unused", "<20>", dir, "/home/somebody", "0.123456789"} {
		if strings.Contains(page, part) {
			t.Errorf("the page has %q", part)
		}
	}
	if n := strings.Count(page, "<td>0.5</td>"); n != 200 {
		t.Errorf("%d rows of a long table, want 200", n)
	}
	for _, f := range pagecheck.Page("page.html", []byte(page)) {
		t.Error(f)
	}
}

// TestTornStudy: a file that cannot be read is named; an empty table is left out.
func TestTornStudy(t *testing.T) {
	for name, c := range map[string]struct{ text, says string }{
		"torn.svg":          {"<svg><title>", "torn.svg"},
		"ragged.csv":        {"a,b\n1\n", "ragged.csv"},
		"torn.circuit.json": {"{", "torn.circuit.json"},
		"empty.csv":         {"", ""},
	} {
		dir := studied(t)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadStudy(dir)
		if c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package gonbext

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/plotting"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// TestJournalKeepsWhatIsShown: what a cell shows is in the journal of its session, under the code of its notebook: of what moves what
// stands still, of a figure the picture once; what a later output repeats is brief. Outside of a session nothing is kept.
func TestJournalKeepsWhatIsShown(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GONB_TMP_DIR", "")
	if here.keeps() {
		t.Fatal("outside of a session there is a journal")
	}
	t.Setenv("GONB_TMP_DIR", dir)
	if err := (journal.Running{Code: "nb.Show(x)", ID: "cell-7"}).Write(dir); err != nil {
		t.Fatal(err)
	}
	m := steertest.NewModel()
	c := steer.NewCircuit("capital", steer.Neuron{Layer: 1, Index: 2}, steer.Neuron{Layer: 0, Index: 1})
	l := newLiveOf(t, c, m.Predict(france).Of(" Paris", " Rome"), 0, 2.5)
	live, err := l.bundle()
	if err != nil {
		t.Fatal(err)
	}
	scores := run(t, m.Attribute(france).Target(" Paris").Versus(" Rome"))
	figure, err := render(plotting.ByLayer(scores), site{})
	if err != nil {
		t.Fatal(err)
	}
	card, err := render(c, site{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Predict(france).Request()
	if err != nil {
		t.Fatal(err)
	}
	rec, err := m.Runner().Run(t.Context(), r, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &process{}
	p.used.add(rec)
	p.used.add(rec)
	sent := []bundle{p.keep(l, live, site{}), p.keep(plotting.ByLayer(scores), figure, site{}), p.keep(c, card, site{})}
	if sent[0].html != live.html || !strings.Contains(sent[0].html, "<script>") {
		t.Error("the notebook has not what moves")
	}
	j, ok := sessionJournal()
	if !ok || !strings.HasPrefix(j.Folder, dir) {
		t.Fatalf("the journal is in %q", j.Folder)
	}
	cells, err := j.Read()
	if err != nil || len(cells) != 1 || len(cells[0].Entries) != 3 {
		t.Fatalf("%+v (%v)", cells, err)
	}
	if cells[0].Code != "nb.Show(x)" || cells[0].Key != "cell-7" {
		t.Errorf("the cell is %q, %q", cells[0].Key, cells[0].Code)
	}
	e := cells[0].Entries
	if e[0].HTML != live.still || strings.Contains(e[0].HTML, "<script") || e[0].Text == "" {
		t.Errorf("of what moves there is %.200s", e[0].HTML)
	}
	if e[1].HTML != "" || len(e[1].PNG) == 0 || e[1].Text == "" {
		t.Errorf("of a figure there are %d bytes of HTML and %d of the picture", len(e[1].HTML), len(e[1].PNG))
	}
	if o := e[2].Origin; e[2].HTML != card.html || o.Circuit == nil || o.Circuit.Name != "capital" || strings.Join(o.Circuit.Units, " ") != "L0/N1 L1/N2" || o.Type != "Circuit" {
		t.Errorf("the circuit is %+v", o.Circuit)
	}
	for i, x := range e {
		if s := x.Origin.Sources; len(s) != 1 || s[0].Whole() != (i == 0) || s[0].Ref != r.Ref(rec.Header.Identity).String() {
			t.Errorf("output %d comes from %+v", i, s)
		}
	}
}

// TestCellIsItsBody: the code of a cell is what its author wrote in main, without what the kernel puts there.
func TestCellIsItsBody(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		"package main\n\nfunc other() {\n}\n\nfunc main() {\n\tflag.Parse()\n\tnb.Show(1)\n\tif x {\n\t\ty()\n\t}\n}\n\nfunc more() {\n}\n": "nb.Show(1)\nif x {\n\ty()\n}",
		"package main\n\nfunc main() {\n\ty()\n}\n": "y()",
		"package main\n": "",
	} {
		file := filepath.Join(dir, "main.go")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := (&site{file: file}).cell(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (&site{file: filepath.Join(dir, "none.go")}).cell(); got != "" {
		t.Errorf("of no file there is %q", got)
	}
}

// TestLargeCircuitsAreNotListed: the origin of a card of a large circuit names no units.
func TestLargeCircuitsAreNotListed(t *testing.T) {
	for n, listed := range map[int]bool{longestCircuit: true, longestCircuit + 1: false} {
		var ns []steer.Neuron
		for i := range n {
			ns = append(ns, steer.Neuron{Index: i})
		}
		if o := (&process{}).originOf(steer.NewCircuit("all", ns...), bundle{}); (o.Circuit != nil) != listed {
			t.Errorf("%d units are listed: %v", n, o.Circuit != nil)
		}
	}
}

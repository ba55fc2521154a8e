package gonbext

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/janpfeifer/gonb/gonbui/protocol"
	"github.com/neuronsteer/neuronsteer/internal/journal"
	"github.com/neuronsteer/neuronsteer/steer/steertest"
)

// origin reads what arrived with an output.
func origin(t *testing.T, d *protocol.DisplayData) journal.Origin {
	t.Helper()
	b, err := json.Marshal(d.Metadata[journal.Key])
	if err != nil {
		t.Fatal(err)
	}
	o, err := journal.ReadOrigin(b)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestShowSaysWhereItCameFrom: with each output goes what it was made from, in full the first time; a result that nothing
// shown so far has used is in none.
func TestShowSaysWhereItCameFrom(t *testing.T) {
	k := &kernel{t: t}
	with(t, k.screen())
	m := steertest.NewModel()
	ask := Run(m.Predict("The capital of France is"))
	unused := Run(m.Tokens("never looked at"))
	top := Run(m.Attribute("The capital of France is").Target(" Paris").Versus(" Rome")).TopK(2).Named("two")
	Show(ask, top, fakeFigure{})
	_ = unused
	if len(k.shown) != 3 {
		t.Fatalf("%d outputs", len(k.shown))
	}
	card, circuit, figure := origin(t, k.shown[0]), origin(t, k.shown[1]), origin(t, k.shown[2])
	if card.Type != "Prediction" || len(card.Sources) != 1 || card.Sources[0].Kind != "predict" || !card.Sources[0].Whole() {
		t.Errorf("the card of a prediction: %+v", card)
	}
	if r, err := card.Sources[0].Request(); err != nil || !strings.Contains(string(r.Settings), "The capital of France is") {
		t.Errorf("its request: %s, %v", r.Settings, err)
	}
	if len(circuit.Sources) != 2 || circuit.Sources[0].Whole() || !circuit.Sources[1].Whole() || circuit.Circuit == nil || circuit.Circuit.Name != "two" || len(circuit.Circuit.Units) != 2 {
		t.Errorf("a circuit: %+v", circuit)
	}
	if len(figure.Sources) != 2 || figure.Sources[0].Whole() || figure.Type != "fakeFigure" {
		t.Errorf("a figure: %+v", figure)
	}
	for i, d := range k.shown {
		forms := map[string][]byte{}
		for kind, form := range d.Data {
			forms[string(kind)] = []byte(fmt.Sprintf("%s", form))
		}
		if a := origin(t, d).Altered(forms); len(a) > 0 {
			t.Errorf("output %d is not what was recorded: %v", i, a)
		}
	}
	if w, ok := k.shown[2].Metadata["image/png"].(map[string]int); !ok || w["width"] != 624 {
		t.Errorf("the width of a figure is lost: %v", k.shown[2].Metadata)
	}
}

// TestSessionKeepsWhatIsShown: in a notebook's session the outputs stand in its journal, pictures in the form for print too.
func TestSessionKeepsWhatIsShown(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("GONB_TMP_DIR", dir)
	k := &kernel{t: t}
	with(t, k.screen())
	Show(steertest.NewModel().Predict("The capital of France is"), drawn{}, "a remark")
	cells, err := journal.Journal{Folder: filepath.Join(dir, "neuronsteer", "journal")}.Read()
	if err != nil || len(cells) != 1 || len(cells[0].Entries) != 3 {
		t.Fatalf("%+v, %v", cells, err)
	}
	e := cells[0].Entries
	if !strings.Contains(e[0].HTML, "<table") || e[0].Origin.Type != "PredictTask" || string(e[1].SVG) != "<svg/>" || e[1].Text != "Layer 1 carries it all." || e[2].Text != "a remark" {
		t.Errorf("%+v", e)
	}
	// The same cell, changed and run again, has its last outputs alone.
	for _, code := range []string{"a", "b"} {
		if err := (journal.Running{ID: "cell-1", Code: code}).Write(dir); err != nil {
			t.Fatal(err)
		}
		with(t, k.screen())
		Show("shown by " + code)
	}
	cells, err = journal.Journal{Folder: filepath.Join(dir, "neuronsteer", "journal")}.Read()
	if err != nil || len(cells) != 2 || len(cells[1].Entries) != 1 || cells[1].Code != "b" || cells[1].Entries[0].Text != "shown by b" {
		t.Errorf("%+v, %v", cells, err)
	}
	k.shown = k.shown[:3]
	// A folder that cannot be had takes nothing from the cell.
	t.Setenv("GONB_TMP_DIR", filepath.Join(dir, "none"))
	if err := os.WriteFile(filepath.Join(dir, "none"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	with(t, k.screen())
	Show("shown all the same")
	if len(k.shown) != 4 {
		t.Errorf("%d outputs", len(k.shown))
	}
}

// drawn is a figure that has a form for print.
type drawn struct{ fakeFigure }

func (drawn) SVG() ([]byte, error) { return []byte("<svg/>"), nil }

// TestCellIsWhatMainDoes: the code of a cell is found in the file that the kernel makes of all.
func TestCellIsWhatMainDoes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, []byte("package main\n\nvar x = 1\n\nfunc main() {\n\tflag.Parse()\n\tif x > 0 {\n\t\tnb.Show(x)\n\t}\n}\n\nfunc f() {\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, want := (site{file, 1}).cell(), "if x > 0 {\n\tnb.Show(x)\n}"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := (site{"no such file", 1}).cell(); got != "" {
		t.Errorf("of no file: %q", got)
	}
}

// TestPlanIsNoSource: the plan that the line of progress has asked for is not what an output was made of.
func TestPlanIsNoSource(t *testing.T) {
	k := &kernel{t: t}
	with(t, k.screen())
	ask := steertest.NewModel().Predict("The capital of France is")
	Show(ask.Plan(), ask)
	if got := origin(t, k.shown[1]).Sources; len(origin(t, k.shown[0]).Sources) != 0 || len(got) != 1 || got[0].Kind != "predict" {
		t.Errorf("the sources are %+v", got)
	}
}

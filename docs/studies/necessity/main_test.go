package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const behaviorsFile = "../../../testdata/teaching/behaviors.json"

// TestRead: all behaviors in the order of the file, each in two halves that share nothing.
func TestRead(t *testing.T) {
	bs, err := read(behaviorsFile)
	if err != nil || len(bs) != 28 || bs[0].name != "agreement" || bs[27].name != "translate" {
		t.Fatal(len(bs), err)
	}
	for _, b := range bs {
		found, tested := b.halves()
		if found.Len()+tested.Len() != len(b.examples) || tested.Len()-found.Len() > 1 || found.Len() < 1 {
			t.Errorf("%s: halves of %d and %d of %d", b.name, found.Len(), tested.Len(), len(b.examples))
		}
		if e := found.All()[0]; e != b.examples[0] || e.Prompt == "" || e.Target == "" || e.Versus == "" {
			t.Errorf("%s: %+v", b.name, e)
		}
	}
}

func TestReadMistakes(t *testing.T) {
	for text, says := range map[string]string{
		`{`:                      "unexpected end",
		`{}`:                     "holds no behaviors",
		`{"behaviors":[]}`:       "no JSON object",
		`{"behaviors":{"a":{}}}`: "a has 0 examples",
		`{"behaviors":{"a":{"examples":[{"prompt":"I"}]}}}`: "a has 1 examples",
		`{"behaviors":{"a":7}}`:                             "cannot unmarshal",
	} {
		path := filepath.Join(t.TempDir(), "b.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := read(path); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// TestNecessity runs one behavior that the model has and one that it has not, on the teaching model.
func TestNecessity(t *testing.T) {
	bs, err := read(behaviorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var two []behavior
	for _, b := range bs {
		if b.name == "agreement" || b.name == "addition" {
			two = append(two, b)
		}
	}
	var w bytes.Buffer
	if err := write(t.Context(), &w, "teaching", two, test{k: 20, controls: 20}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"| agreement | 6 | 7 | 100 → 0 % | +7.79 |", "| addition | 6 | 7 | 29 → ", "p = (1 + #{random at least as large in size}) / (20 + 1)"} {
		if !strings.Contains(w.String(), s) {
			t.Errorf("%q is missing in\n%s", s, w.String())
		}
	}
	lines := strings.Split(w.String(), "\n")
	if at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "| agreement |") }); !strings.HasSuffix(lines[at], "| 0 | 0.048 | yes |") {
		t.Errorf("agreement: %s", lines[at])
	}
}

// TestTable: the committed table holds what the program prints of one behavior today.
func TestTable(t *testing.T) {
	if testing.Short() {
		t.Skip("100 controls take seconds")
	}
	bs, err := read(behaviorsFile)
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	var w bytes.Buffer
	if err := write(t.Context(), &w, "teaching", bs[:1], test{k: 20, controls: 100}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(w.String()) {
		if strings.HasPrefix(line, "| ") && !strings.Contains(string(table), line) {
			t.Errorf("the committed table lacks %s", line)
		}
	}
}

package main

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
)

const behaviorsFile = "../../../" + behaviors.Teaching

// TestNecessity runs one behavior that the model has and one that it has not, on the teaching model.
func TestNecessity(t *testing.T) {
	bs, err := behaviors.Read(behaviorsFile)
	if err != nil {
		t.Fatal(err)
	}
	var two []behaviors.Behavior
	for _, b := range bs {
		if b.Name == "agreement" || b.Name == "addition" {
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
	bs, err := behaviors.Read(behaviorsFile)
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

// TestDocCounts: what the package doc of steer says of the nulls is what the committed table says.
func TestDocCounts(t *testing.T) {
	table, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("../../../steer/doc.go")
	if err != nil {
		t.Fatal(err)
	}
	counts := regexp.MustCompile(`(?m)^(\d+) of (\d+)\b`).FindAllStringSubmatch(string(table), -1)
	if len(counts) != 3 {
		t.Fatalf("the table counts %v", counts)
	}
	all, equal := counts[0], counts[2]
	says := "of " + all[2] + " circuits of the teaching model " + all[1] + " do more than every random one when they are set to zero, and " + equal[1] + " more than every equally active one"
	if text := strings.Join(strings.Fields(strings.ReplaceAll(string(doc), "\n//", "\n")), " "); !strings.Contains(text, says) {
		t.Errorf("the doc does not say: %s", says)
	}
}

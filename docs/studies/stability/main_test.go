package main

import (
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestTable: the committed table has a row for each behavior, and holds what the program prints of one today.
func TestTable(t *testing.T) {
	committed, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	calibrated, err := os.ReadFile("../calibrate/teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	bs, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range bs {
		if !strings.Contains(string(committed), "\n| "+b.Name+" | ") || strength(string(calibrated), b.Name) == "" {
			t.Errorf("%s is not in both tables", b.Name)
		}
	}
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	v, err := analyze(t.Context(), steer.New("teaching", r), bs[0])
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(table{{bs[0].Name, v, strength(string(calibrated), bs[0].Name)}}.String()) {
		if strings.HasPrefix(line, "| ") && !strings.Contains(string(committed), line) {
			t.Errorf("the committed table lacks %s", line)
		}
	}
}

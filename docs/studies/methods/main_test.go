package main

import (
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/studytest"
	"github.com/neuronsteer/neuronsteer/steer"
	"github.com/neuronsteer/neuronsteer/steer/local"
)

// TestDoc: what the package doc of steer says of methods and of stability are sentences of the committed tables, five at most with what
// follows from them.
func TestDoc(t *testing.T) {
	if n := studytest.Quoted(t, "(docs/studies/methods and docs/studies/stability compute these numbers.)", "teaching.md", "smollm2.md", "../stability/teaching.md"); n > 5 {
		t.Errorf("the package doc says %d sentences of methods and stability, want five or fewer", n)
	}
}

// TestTable: the committed table of the teaching model holds what the program prints of one behavior today, and RelP's
// correlation stands in it beside the anchor's.
func TestTable(t *testing.T) {
	if testing.Short() {
		t.Skip("a thousand neurons take seconds")
	}
	committed, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	r, err := local.NewRunner("teaching")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	p := plans["teaching"]
	p.behaviors = p.behaviors[:1]
	c, err := p.run(t.Context(), steer.New("teaching", r), "../../..", p.behaviors[0])
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(table{"teaching", p, []compared{{p.behaviors[0], c}}}.String()) {
		if strings.HasPrefix(line, "| ") {
			rows++
			if !strings.Contains(string(committed), line) {
				t.Errorf("the committed table lacks %s", line)
			}
		}
	}
	if rows != 8 {
		t.Errorf("%d rows, want a head and seven methods", rows)
	}
}

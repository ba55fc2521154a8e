package main

import (
	"os"
	"strings"
	"testing"

	"github.com/neuronsteer/neuronsteer/docs/studies/behaviors"
	"github.com/neuronsteer/neuronsteer/docs/studies/studytest"
)

// TestDocQuotes: what the package doc of steer says of strengths is what the committed table says.
func TestDocQuotes(t *testing.T) {
	if n := studytest.Quotes(t, "teaching.md"); n != 1+len(budgets) {
		t.Fatalf("the table says %d sentences", n)
	}
}

// TestTable: the committed table holds what the program prints of one behavior today, and its every strength is within the budget.
func TestTable(t *testing.T) {
	all, err := behaviors.Read("../../../" + behaviors.Teaching)
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile("teaching.md")
	if err != nil {
		t.Fatal(err)
	}
	s, err := measure(t.Context(), "teaching", all[:1], 20)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(s.String()) {
		if strings.HasPrefix(line, "| ") {
			if rows++; !strings.Contains(string(table), line) {
				t.Errorf("the committed table lacks %s", line)
			}
		}
	}
	if rows != 1+2 {
		t.Errorf("%d rows", rows)
	}
	for _, r := range s.rows {
		for i, c := range r.found {
			if !within(c, budgets[i]) {
				t.Errorf("%s, %g nats: %v", r.behavior, budgets[i], c)
			}
		}
	}
	if !strings.Contains(strings.Join(s.words(), " "), "in 6 of 6 cases") {
		t.Error(s.words())
	}
}
